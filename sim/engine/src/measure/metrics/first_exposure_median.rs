//! `first-exposure-median`: day by which half of the accounts had a harmful view.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Day by which half of the accounts had a harmful view. Null if fewer than half had such a view.
pub struct FirstExposureMedian;

impl Metric for FirstExposureMedian {
    fn info(&self) -> &'static Info {
        &Info {
            id: "first-exposure-median",
            title: "Median day of first exposure",
            family: "content",
            unit: "days",
            direction: Direction::HigherIsBetter,
            default_group: "minor",
            formula: "first day by which half of the accounts have had a harmful view. Only accounts that exist when day 0 begins are included.",
            reading: "Day by which half of the accounts have seen a harmful post, counted from day 0. Null if fewer than half have seen a harmful post by the last measured day.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let mut firsts: Vec<i32> = window.accounts().filter_map(|(_, first)| first).collect();
        firsts.sort_unstable();
        let half = (window.members() / 2.0).ceil() as usize;
        firsts.get(half.max(1) - 1).map_or(Ratio::UNDEFINED, |&day| Ratio::of(f64::from(day), 1.0))
    }
}
