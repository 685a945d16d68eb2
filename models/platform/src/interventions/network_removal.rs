//! `network-removal`: removals spread along ties.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Intervention, Spread};

settings! {
    /// Sanctions spread along ties: on the day after an account was limited, suspended or removed, each account that it follows and that follows
    /// it back is removed with probability 1 - (1 - per_tie)^n, n the number of its ties to accounts that were sanctioned of late (this number
    /// is halved, and rounded down, every 30 days), if its own score is high enough. Ties say little of ordinary accounts, so some of these are removed by mistake.
    pub struct NetworkRemoval {
        /// Probability for each tie.
        pub per_tie: f64 = 0.3, 0.0..=1.0, "probability", "assumed";
        /// Account score that is needed beside it.
        pub min_score: f64 = 1.0, -10.0..=20.0, "standard deviations", "assumed";
    }
}

impl Described for NetworkRemoval {
    const TITLE: &'static str = "Network removal";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["spreads"];
}

impl Intervention for NetworkRemoval {
    fn spreads(&self) -> Option<Spread> {
        Some(Spread { per_tie: self.per_tie, least_signal: self.min_score })
    }
}
