//! `report-button`: makes reporting easier, and can put items that concern minors first.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::{Priority, Review};

settings! {
    /// Reporting is easier, so users report more often, by default twice as often.
    ///
    /// The additional reports are about content that harms the users and about content that they
    /// only dislike. The number of reviewers stays the same, so the reviewers have more work and
    /// make more mistakes. `audience` and `coverage` select the reporter. Efficacy is drawn once
    /// per account and never again.
    pub struct ReportButton {
        /// Factor on the propensity to report: 1 has no effect, 0 stops reports by the selected
        /// accounts.
        pub report_rate_factor: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// Whether items that minors reported, or that are about minors' accounts, are reviewed
        /// first.
        pub minors_first: bool = false, (), "", "assumed";
    }
}

impl Described for ReportButton {
    const TITLE: &'static str = "Easier reporting";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["reporting", "reviews"];
}

impl Intervention for ReportButton {
    fn reporting(&self) -> f64 {
        self.report_rate_factor
    }

    fn reviews(&self, review: &mut Review, _: f64) {
        if self.minors_first {
            review.priority = Priority::Youth;
        }
    }
}
