//! `queue-length`: items that wait for review.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Items that wait for review at the end of a day.
pub struct QueueLength;

impl Metric for QueueLength {
    fn info(&self) -> &'static Info {
        &Info {
            id: "queue-length",
            title: "Length of the review queue",
            family: "enforcement",
            unit: "items",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            formula: "items in the review queue at the end of a day. The value is the mean over days. An item is one post or account. All reports about the same post or account belong to one item.",
            reading: "Number of posts and accounts that wait for review. The queue grows if more items arrive than are decided or closed.",
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
