//! `[graph]`: whom accounts follow at the start.

use recsafe_common::{choices, settings};

choices! {
    /// Model that generates the initial follows.
    pub enum Growth {
        /// Random walks inside and between communities that differ in age.
        Communities = "communities",
        /// Every account follows accounts drawn uniformly at random. Their number is log-normal.
        Uniform = "uniform",
        /// Accounts arrive one by one. Each follows a random account, and then followees of that
        /// account or random accounts.
        RandomWalk = "random-walk",
    }
}

settings! {
    /// Whom accounts follow at the start. The default is a random-walk growth model inside and
    /// between communities that differ in age.
    pub struct Graph {
        /// Model that generates the initial follows. `uniform` uses `follows` and `follows_log_sd`.
        /// `random-walk` uses `follows` (as the number for every account) and `walk_probability`.
        /// Neither has communities or follow-backs.
        @checks pub growth: Growth = Growth::Communities, (), "", "assumed";
        /// Mean number of accounts in a community.
        pub community_size: u32 = 80, 2..=100_000, "accounts", "assumed";
        /// How evenly minors are spread over communities. The share of minors in a community is
        /// Beta(m k, (1 - m) k). Here k is this setting, and m is the overall share of minors. At
        /// small k, each community has one age group. At large k, all communities have the same
        /// share of minors.
        pub age_mixing: f64 = 0.6, 0.01..=1000.0, "k of the Beta distribution", "assumed";
        /// Mean number of accounts that an account follows.
        pub follows: f64 = 20.0, 0.0..=2000.0, "accounts", "assumed";
        /// Log standard deviation of the number of accounts that an account follows. At 0, all
        /// accounts follow equally many.
        pub follows_log_sd: f64 = 0.8, 0.0..=3.0, "log units", "assumed";
        /// Probability that a new follow stays inside the account's community.
        pub follow_inside: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Probability that a follow outside the community copies a followee of a random account
        /// rather than picking a random account.
        pub copy_probability: f64 = 0.7, 0.0..=1.0, "probability", "assumed; growth by copying: Kleinberg et al. 1999, Vazquez 2003";
        /// Probability that an account also follows each followee of a new followee. Under
        /// `random-walk`: the probability that a later followee is one of the first followee's
        /// followees rather than a random account.
        pub walk_probability: f64 = 0.3, 0.0..=1.0, "probability", "assumed; random-walk growth: Vazquez 2003";
        /// Probability that an account follows back a follower from the same community.
        pub follow_back_inside: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability that an account follows back a follower from another community.
        pub follow_back_outside: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// Mean number of minors that a contacting predator follows at the start.
        pub minors_followed_by_predators: f64 = 8.0, 0.0..=500.0, "accounts", "assumed";
        /// Mean number of exchange accounts that an exchange account follows at the start.
        pub exchange_links: f64 = 3.0, 0.0..=500.0, "accounts", "assumed";
    }
}
