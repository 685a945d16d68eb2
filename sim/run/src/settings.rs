//! All that decides a run's files, as `settings.json` in its folder keeps it: with it the run can be made again without the experiment's file.

use std::fs;
use std::path::{Path, PathBuf};

use recsafe_config::plan::{RunParts, VERSION};
use recsafe_config::registered::{self, METRICS};
use recsafe_config::table::{OUTPUT, Output, PROBE};
use recsafe_config::{Experiment, Run, Settings};
use recsafe_names::Names;
use recsafe_people::behavior::probes::Probe;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use recsafe_results::{SETTINGS, StoreError};

/// Why the settings of a run are of no use.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// They cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There are none, or they are not of this program.
    #[error("{} cannot be used: {what}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// What decides a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// Version of the program.
    pub version: String,
    /// The seed.
    pub seed: u64,
    /// Measured days.
    pub days: u32,
    /// World settings.
    pub world: Json,
    /// Policy settings during the warm-up.
    pub before: Json,
    /// Policy settings from day 0 on.
    pub policy: Json,
    /// Probes.
    pub probes: Vec<Probe>,
    /// What the run keeps.
    pub output: Json,
}

/// The same with types.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The seed.
    pub seed: u64,
    /// Measured days.
    pub days: u32,
    /// Settings during the warm-up.
    pub before: Settings,
    /// Settings from day 0 on.
    pub arm: Settings,
    /// Probes.
    pub probes: Vec<Probe>,
    /// What the run keeps.
    pub output: Output,
}

/// Puts present names in the place of those that the program which kept the settings had.
fn name_anew(kept: &mut Json, names: &Names) {
    for key in ["world", "before", "policy"] {
        if let Some(settings) = kept.get_mut(key) {
            *settings = names.present_settings(settings);
        }
    }
    for (key, section) in [("probes", PROBE), ("output", OUTPUT)] {
        if let Some(part) = kept.get_mut(key) {
            *part = names.present_section(section, part);
        }
    }
}

impl RunSettings {
    /// Of a planned run.
    #[must_use]
    pub fn of(experiment: &Experiment, run: &Run) -> Self {
        let arm = &experiment.arms[run.arm].points[run.point];
        RunSettings {
            version: VERSION.to_owned(),
            seed: run.seed,
            days: experiment.about.days,
            world: arm.world_json(),
            before: experiment.before[run.point].policy_json(),
            policy: arm.policy_json(),
            probes: experiment.probes.clone(),
            output: experiment.output_json(),
        }
    }

    /// Reads those of the run in a folder, to make the run again.
    ///
    /// # Errors
    /// If there are none, they are of another version, or the run needs kinds that are not registered here or files that are not kept with it.
    pub fn read(folder: &Path) -> Result<Self, SettingsError> {
        let unusable = |what: String| SettingsError::Unusable { path: folder.join(SETTINGS), what };
        let read = RunSettings::kept(folder)?;
        if read.version != VERSION {
            return Err(unusable(format!("it is of version {}, this is {VERSION}", read.version)));
        }
        if let Some(what) = [&read.before, &read.policy].into_iter().find_map(registered::lacking) {
            return Err(unusable(what));
        }
        if !read.world["imported"].is_null() {
            return Err(unusable("its follows or likes come from files, which are not kept with the run".to_owned()));
        }
        Ok(read)
    }

    /// Reads those of the run in a folder, of whatever version, under present names.
    ///
    /// # Errors
    /// If there are none.
    pub fn kept(folder: &Path) -> Result<Self, SettingsError> {
        let path = folder.join(SETTINGS);
        let unusable = |what: String| SettingsError::Unusable { path: path.clone(), what };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unusable("it is not there, though `recsafe run` keeps it with every run".to_owned()));
            }
            Err(error) => return Err(StoreError::file("read", &path)(error).into()),
        };
        let mut kept: Json = serde_json::from_slice(&bytes).map_err(|error| unusable(error.to_string()))?;
        name_anew(&mut kept, Names::present());
        serde_json::from_value(kept).map_err(|error| unusable(error.to_string()))
    }

    /// The hash of the run that these settings make.
    #[must_use]
    pub fn hash(&self) -> String {
        let RunSettings { version, seed, days, world, before, policy, probes, output } = self;
        let probes = &serde_json::json!(probes);
        RunParts { version, world, before, policy, days: *days, probes, output, seed: *seed }.hash()
    }

    /// The same with types.
    ///
    /// # Errors
    /// If a setting does not fit its type.
    pub fn resolved(&self) -> Result<Resolved, serde_json::Error> {
        Ok(Resolved {
            seed: self.seed,
            days: self.days,
            before: Settings::of_json(&self.world, &self.before)?,
            arm: Settings::of_json(&self.world, &self.policy)?,
            probes: self.probes.clone(),
            output: output(&self.output)?,
        })
    }
}

/// What a run keeps, of what is said beside it.
fn output(kept: &Json) -> Result<Output, serde_json::Error> {
    let mut settings = kept.clone();
    if let Some(table) = settings.as_object_mut() {
        table.shift_remove(METRICS);
    }
    Output::deserialize(settings)
}
