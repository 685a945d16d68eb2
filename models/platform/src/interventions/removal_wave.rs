//! `removal-wave`: removes many exchange accounts on one day.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::Day;
use recsafe_common::settings;

use super::{Intervention, Wave};

settings! {
    /// On one day the platform removes a list of accounts that an outside investigation supplied.
    ///
    /// The list contains a share of the exchange accounts, which are predators who sell or buy in
    /// the exchange network. To model errors, the list also contains some mutual follows of these
    /// accounts. `audience` and `coverage` select the accounts that can be on the list. Efficacy is
    /// drawn once per account and never again. Values of `coverage` and `efficacy` below 1
    /// therefore shorten the list.
    pub struct RemovalWave {
        /// Day of the removal. Measured days are counted from 0.
        pub day: i32 = 7, 0..=3650, "day", "assumed";
        /// Share of all exchange accounts that is on the list.
        pub share: f64 = 0.7, 0.0..=1.0, "share of exchange accounts", "assumed";
        /// Probability that an account is listed by mistake if the account and a listed exchange
        /// account follow each other.
        pub false_positive_rate: f64 = 0.05, 0.0..=1.0, "probability", "assumed";
    }
}

impl Described for RemovalWave {
    const TITLE: &'static str = "Removal wave";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["wave"];
}

impl Intervention for RemovalWave {
    fn wave(&self, day: Day) -> Option<Wave> {
        (day == self.day).then_some(Wave { share: self.share, mistaken: self.false_positive_rate })
    }
}
