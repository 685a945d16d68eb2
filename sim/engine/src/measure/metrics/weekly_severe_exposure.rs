//! `weekly-severe-exposure`: share of accounts with a severe view in a week.

use recsafe_scenario::Need;

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Share of accounts that see a severe post at least once a week. Null if fewer than 7 days are
/// measured.
pub struct WeeklySevereExposure;

impl Metric for WeeklySevereExposure {
    fn info(&self) -> &'static Info {
        &Info {
            id: "weekly-severe-exposure",
            title: "Weekly severe exposure",
            family: "content",
            unit: "share of accounts per week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "accounts with at least one severe view in a week / accounts. The value is the mean over complete weeks. Only accounts that exist when day 0 begins are included.",
            reading: "Share of accounts that see a severe post at least once a week. Null if fewer than 7 days are measured.",
            daily: false,
            needs: &[Need::Days(7)],
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let weeks = window.weeks();
        let whole = window.on(0..7 * weeks);
        Ratio::of(whole.sum(|counts| counts.severe_first as f64), window.members() * weeks as f64)
    }
}
