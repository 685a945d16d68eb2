//! `queue-length`: items that wait for review at the end of a day, mean over days.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// How much waits for review.
pub struct QueueLength;

impl Metric for QueueLength {
    fn info(&self) -> &'static Info {
        &Info {
            id: "queue-length",
            title: "Queue length",
            family: "enforcement",
            unit: "items",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            formula: "items in the review queue at the end of a day, mean over days; an item is a post or an account with all reports about it",
            reading: "How much waits for review. Length = items that came in - decisions - items closed.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let days = period.enforcement();
        let waiting: u64 = days.iter().map(|day| day.queue.waiting).sum();
        vec![("all".to_owned(), Ratio::of(waiting as f64, days.len() as f64))]
    }
}
