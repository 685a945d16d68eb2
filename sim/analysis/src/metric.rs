//! What is compared: a metric's facts, and its values in the runs.

pub use recsafe_stats::{Direction, MetricFacts};

/// One metric of one group in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// The run's arm.
    pub arm: String,
    /// The run's sweep point; 0 where nothing is swept.
    pub point: u32,
    /// The run's seed.
    pub seed: u64,
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
    /// Its value in the metric's unit; `None` where undefined in this run.
    pub value: Option<f64>,
}
