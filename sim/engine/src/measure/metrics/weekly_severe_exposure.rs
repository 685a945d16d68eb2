//! `weekly-severe-exposure`: accounts with at least one severe view in a week / accounts, mean over whole weeks.

use recsafe_scenario::Need;

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How many meet something severe at least once a week; null for less than 7 days.
pub struct WeeklySevereExposure;

impl Metric for WeeklySevereExposure {
    fn info(&self) -> &'static Info {
        &Info {
            id: "weekly-severe-exposure",
            title: "Weekly severe exposure",
            family: "content",
            unit: "share of accounts a week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "accounts with at least one severe view in a week / accounts, mean over whole weeks",
            reading: "How many meet something severe at least once a week; null for less than 7 days.",
            daily: false,
            needs: &[Need::Days(7)],
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let weeks = cut.weeks();
        let whole = cut.on(0..7 * weeks);
        Ratio::of(whole.sum(|counts| counts.severe_first as f64), cut.members() * weeks as f64)
    }
}
