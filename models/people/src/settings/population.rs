//! `[population]`: who there is.

use recsafe_common::settings;

use super::{Bots, GraphFile, InteractionsFile};

settings! {
    /// Who there is: how many accounts, which share of them are minors and predators, and their true and stated ages.
    pub struct Population {
        /// Number of accounts, probes not counted. Where a file says who there is, it may be left out; if it is said, it must be the file's number.
        pub accounts: u32 = 20_000, 10..=100_000_000, "accounts", "assumed";
        /// Share of accounts whose holder is under 18.
        pub minors: f64 = 0.12, 0.0..=1.0, "share of accounts", "assumed";
        /// Share of accounts whose holder is an adult with harmful intent. Kept small; demonstration worlds use more of them so that little luck is needed to see an effect.
        pub predators: f64 = 0.002, 0.0..=1.0, "share of accounts", "assumed";
        /// Automated accounts.
        @checks pub bots: Bots = Bots::default(), (), "", "none in the default world";
        /// Whom accounts follow at the start, from a file.
        pub graph: GraphFile = GraphFile::default(), (), "", "none in the default world";
        /// What accounts liked before the start, from a file.
        pub interactions: InteractionsFile = InteractionsFile::default(), (), "", "none in the default world";
        /// Seed of the population, graph and traits, if it shall stay the same under every seed of the experiment.
        pub seed: Option<u64> = None, 0.0..=9.0e15, "", "the run's seed";
        /// Shares of minors who are under 13, 13 to 15, 16 to 17; they add to 1.
        pub bands: Vec<f64> = vec![0.30, 0.40, 0.30], 0.0..=1.0, "share of minors", "assumed, together with the stated tables, so that Ofcom and Yonder Consulting 2022 is met";
        /// What those under 13 state: shares of under 13, 13 to 15, 16 to 17, 18 or over; they add to 1.
        pub declared_under_13: Vec<f64> = vec![0.20, 0.40, 0.17, 0.23], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// What those of 13 to 15 state, likewise.
        pub declared_13_15: Vec<f64> = vec![0.0, 0.48, 0.21, 0.31], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// What those of 16 and 17 state, likewise.
        pub declared_16_17: Vec<f64> = vec![0.0, 0.0, 0.58, 0.42], 0.0..=1.0, "share of the band", "Ofcom and Yonder Consulting, October 2022";
        /// Share of adults' accounts that are private.
        pub private_adults: f64 = 0.3, 0.0..=1.0, "share of adults", "assumed";
        /// Share of minors' accounts that are private.
        pub private_minors: f64 = 0.4, 0.0..=1.0, "share of minors", "assumed";
        /// From whom accounts take messages: shares of everyone, followers, mutual follows; they add to 1.
        pub messages: Vec<f64> = vec![0.7, 0.2, 0.1], 0.0..=1.0, "share of accounts", "assumed";
    }
}
