//! What a metric is: all that those who read, compare and show its values must know of it.

use serde::{Deserialize, Serialize};

use crate::Bounds;

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

/// What a metric is. A results folder keeps it beside the values, so that these can be read without the program that made them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// The group that its id alone means.
    pub default_group: String,
    /// The constant by which the unit multiplies what was counted, such as 10,000 for "per 10,000 accounts"; else 1.
    pub factor: f64,
    /// How it is computed.
    pub formula: String,
    /// How to read it.
    pub reading: String,
    /// What it needs to have a value, in words; what every ordinary world has is left out.
    pub needed: Vec<String>,
    /// Names of the groups that it may have a value for.
    pub groups: Vec<String>,
    /// The version, or a digest of the code, of one that another crate registered; none for what comes with the program.
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
    /// The metric called `id`.
    #[must_use]
    pub fn find<'a, M: AsRef<MetricFacts>>(metrics: &'a [M], id: &str) -> Option<&'a MetricFacts> {
        metrics.iter().map(AsRef::as_ref).find(|facts| facts.id == id)
    }

    /// The values that it can have.
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
