//! Runs and warm-ups in the manifest.

use std::collections::BTreeMap;

use recsafe_common::ids::Day;
use serde::{Deserialize, Serialize};

/// A warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WarmUpEntry {
    /// Seed.
    pub seed: u64,
    /// Hash of the world and the settings of the warm-up.
    pub world: String,
    /// Number of impressions.
    pub impressions: u64,
    /// Seconds for generating people and follows.
    pub generation_s: f64,
    /// Seconds for the days, without generation.
    pub wall_s: f64,
    /// CPU seconds, including generation.
    pub cpu_s: f64,
    /// Seconds by phase of the day.
    #[serde(default)]
    pub phases_s: BTreeMap<String, f64>,
    /// Day from which the simulation was last resumed; `None` if the simulation was not interrupted
    /// or had no checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<Day>,
}

/// Status of a run that was simulated.
pub const DONE: &str = "done";

/// Status of a run whose files were copied from another run with the same settings and seed.
pub const COPIED: &str = "copied";

/// A run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Arm.
    pub arm: String,
    /// Point.
    pub point: u32,
    /// Seed.
    pub seed: u64,
    /// Hash of the run's inputs.
    pub hash: String,
    /// `done`, or `copied` if another run has the same hash. A copied run was not simulated: its
    /// files are the files of the other run.
    pub status: String,
    /// Number of impressions on measured days.
    pub impressions: u64,
    /// Impressions per second of wall time.
    pub impressions_per_s: f64,
    /// Seconds for the measured days.
    pub wall_s: f64,
    /// CPU seconds.
    pub cpu_s: f64,
    /// Seconds by phase of the day.
    #[serde(default)]
    pub phases_s: BTreeMap<String, f64>,
    /// Peak memory of the whole program so far.
    pub peak_bytes: u64,
    /// Day from which the run was last resumed; `None` if the run was not interrupted or had no
    /// checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<Day>,
    /// For each intervention of the arm, in order: number of days on which the intervention
    /// applied. `None` if an earlier version simulated the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_applied: Option<Vec<(String, u64)>>,
    /// SHA-256 of each file.
    pub files: BTreeMap<String, String>,
    /// Whether the run's files are stored as in the layout of version 0.1.0.
    #[serde(skip)]
    pub earlier: bool,
}

impl RunEntry {
    /// Returns the run with its files stored as in the current layout.
    #[must_use]
    pub fn at_present_place(&self) -> RunEntry {
        RunEntry { earlier: false, ..self.clone() }
    }
}
