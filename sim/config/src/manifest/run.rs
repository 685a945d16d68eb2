//! What the manifest says of runs and of the warm-ups before them.

use std::collections::BTreeMap;

use recsafe_common::ids::Day;
use serde::{Deserialize, Serialize};

/// One warm-up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WarmUpEntry {
    /// Its seed.
    pub seed: u64,
    /// Hash of the world and the settings it was warmed up with.
    pub world: String,
    /// Posts put into slates.
    pub impressions: u64,
    /// Seconds for generating people and follows.
    pub generation_s: f64,
    /// Seconds of the days, without generation.
    pub wall_s: f64,
    /// Processor seconds, generation counted.
    pub cpu_s: f64,
    /// Seconds by phase of the day.
    #[serde(default)]
    pub phases_s: BTreeMap<String, f64>,
    /// The day that it last went on from, if it was interrupted and a checkpoint had been kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<Day>,
}

/// Status of a run that was simulated.
pub const DONE: &str = "done";

/// Status of a run whose files are those of another run, which the same settings and the same seed decide.
pub const COPIED: &str = "copied";

/// One run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunEntry {
    /// Its arm.
    pub arm: String,
    /// Its point.
    pub point: u32,
    /// Its seed.
    pub seed: u64,
    /// Hash of what decides it.
    pub hash: String,
    /// `done`, or `copied` where another run has the same hash: its files are the same, and took no time.
    pub status: String,
    /// Posts put into slates on measured days.
    pub impressions: u64,
    /// Impressions a second of wall time.
    pub impressions_per_s: f64,
    /// Seconds of the measured days.
    pub wall_s: f64,
    /// Processor seconds.
    pub cpu_s: f64,
    /// Seconds by phase of the day.
    #[serde(default)]
    pub phases_s: BTreeMap<String, f64>,
    /// Most memory that the whole program held so far.
    pub peak_bytes: u64,
    /// The day that it last went on from, if it was interrupted and a checkpoint had been kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<Day>,
    /// Days on which each rule of its arm applied, in the order of the rules; none where an earlier version made the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_applied: Option<Vec<(String, u64)>>,
    /// SHA-256 of each file.
    pub files: BTreeMap<String, String>,
    /// Whether its files are where the earlier layout had them.
    #[serde(skip)]
    pub earlier: bool,
}

impl RunEntry {
    /// The same run where the present layout has it.
    #[must_use]
    pub fn at_present_place(&self) -> RunEntry {
        RunEntry { earlier: false, ..self.clone() }
    }
}
