//! `removal-wave`: on one day, many exchange accounts are removed at once.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::Day;
use recsafe_common::settings;

use super::{Intervention, Wave};

settings! {
    /// On one day an investigation from outside hands the platform a list, and whoever is on it is removed: a share of the exchange accounts,
    /// and by mistake some whom they know. Coverage and efficacy lower what is found.
    pub struct RemovalWave {
        /// The day; measured days count from 0.
        pub day: i32 = 7, 0..=3650, "day", "assumed";
        /// Share of the exchange accounts found.
        pub share: f64 = 0.7, 0.0..=1.0, "share of exchange accounts", "assumed";
        /// Probability that an account is taken for one of them which follows, and is followed by, one that was found.
        pub false_positive_rate: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
    }
}

impl Described for RemovalWave {
    const TITLE: &'static str = "Wave of removals";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["wave"];
}

impl Intervention for RemovalWave {
    fn wave(&self, day: Day) -> Option<Wave> {
        (day == self.day).then_some(Wave { share: self.share, mistaken: self.false_positive_rate })
    }
}
