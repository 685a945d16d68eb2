//! `dose`: severity seen per account and day.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Severity that an account sees per day.
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
            formula: "sum of the severity of every view / account-days",
            reading: "Harm that an account sees per day. Each view adds the severity of the viewed post (0 to 1). A value of 1 corresponds to one view per day of a post with severity 1.",
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        Ratio::of(window.sum(|counts| counts.dose), window.account_days())
    }
}
