//! `[behavior.reshare_one]`: the settings of the behaviour `reshare-one`.

use recsafe_common::settings;

settings! {
    /// Acts in the place of visits: at each, an account posts, or reshares one post of its feed, drawn in proportion to appeal times
    /// shares times exp(-`decay` age^`decay_power`). Shares are those by which the post came into the account's inbox, and its age is the days since
    /// it last came; a post that comes from another source counts as shared once, and as old as it is. What is posted or reshared is
    /// in the followers' inboxes the day after, where there are any: `feed.quotas.inbox` must be above 0. (Truong et al. 2024, PNAS Nexus 3(7); Truong et al. 2025, arXiv 2502.08841.)
    pub struct Resharing {
        /// Fewest acts a day, the lower end of the power law.
        pub least_acts: f64 = 0.2, 0.0001..=100.0, "acts a day", "Truong et al. 2025";
        /// Exponent of the power law of acts a day between accounts: density in proportion to a^-this. An account of a < 1 acts with probability a a day, others the next whole number of times.
        pub acts_power: f64 = 2.85, 1.1..=20.0, "exponent", "Truong et al. 2025";
        /// Most acts a day of any account; the power law is cut there.
        pub most_acts: f64 = 1000.0, 1.0..=10_000.0, "acts a day", "assumed; 10,000 accounts with the defaults come to 43";
        /// Probability that an act is a post, not a reshare.
        pub posts: f64 = 0.5, 0.0..=1.0, "probability", "Truong et al. 2024";
        /// Appeal of a post is 1 - (1 - u)^(1 / this), u uniform: Beta(1, this). The larger, the fewer posts appeal.
        pub appeal: f64 = 5.0, 0.01..=100.0, "parameter", "Truong et al. 2024";
        /// Weight of age.
        pub decay: f64 = 0.4, 0.0..=100.0, "", "Truong et al. 2025";
        /// Power of age.
        pub decay_power: f64 = 0.4, 0.0..=10.0, "exponent", "Truong et al. 2025";
    }
}
