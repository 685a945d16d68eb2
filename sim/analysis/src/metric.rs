//! Metrics and their values in runs.

use recsafe_config::manifest::RunEntry;
use recsafe_stats::rows::GroupValue;
pub use recsafe_stats::{Direction, MetricFacts};

/// Value of one metric for one group in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// The run's arm.
    pub arm: String,
    /// The run's sweep point; 0 if there is no sweep.
    pub point: u32,
    /// The run's seed.
    pub seed: u64,
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
    /// The value in the metric's unit; `None` if undefined in this run.
    pub value: Option<f64>,
}

impl MetricValue {
    /// Returns a run's values, made from the rows of its table of metrics.
    pub fn of_run(run: &RunEntry, rows: Vec<GroupValue>) -> impl Iterator<Item = MetricValue> {
        rows.into_iter().map(|GroupValue { metric, group, value }| MetricValue {
            arm: run.arm.clone(),
            point: run.point,
            seed: run.seed,
            metric,
            group,
            value,
        })
    }
}
