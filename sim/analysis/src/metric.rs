//! Metrics and their values in runs.

pub use recsafe_stats::{Direction, MetricFacts};

/// One metric of one group in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// The run's arm.
    pub arm: String,
    /// The run's sweep point; 0 without a sweep.
    pub point: u32,
    /// The run's seed.
    pub seed: u64,
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
    /// Its value in the metric's unit; `None` if undefined in this run.
    pub value: Option<f64>,
}
