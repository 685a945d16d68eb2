//! The resolved experiment in the manifest.

use recsafe_stats::OutcomeName;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::table::Output;

/// The experiment. Unknown keys from other versions are kept, and missing keys are empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExperimentEntry {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Question.
    pub question: String,
    /// Measured days.
    pub days: u32,
    /// Days of warm-up.
    pub warm_up_days: u32,
    /// All seeds.
    pub seeds: Vec<u64>,
    /// The arm with which all other arms are compared.
    pub baseline: String,
    /// The harm outcome.
    pub harm: OutcomeName,
    /// The cost outcome.
    pub cost: OutcomeName,
    /// The relative change of the harm to aim for.
    pub target: Option<f64>,
    /// Names of the arms.
    pub arms: Vec<String>,
    /// Sweep points. If nothing is swept, there is one point without values.
    pub points: Vec<PointEntry>,
    /// Groups of probes, with the knobs of the version that wrote the manifest.
    pub probes: Vec<Json>,
    /// Records that a run keeps.
    pub output: OutputEntry,
    /// Unknown keys.
    #[serde(flatten)]
    pub others: Map<String, Json>,
}

/// A sweep point.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PointEntry {
    /// Number.
    pub point: u32,
    /// Value of each swept path.
    pub values: Map<String, Json>,
}

/// Records that a run keeps. Only settings that readers of the tables need are separate fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutputEntry {
    /// Share of accounts whose impressions are recorded.
    pub exposures: f64,
    /// Share of pairs of ordinary adults whose contacts are recorded.
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
