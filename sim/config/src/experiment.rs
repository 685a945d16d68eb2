//! The experiment: a file, arguments and packages made into checked settings for every arm and point.

use std::sync::Arc;

use recsafe_common::setting::json;
use recsafe_import::FileRead;
use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::WorldSettings;
use recsafe_platform::settings::PolicySettings;
use recsafe_stats::design::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::registered::{self, METRICS, REGISTERED};
use crate::release::Release;
use crate::table::{About, Output};

/// Most runs of one experiment.
pub const MOST_RUNS: usize = 1_000_000;

/// Everything that decides what happens in one arm at one point, but for the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What the world is like.
    pub world: WorldSettings,
    /// What its operator decides.
    pub policy: PolicySettings,
    /// The files that the world comes from; empty if no setting names one.
    pub files: Arc<[FileRead]>,
}

impl Settings {
    /// World settings as JSON, and what is known of the world's files, by the last part of their settings: one side of what a run's hash is
    /// made of.
    #[must_use]
    pub fn world_json(&self) -> Json {
        let mut world = json(&self.world);
        if !self.files.is_empty() {
            world["imported"] = self.files.iter().map(FileRead::entry).collect();
        }
        world
    }

    /// Policy settings as JSON, interventions among them, and the versions of the registered kinds that they use: the other side.
    #[must_use]
    pub fn policy_json(&self) -> Json {
        let (mut policy, versions) = (json(&self.policy), registered::versions(&self.policy));
        if !versions.is_empty() {
            policy[REGISTERED] = versions.into();
        }
        policy
    }

    /// The settings that JSON holds, as [`Settings::world_json`] and [`Settings::policy_json`] write it; what files say of the world, and
    /// versions, are not in it.
    ///
    /// # Errors
    /// If a setting does not fit the type that it was declared with.
    pub fn of_json(world: &Json, policy: &Json) -> Result<Settings, serde_json::Error> {
        let (world, policy) = (WorldSettings::deserialize(world)?, PolicySettings::deserialize(policy)?);
        Ok(Settings { world, policy, files: Arc::default() })
    }
}

/// One arm: a name, and its settings at every point.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its settings, by point.
    pub points: Vec<Settings>,
}

/// How the points of a sweep were chosen, where they are not a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The method.
    pub method: Method,
    /// Seed of the method.
    pub seed: u64,
    /// Coordinates in [0, 1] of each point, one a swept path.
    pub rows: Vec<Vec<f64>>,
}

/// `[optimise]`: which policies are searched, and what they must keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// The arm whose knobs are searched.
    pub arm: String,
    /// Paths of the knobs, as they stand in the file.
    pub knobs: Vec<String>,
    /// What a policy must keep.
    pub limits: Vec<Limit>,
}

/// What a policy must keep: an outcome within bounds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limit {
    /// A metric, or `metric@group`.
    pub outcome: String,
    /// Least relative change against the baseline.
    pub relative_low: Option<f64>,
    /// Greatest relative change.
    pub relative_high: Option<f64>,
    /// Least mean, in the metric's unit.
    pub low: Option<f64>,
    /// Greatest mean.
    pub high: Option<f64>,
}

/// A text that an experiment was made from, kept with its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its path from the experiment file's folder, of plain characters; a package that comes with the program is below `shipped`, a file from
    /// outside of that folder below `elsewhere`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// A checked experiment. Only [`Experiment::read`] makes one.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What is asked, for how long, with which luck.
    pub about: About,
    /// The arm that others are compared with.
    pub baseline: String,
    /// The arms, in the order of the file.
    pub arms: Vec<Arm>,
    /// Settings during the warm-up, by point: the file's own, without any arm's.
    pub before: Vec<Settings>,
    /// Paths that are swept.
    pub swept: Vec<String>,
    /// Values of these, by point; one point without any if nothing is swept.
    pub points: Vec<Vec<Json>>,
    /// How the points were chosen, unless they are a grid.
    pub sample: Option<Sample>,
    /// The search, if the file describes one.
    pub search: Option<Search>,
    /// Probes.
    pub probes: Vec<Probe>,
    /// What a run keeps.
    pub output: Output,
    /// The versions of the registered metrics, by id: every run measures all of them.
    pub metrics: Map<String, Json>,
    /// The experiment file, and the packages that it names.
    pub files: Vec<KeptFile>,
    /// The release of the world whose defaults it has, if it names one.
    pub release: Option<Release>,
    /// What its reader should know though nothing is wrong: sentences.
    pub notes: Vec<String>,
}

impl Experiment {
    /// What decides the files of its runs beside settings, days, probes and seeds, as JSON: what is kept, and the versions of registered metrics.
    #[must_use]
    pub fn output_json(&self) -> Json {
        let mut output = self.output.deciding();
        if !self.metrics.is_empty() {
            output[METRICS] = self.metrics.clone().into();
        }
        output
    }
}
