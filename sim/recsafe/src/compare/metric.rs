//! What is compared: a metric's facts, and its values in the runs.

use recsafe_stats::Bounds;

pub use crate::measure::metrics::Direction;
use crate::measure::metrics::bounds;

/// What the catalogue says of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricFacts {
    /// Its name in files and commands.
    pub id: String,
    /// A short name for people.
    pub title: String,
    /// Its family.
    pub family: String,
    /// Its unit.
    pub unit: String,
    /// Which way it improves.
    pub direction: Direction,
    /// The group that is shown unless another is asked for.
    pub default_group: String,
}

impl MetricFacts {
    /// The values that it can have.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        bounds(&self.unit)
    }
}

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
