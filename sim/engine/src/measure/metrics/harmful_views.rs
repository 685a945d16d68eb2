//! `harmful-views`: harmful views per 100,000 accounts per week.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Views of harmful posts by 100,000 accounts in one week.
pub struct HarmfulViews;

impl Metric for HarmfulViews {
    fn info(&self) -> &'static Info {
        &Info {
            id: "harmful-views",
            title: "Harmful views",
            family: "content",
            unit: "views per 100,000 accounts per week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            factor: 700_000.0,
            formula: "harmful views / account-days x 700,000",
            reading: "Views of harmful posts by 100,000 accounts of the group in one week.",
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        Ratio::of(window.sum(|counts| counts.harmful_views as f64), window.account_days())
    }
}
