//! `trusted-flaggers`: outside experts report accounts, and their reports are reviewed first.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Flaggers, Intervention};

settings! {
    /// Outside experts report violating accounts, and reviewers decide on their reports first.
    ///
    /// The experts correspond to the trusted flaggers of the EU's Digital Services Act (2022,
    /// article 22). The experts' reports leave less reviewer time for all other items. `audience`
    /// selects the accounts that the experts can report. Coverage times efficacy scales the number
    /// of reports.
    pub struct TrustedFlaggers {
        /// Reports per day and 10,000 accounts.
        pub reports: f64 = 1.0, 0.0..=1.0e4, "reports per day and 10,000 accounts", "assumed";
        /// Share of the reports that are about a violating account. The other reports are about
        /// accounts that do not violate the rules.
        pub precision: f64 = 0.9, 0.0..=1.0, "share of reports", "assumed";
    }
}

impl Described for TrustedFlaggers {
    const TITLE: &'static str = "Trusted flaggers";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["flaggers"];
}

impl Intervention for TrustedFlaggers {
    fn flaggers(&self) -> Option<Flaggers> {
        Some(Flaggers { reports: self.reports, precision: self.precision })
    }
}
