//! `[population]`: the accounts of the world.

use recsafe_common::settings;

use super::{Bots, GraphFile, InteractionsFile};

settings! {
    /// The accounts: how many there are, which shares of them are minors and predators, and their
    /// true and declared ages.
    pub struct Population {
        /// Number of accounts without probes. If a file lists the accounts, omit this setting or
        /// set it to the number in the file.
        pub accounts: u32 = 20_000, 10..=100_000_000, "accounts", "assumed";
        /// Share of accounts whose holder is under 18.
        pub minors: f64 = 0.12, 0.0..=1.0, "share of accounts", "assumed";
        /// Share of accounts whose holder is an adult with harmful intent. The default is small.
        /// Demonstration worlds use larger shares, so that effects show with fewer seeds.
        pub predators: f64 = 0.002, 0.0..=1.0, "share of accounts", "assumed";
        /// Automated accounts.
        @checks pub bots: Bots = Bots::default(), (), "", "none in the default world";
        /// A file with the initial follows.
        pub graph: GraphFile = GraphFile::default(), (), "", "none in the default world";
        /// A file with the likes before the start.
        pub interactions: InteractionsFile = InteractionsFile::default(), (), "", "none in the default world";
        /// Seed of the population, the graph and the traits, to keep them the same for all seeds of
        /// the experiment.
        pub seed: Option<u64> = None, 0.0..=9.0e15, "", "the run's seed";
        /// Shares of minors under 13, aged 13 to 15, and aged 16 and 17. They add up to 1.
        pub minor_age_bands: Vec<f64> = vec![0.30, 0.40, 0.30], 0.0..=1.0, "share of minors", "assumed, together with the tables of declared ages, to match Ofcom and Yonder Consulting 2022";
        /// Ages that minors under 13 declare: shares of under 13, 13 to 15, 16 to 17, and 18 or
        /// over. They add up to 1.
        pub declared_under_13: Vec<f64> = vec![0.20, 0.40, 0.17, 0.23], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// Ages that minors aged 13 to 15 declare: shares of under 13, 13 to 15, 16 to 17, and 18
        /// or over. They add up to 1.
        pub declared_13_15: Vec<f64> = vec![0.0, 0.48, 0.21, 0.31], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// Ages that minors aged 16 and 17 declare: shares of under 13, 13 to 15, 16 to 17, and 18
        /// or over. They add up to 1.
        pub declared_16_17: Vec<f64> = vec![0.0, 0.0, 0.58, 0.42], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// Share of adults' accounts that are private.
        pub private_adults: f64 = 0.3, 0.0..=1.0, "share of adults", "assumed";
        /// Share of minors' accounts that are private.
        pub private_minors: f64 = 0.4, 0.0..=1.0, "share of minors", "assumed";
        /// Whose messages accounts accept: shares of accounts that accept messages from everyone,
        /// from followers, and from mutual follows. They add up to 1.
        pub accepts_messages_from: Vec<f64> = vec![0.7, 0.2, 0.1], 0.0..=1.0, "share of accounts", "assumed";
    }
}
