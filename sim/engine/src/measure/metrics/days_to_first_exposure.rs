//! `days-to-first-exposure`: area under the Kaplan-Meier curve of days without a harmful view, up to the last measured day.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How long an account stays untouched, on average, within the days measured.
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
            formula: "area under the Kaplan-Meier curve of days without a harmful view, up to the last measured day",
            reading: "How long an account stays untouched, on average, within the days measured.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let untouched: f64 = cut.accounts().map(|(_, first)| first.map_or(cut.days() as f64, f64::from)).sum();
        Ratio::of(untouched, cut.members()) // all are watched from day 0 to the end: the area is a mean
    }
}
