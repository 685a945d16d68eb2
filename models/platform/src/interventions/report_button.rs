//! `report-button`: reporting is made easier, and what minors report comes first.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::{Priority, Review};

settings! {
    /// Reporting is made easier: those whom it reaches report twice as readily, what harms them as well as what they merely dislike. More
    /// reports mean more work for the same reviewers, and more mistakes.
    pub struct ReportButton {
        /// Readiness to report, as a multiple of what it was.
        pub report_rate_factor: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// Whether reports by accounts that state an age below 18, and about them, are worked off first.
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
