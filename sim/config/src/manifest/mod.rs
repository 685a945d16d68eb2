//! What a results folder says of itself: which experiment was run, with which settings, by which runs. Plain data, as `manifest.json` has it;
//! the file itself is read, checked and written by the crate of results.

mod arm;
mod experiment;
mod present;
mod run;

use std::collections::{BTreeMap, BTreeSet};

use recsafe_stats::MetricFacts;
use serde::{Deserialize, Serialize};

pub use arm::ArmEntry;
pub use experiment::{ExperimentEntry, OutputEntry, PointEntry};
pub use present::under_present_names;
pub use run::{COPIED, DONE, RunEntry, WarmUpEntry};

/// What a results folder holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that wrote it; empty in the earlier layout.
    #[serde(default)]
    pub program: String,
    /// The layout of the folder; 0 in the earlier one.
    #[serde(default)]
    pub layout: u32,
    /// What was asked.
    #[serde(deserialize_with = "present::experiment")]
    pub experiment: ExperimentEntry,
    /// The words that make the same runs again: the file and what was changed of it; empty where another program asked.
    #[serde(default)]
    pub command: String,
    /// Version of the program.
    pub version: String,
    /// Hash over the plan: of all runs.
    pub hash: String,
    /// Impressions an account and measured day, over all finished runs.
    pub impressions_per_account_day: Option<f64>,
    /// SHA-256 of each table of the whole experiment.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// SHA-256 of the experiment file and of the files that it names, by their path in `experiment/`.
    #[serde(default)]
    pub inputs: BTreeMap<String, String>,
    /// The arms.
    pub arms: Vec<ArmEntry>,
    /// Finished warm-ups.
    pub warm_ups: Vec<WarmUpEntry>,
    /// Finished runs, in the order of the plan.
    pub runs: Vec<RunEntry>,
    /// Finished runs that were made for another plan, under the names that they had there. They are left out of everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<RunEntry>,
    /// What each metric is, in the order of tables; none where an earlier version made the folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricFacts>,
}

impl Default for Manifest {
    fn default() -> Self {
        Manifest {
            program: Manifest::PROGRAM.to_owned(),
            layout: Manifest::LAYOUT,
            experiment: ExperimentEntry::default(),
            command: String::new(),
            version: String::new(),
            hash: String::new(),
            impressions_per_account_day: None,
            files: BTreeMap::new(),
            inputs: BTreeMap::new(),
            arms: Vec::new(),
            warm_ups: Vec::new(),
            runs: Vec::new(),
            others: Vec::new(),
            metrics: Vec::new(),
        }
    }
}

impl Manifest {
    /// The program that a manifest names.
    pub const PROGRAM: &str = "recsafe";

    /// The present layout of a results folder. Version 0.1.0 wrote none into its manifests.
    pub const LAYOUT: u32 = 2;

    /// Whether it is of the layout of version 0.1.0, in which runs were kept by arm, point and seed.
    #[must_use]
    pub fn is_earlier(&self) -> bool {
        self.layout == 0
    }

    /// The same, as the present layout has it.
    #[must_use]
    pub fn in_present_layout(self) -> Manifest {
        Manifest { program: Manifest::PROGRAM.to_owned(), layout: Manifest::LAYOUT, ..self }
    }

    /// Arm, point and seed of every finished run.
    #[must_use]
    pub fn finished(&self) -> BTreeSet<(&str, u32, u64)> {
        self.runs.iter().map(|run| (run.arm.as_str(), run.point, run.seed)).collect()
    }

    /// The finished run of an arm, point and seed.
    #[must_use]
    pub fn run(&self, arm: &str, point: u32, seed: u64) -> Option<&RunEntry> {
        self.runs.iter().find(|run| run.arm == arm && run.point == point && run.seed == seed)
    }
}
