//! `harmful-views`: harmful views / (accounts x days) x 700,000.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How many harmful views 100,000 such accounts have in a week.
pub struct HarmfulViews;

impl Metric for HarmfulViews {
    fn info(&self) -> &'static Info {
        &Info {
            id: "harmful-views",
            title: "Harmful views",
            family: "content",
            unit: "views per 100,000 accounts a week",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            factor: 700_000.0,
            formula: "harmful views / (accounts x days) x 700,000",
            reading: "How many harmful views 100,000 such accounts have in a week.",
            moved_by: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        Ratio::of(cut.sum(|counts| counts.harmful_views as f64), cut.account_days())
    }
}
