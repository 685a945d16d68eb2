//! `first-exposure-median`: first day by which half of the accounts have had a harmful view.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Ratio};

/// Null if half of them have not had one within the days measured.
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
            formula: "first day by which half of the accounts have had a harmful view",
            reading: "Null if half of them have not had one within the days measured.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let mut firsts: Vec<i32> = cut.accounts().filter_map(|(_, first)| first).collect();
        firsts.sort_unstable();
        let half = (cut.members() / 2.0).ceil() as usize;
        firsts.get(half.max(1) - 1).map_or(Ratio::UNDEFINED, |&day| Ratio::of(f64::from(day), 1.0))
    }
}
