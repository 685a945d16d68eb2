//! `days-to-first-exposure`: days until the first harmful view.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Mean number of days until the first harmful view, within the measured days.
pub struct DaysToFirstExposure;

impl Metric for DaysToFirstExposure {
    fn info(&self) -> &'static Info {
        &Info {
            id: "days-to-first-exposure",
            title: "Days to first exposure",
            family: "content",
            unit: "days",
            direction: Direction::HigherIsBetter,
            default_group: "minor",
            formula: "area under the Kaplan-Meier curve of days until the first harmful view, up to the last measured day. Only accounts that exist when day 0 begins are included.",
            reading: "Mean number of days until an account sees its first harmful post. For an account that sees no harmful post, the number of measured days is used. Compare only experiments of equal length.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let untouched: f64 = window.accounts().map(|(_, first)| first.map_or(window.days() as f64, f64::from)).sum();
        Ratio::of(untouched, window.members()) // every account is observed from day 0 to the end, so the area is a mean
    }
}
