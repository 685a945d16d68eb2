//! `queue-wait-median` and `queue-wait-p95`: days from the arrival of an item to its decision.

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Waiting time for a decision, as a quantile.
pub struct QueueWait {
    quantile: f64,
    info: &'static Info,
}

const MEDIAN: Info = Info {
    id: "queue-wait-median",
    title: "Wait for review, median",
    family: "enforcement",
    unit: "days",
    direction: Direction::LowerIsBetter,
    default_group: "all",
    formula: "median number of days from an item's arrival to its decision. Items without a decision do not count.",
    reading: "Half of the decisions are made within this number of days. 0: the decision is made on the day of arrival.",
    ..Info::BASE
};
const P95: Info = Info {
    id: "queue-wait-p95",
    title: "Wait for review, 95 % quantile",
    formula: "95 % quantile of the number of days from an item's arrival to its decision. Items without a decision do not count.",
    reading: "95 % of the decisions are made within this number of days.",
    ..MEDIAN
};
/// Metric of the median.
pub const MEDIAN_WAIT: QueueWait = QueueWait { quantile: 0.5, info: &MEDIAN };
/// Metric of the 95 % quantile.
pub const LONG_WAIT: QueueWait = QueueWait { quantile: 0.95, info: &P95 };

impl Metric for QueueWait {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn groups(&self) -> Vec<String> {
        vec!["all".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let queue = period.queue();
        let mut below = 0;
        let wanted = self.quantile * queue.decided as f64;
        let waited = queue.waits.iter().find(|&(_, &count)| {
            below += count;
            below as f64 >= wanted
        });
        let ratio = waited.map_or(Ratio::UNDEFINED, |(&days, _)| Ratio::of(f64::from(days), 1.0));
        vec![("all".to_owned(), ratio)]
    }
}
