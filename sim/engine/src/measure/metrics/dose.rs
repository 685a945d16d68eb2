//! `dose`: sum of severity over views / account-days until removal.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How much harm, weighed by severity, an account meets in a day.
pub struct Dose;

impl Metric for Dose {
    fn info(&self) -> &'static Info {
        &Info {
            id: "dose",
            title: "Dose of harm",
            family: "content",
            unit: "severity per account-day",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "sum of severity over views / account-days until removal",
            reading: "How much harm, weighed by severity, an account meets in a day.",
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        Ratio::of(cut.sum(|counts| counts.dose), cut.account_days())
    }
}
