//! `[graph]`: whom accounts follow at the start.

use recsafe_common::{choices, settings};

choices! {
    /// How follows come about at the start.
    pub enum Growth {
        /// Random walks inside and between communities that differ in age.
        Communities = "communities",
        /// Everybody follows uniformly random accounts, as many as a log-normal distribution says.
        Uniform = "uniform",
        /// Accounts come one by one; each follows a random account, and then that account's followees or random accounts.
        RandomWalk = "random-walk",
    }
}

settings! {
    /// Whom accounts follow at the start: by default a random-walk growth model inside and between communities that differ in age.
    pub struct Graph {
        /// How follows come about. `uniform` uses `follows` and `follows_log_sd`, `random-walk` uses `follows` (of every account) and `walk`; neither knows communities, and in neither is anybody followed back as such.
        @checks pub growth: Growth = Growth::Communities, (), "", "assumed";
        /// Mean size of a community.
        pub community: u32 = 80, 2..=100_000, "accounts", "assumed";
        /// How alike in age a community is: its minor share is Beta(m k, (1 - m) k) for an overall share m; small means communities of one age.
        pub age_mixing: f64 = 0.6, 0.01..=1000.0, "k of the Beta distribution", "assumed";
        /// Mean number of accounts that one follows.
        pub follows: f64 = 20.0, 0.0..=2000.0, "accounts", "assumed";
        /// Log standard deviation of the number that one follows.
        pub follows_log_sd: f64 = 0.8, 0.0..=3.0, "log units", "assumed";
        /// Probability that a new follow stays in one's own community.
        pub inside: f64 = 0.6, 0.0..=1.0, "probability", "assumed";
        /// Probability that a follow outside of the community copies a random account's followee instead of taking a random account.
        pub copy: f64 = 0.7, 0.0..=1.0, "probability", "assumed; growth by copying: Kleinberg et al. 1999, Vazquez 2003";
        /// Probability of following, with a new followee, each of its followees as well. Under `random-walk` the probability that a further follow is of a followee of the first account followed, not of a random account.
        pub walk: f64 = 0.3, 0.0..=1.0, "probability", "assumed; random-walk growth: Vazquez 2003";
        /// Probability of being followed back inside the community.
        pub back_inside: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability of being followed back from outside.
        pub back_outside: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
        /// Mean number of minors that a contacting predator follows at the start.
        pub followed_minors: f64 = 8.0, 0.0..=500.0, "accounts", "assumed";
        /// Mean number of exchange accounts that an exchange account follows at the start.
        pub exchange_links: f64 = 3.0, 0.0..=500.0, "accounts", "assumed";
    }
}
