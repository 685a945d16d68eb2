//! Description of a metric: everything that is needed to read, compare and show its values.

use serde::{Deserialize, Serialize};

use crate::Bounds;

/// Direction in which a metric improves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// A fall is an improvement.
    #[serde(rename = "lower")]
    LowerIsBetter,
    /// A rise is an improvement.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Neither direction is better as such.
    #[default]
    #[serde(rename = "neither")]
    Neither,
}

impl Direction {
    /// Returns the direction's word in tables and files: `lower`, `higher` or `neither`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::LowerIsBetter => "lower",
            Direction::HigherIsBetter => "higher",
            Direction::Neither => "neither",
        }
    }
}

/// Description of a metric. A results folder stores the description with the values. So the values
/// can be read without the program that produced them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MetricFacts {
    /// Name in files and commands.
    pub id: String,
    /// A short name for people.
    pub title: String,
    /// Family of the metric.
    pub family: String,
    /// Unit of the values.
    pub unit: String,
    /// Direction in which the metric improves.
    pub direction: Direction,
    /// Group that is used if only the id is given.
    pub default_group: String,
    /// Constant factor of the unit, such as 10,000 for "per 10,000 accounts"; otherwise 1.
    pub factor: f64,
    /// How the metric is computed.
    pub formula: String,
    /// How to read the metric.
    pub reading: String,
    /// Requirements on the world, in words. If a world does not meet these requirements, the metric
    /// has no value. Requirements that every ordinary world meets are omitted.
    pub needed: Vec<String>,
    /// Names of the groups for which the metric can have a value.
    pub groups: Vec<String>,
    /// Version of a metric that another crate registered, or a digest of the metric's code. `None`
    /// for built-in metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

impl Default for MetricFacts {
    fn default() -> Self {
        MetricFacts {
            id: String::new(),
            title: String::new(),
            family: String::new(),
            unit: String::new(),
            direction: Direction::Neither,
            default_group: "all".to_owned(),
            factor: 1.0,
            formula: String::new(),
            reading: String::new(),
            needed: Vec::new(),
            groups: Vec::new(),
            version: None,
        }
    }
}

impl MetricFacts {
    /// Returns the metric with this id.
    #[must_use]
    pub fn find<'a, M: AsRef<MetricFacts>>(metrics: &'a [M], id: &str) -> Option<&'a MetricFacts> {
        metrics.iter().map(AsRef::as_ref).find(|facts| facts.id == id)
    }

    /// Returns the bounds of the metric's values.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        Bounds::of_unit(&self.unit)
    }
}

impl AsRef<MetricFacts> for MetricFacts {
    fn as_ref(&self) -> &MetricFacts {
        self
    }
}
