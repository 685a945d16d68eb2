//! What is compared: a metric's facts, and its values in the runs.

use serde::{Deserialize, Serialize};

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// A fall is an improvement.
    #[serde(rename = "lower")]
    LowerIsBetter,
    /// A rise is an improvement.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Neither is better as such.
    #[default]
    #[serde(rename = "neither")]
    Neither,
}

impl Direction {
    /// The word that stands in tables and files: `lower`, `higher` or `neither`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::LowerIsBetter => "lower",
            Direction::HigherIsBetter => "higher",
            Direction::Neither => "neither",
        }
    }
}

/// What the catalogue says of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricFacts {
    /// Its name in files and commands.
    pub id: String,
    /// A short name for people.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// Which way it improves.
    pub direction: Direction,
    /// The group that is shown unless another is asked for.
    pub default_group: String,
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
