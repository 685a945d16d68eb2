//! `trusted-flaggers`: outside experts report what they find, and are heard first.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Flaggers, Intervention};

settings! {
    /// Outside experts look for accounts that violate and report them; what they report is decided on first (as for the trusted flaggers of
    /// the EU's Digital Services Act, 2022, article 22). They take reviewers' time from everything else. Reaches the account reported;
    /// coverage and efficacy scale the number of reports.
    pub struct TrustedFlaggers {
        /// Reports a day and 10,000 accounts.
        pub reports: f64 = 1.0, 0.0..=1.0e4, "reports a day per 10,000 accounts", "assumed";
        /// Share of them that are about accounts which violate.
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
