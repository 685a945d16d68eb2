//! What the manifest says of the experiment: what was asked, as resolved.

use recsafe_stats::OutcomeName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::table::Output;

/// What was asked. What another version wrote beside it is kept, and what it did not write is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentEntry {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The question.
    pub question: String,
    /// Measured days.
    pub days: u32,
    /// Days before them.
    pub warm_up_days: u32,
    /// Every seed.
    pub seeds: Vec<u64>,
    /// The arm that others are compared with.
    pub baseline: String,
    /// The declared harm.
    pub harm: OutcomeName,
    /// The declared cost.
    pub cost: OutcomeName,
    /// The relative change of the harm that is hoped for.
    pub target: Option<f64>,
    /// Names of the arms.
    pub arms: Vec<String>,
    /// Sweep points; one without values if nothing is swept.
    pub points: Vec<PointEntry>,
    /// Groups of probes, with the knobs that they have in the version that wrote them.
    pub probes: Vec<Json>,
    /// What a run keeps.
    pub output: OutputEntry,
    /// Whatever else is there.
    #[serde(flatten)]
    pub others: Map<String, Json>,
}

/// One sweep point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PointEntry {
    /// Its number.
    pub point: u32,
    /// Value of each swept path.
    pub values: Map<String, Json>,
}

/// What a run keeps, as far as a reader of its tables must know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutputEntry {
    /// Share of accounts whose impressions are kept.
    pub exposures: f64,
    /// Share of pairs of ordinary adults whose contacts are kept.
    pub contacts: f64,
    /// The other settings of `[output]`.
    #[serde(flatten)]
    pub others: Map<String, Json>,
}

impl From<&Output> for OutputEntry {
    fn from(output: &Output) -> Self {
        let Output { exposures, contacts, checkpoint_every } = output.clone();
        let others = [("checkpoint_every".to_owned(), Json::from(checkpoint_every))];
        OutputEntry { exposures, contacts, others: others.into_iter().collect() }
    }
}
