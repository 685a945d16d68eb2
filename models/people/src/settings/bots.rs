//! `[population.bots]`: automated accounts.

use recsafe_common::{choices, settings};

choices! {
    /// Who is led to follow bots.
    pub enum Targets {
        /// Anybody, with the same probability.
        Random = "random",
        /// The most followed first.
        Hubs = "hubs",
    }
}

settings! {
    /// Automated accounts that act as people do but make posts of a quality of their own: the bad actors of `SimSoM` (Truong et al. 2024,
    /// PNAS Nexus 3(7)). At the start
    /// they follow some of their kind and no person, and are followed by people whom they have infiltrated; then they visit people suggestions and follow
    /// as ordinary accounts do, unless `behavior.following` and `behavior.follow_creator` say that nobody does.
    pub struct Bots {
        /// Share of accounts that are bots.
        pub share: f64 = 0.0, 0.0..=0.9, "share of accounts", "none in the default world";
        /// Number of bots that a bot follows.
        pub followees: u32 = 3, 0..=1000, "accounts", "Truong et al. 2024";
        /// Infiltration: the probability that a person follows a bot, for each pair.
        pub infiltration: f64 = 0.01, 0.0..=1.0, "probability", "Truong et al. 2024, middle of the range";
        /// Whom they infiltrate. `hubs`: each bot the same number of people, the most followed ones.
        pub targets: Targets = Targets::Random, (), "", "Truong et al. 2024";
        /// Quality of their posts.
        pub quality: f64 = 0.0, 0.0..=1.0, "quality", "Truong et al. 2024";
        /// Deception: the probability that a post of theirs has the greatest appeal, 1 (`reshare-one` only).
        pub deception: f64 = 0.0, 0.0..=1.0, "probability", "Truong et al. 2024, at its lowest";
        /// Flooding: copies of each post that come into a follower's inbox, as if so many had shared it (`reshare-one` with inboxes only).
        pub flooding: u32 = 1, 1..=1000, "copies", "Truong et al. 2024, at its lowest";
    }
}
