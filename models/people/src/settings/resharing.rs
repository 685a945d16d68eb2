//! `[behavior.reshare_one]`: settings of the behaviour `reshare-one`.

use recsafe_common::settings;

settings! {
    /// Acts that replace sessions. In each act, an account makes a post or reshares one post of its
    /// feed. The account chooses the post with a probability proportional to appeal times shares
    /// times exp(-`decay` age^`decay_exponent`).
    ///
    /// For a post from the inbox, the number of shares is the number of deliveries to the account's
    /// inbox. The age is the number of days since the last delivery. For a post from another
    /// source, the number of shares is 1, and the age is the age of the post. Posts and reshares
    /// arrive in the followers' inboxes on the next day, which requires `feed.quotas.inbox` above
    /// 0. (Truong et al. 2024, PNAS Nexus 3(7); Truong et al. 2025, arXiv 2502.08841.)
    pub struct Resharing {
        /// Smallest mean number of acts per day that an account can have: the lower end of the
        /// power law.
        pub min_acts: f64 = 0.2, 0.0001..=100.0, "acts per day", "Truong et al. 2025";
        /// Exponent of the power law of acts per day between accounts. The density at a mean number
        /// a is proportional to a^-exponent. If a < 1, the account acts with probability a per day.
        /// Otherwise the account acts a times per day, rounded up.
        pub acts_exponent: f64 = 2.85, 1.1..=20.0, "exponent", "Truong et al. 2025";
        /// Maximum number of acts per day. Larger numbers from the power law are reduced to it.
        pub max_acts: f64 = 1000.0, 1.0..=10_000.0, "acts per day", "assumed; the maximum of 10,000 accounts with the defaults is 43";
        /// Probability that an act is a post rather than a reshare.
        pub post_probability: f64 = 0.5, 0.0..=1.0, "probability", "Truong et al. 2024";
        /// Shape of the appeal of posts: appeal is 1 - (1 - u)^(1 / shape) with u uniform, that is
        /// Beta(1, shape). The larger the shape, the fewer posts appeal.
        pub appeal_shape: f64 = 5.0, 0.01..=100.0, "parameter", "Truong et al. 2024";
        /// Weight of a post's age in the choice of the post to reshare. At 0, old and new posts are
        /// reshared alike.
        pub decay: f64 = 0.4, 0.0..=100.0, "", "Truong et al. 2025";
        /// Exponent of a post's age in the choice of the post to reshare.
        pub decay_exponent: f64 = 0.4, 0.0..=10.0, "exponent", "Truong et al. 2025";
    }
}
