//! `[population.bots]`: automated accounts.

use recsafe_common::{choices, settings};

choices! {
    /// Which people follow bots.
    pub enum Targets {
        /// Every person with the same probability.
        Random = "random",
        /// The most followed people first.
        Hubs = "hubs",
    }
}

settings! {
    /// Automated accounts that use the platform as people do, but with a separate quality of posts:
    /// the bad actors of `SimSoM` (Truong et al. 2024, PNAS Nexus 3(7)). At the start, bots follow
    /// other bots and no people, and infiltrated people follow bots. Later, bots visit people
    /// suggestions and follow accounts as ordinary accounts do, unless `behavior.following` and
    /// `behavior.follow_creator` are 0.
    pub struct Bots {
        /// Share of accounts that are bots.
        pub share: f64 = 0.0, 0.0..=0.9, "share of accounts", "none in the default world";
        /// Number of other bots that each bot follows.
        pub followees: u32 = 3, 0..=1000, "accounts", "Truong et al. 2024";
        /// Infiltration: the probability that a person follows a bot, for each pair of person and
        /// bot. At 0, nobody follows bots at the start.
        pub infiltration: f64 = 0.01, 0.0..=1.0, "probability", "Truong et al. 2024: middle of the range";
        /// Which people the bots infiltrate. `hubs`: each bot has the same number of followers,
        /// taken from the most followed people.
        pub targets: Targets = Targets::Random, (), "", "Truong et al. 2024";
        /// Quality of the bots' posts.
        pub quality: f64 = 0.0, 0.0..=1.0, "quality", "Truong et al. 2024";
        /// Deception: the probability that a bot's post has the maximum appeal of 1 (`reshare-one`
        /// only).
        pub deception: f64 = 0.0, 0.0..=1.0, "probability", "Truong et al. 2024: lowest value";
        /// Flooding: number of copies of each bot post that arrive in a follower's inbox, as if
        /// that many accounts had shared it (`reshare-one` with inboxes only).
        pub flooding: u32 = 1, 1..=1000, "copies", "Truong et al. 2024: lowest value";
    }
}
