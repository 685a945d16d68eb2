//! `manifest.json`: what was run, with which settings, and the checksum of every file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use recsafe_common::ids::Day;
use recsafe_config::names::{NAMING, is_good};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::folder::write_synced;
use super::{StoreError, sync_folder};

/// What a results folder holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// What was asked: the experiment's settings, probes, sweep and output, as resolved.
    pub experiment: Json,
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
    /// The arms.
    pub arms: Vec<ArmEntry>,
    /// Finished warm-ups.
    pub warm_ups: Vec<WarmUpEntry>,
    /// Finished runs, in the order of the plan.
    pub runs: Vec<RunEntry>,
}

/// One arm at point 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmEntry {
    /// Its name.
    pub name: String,
    /// Its resolved settings.
    pub settings: Json,
    /// What differs from the baseline.
    pub difference: Map<String, Json>,
}

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

/// Most bytes of the name of a file in a results folder.
const LONGEST_NAME: usize = 100;

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
    /// SHA-256 of each file.
    pub files: BTreeMap<String, String>,
}

/// What a run's folder says of itself, so that a manifest that is lost can be made again: `run.json`. Nothing in it depends on when
/// or how fast the run was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Its arm.
    pub arm: String,
    /// Its point.
    pub point: u32,
    /// Its seed.
    pub seed: u64,
    /// Hash of what decides it.
    pub hash: String,
    /// Posts put into slates on measured days.
    pub impressions: u64,
    /// SHA-256 of each file.
    pub files: BTreeMap<String, String>,
}

impl From<RunRecord> for RunEntry {
    fn from(record: RunRecord) -> Self {
        let RunRecord { arm, point, seed, hash, impressions, files } = record;
        RunEntry { arm, point, seed, hash, impressions, files, status: DONE.to_owned(), ..RunEntry::default() }
    }
}

impl From<&RunEntry> for RunRecord {
    fn from(entry: &RunEntry) -> Self {
        let RunEntry { arm, point, seed, hash, impressions, files, .. } = entry.clone();
        RunRecord { arm, point, seed, hash, impressions, files }
    }
}

impl Manifest {
    /// Reads the manifest of a results folder; none if there is none.
    ///
    /// # Errors
    /// If it cannot be read, is cut short or damaged, or names files outside of the folder.
    pub fn load(folder: &Path) -> Result<Option<Manifest>, StoreError> {
        let path = folder.join("manifest.json");
        match fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice::<Manifest>(&bytes) {
                Ok(manifest) => match manifest.bad_name() {
                    Some(what) => Err(StoreError::BadManifest { path, what }),
                    None => Ok(Some(manifest)),
                },
                Err(source) => Err(StoreError::Manifest { path, source }),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::file("read", &path)(error)),
        }
    }

    /// A name in it that would lead out of the folder, with the place of it in the file. Paths are made of these names, and files are
    /// written, moved and removed there.
    fn bad_name(&self) -> Option<String> {
        let bad_file = |name: &&String| !is_file_name(name);
        if let Some(name) = self.files.keys().find(bad_file) {
            return Some(format!("`files` has {name:?}, which names no file of the folder"));
        }
        self.runs.iter().enumerate().find_map(|(number, run)| {
            if !is_good(&run.arm) {
                return Some(format!("`runs[{number}].arm` is {:?}, which cannot name an arm: {NAMING}", run.arm));
            }
            let name = run.files.keys().find(bad_file)?;
            Some(format!("`runs[{number}].files` has {name:?}, which names no file of a run"))
        })
    }

    /// Writes the manifest: aside, synced, renamed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), StoreError> {
        let (path, aside) = (folder.join("manifest.json"), folder.join(".manifest.json.partial"));
        let text =
            serde_json::to_vec_pretty(self).map_err(|source| StoreError::Manifest { path: path.clone(), source })?;
        write_synced(&aside, &text)?;
        fs::rename(&aside, &path).map_err(StoreError::file("rename", &aside))?;
        sync_folder(folder)
    }

    /// The finished run of an arm, point and seed.
    #[must_use]
    pub fn run(&self, arm: &str, point: u32, seed: u64) -> Option<&RunEntry> {
        self.runs.iter().find(|run| run.arm == arm && run.point == point && run.seed == seed)
    }
}

impl RunRecord {
    /// Whether its names stay inside of the run's folder.
    #[must_use]
    pub fn is_good(&self) -> bool {
        is_good(&self.arm) && self.files.keys().all(|name| is_file_name(name))
    }
}

/// Whether a name is one of a file that stands in a folder itself: neither a path nor a special name.
fn is_file_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(plain) && !name.starts_with('.')
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// If it cannot be read.
pub fn checksum(path: &Path) -> Result<String, StoreError> {
    let bytes = fs::read(path).map_err(StoreError::file("read", path))?;
    Ok(recsafe_config::plan::hex(&Sha256::digest(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let told = |manifest: &Manifest| {
            manifest.save(folder.path()).unwrap();
            Manifest::load(folder.path()).err().map(|error| (error.is_wrong_input(), error.to_string()))
        };
        let files = |name: &str| BTreeMap::from([(name.to_owned(), String::new())]);
        let run = |arm: &str, file: &str| RunEntry { arm: arm.to_owned(), files: files(file), ..RunEntry::default() };
        let with = |runs: Vec<RunEntry>| Manifest { runs, ..Manifest::default() };
        assert_eq!(told(&with(vec![run("as-is", "metrics.parquet")])), None);
        for name in ["", ".", "..", "../x", "/etc/passwd", "a/b", "a\\b", "a\0", "a\u{1b}[2J", &"a".repeat(101)] {
            let (is_wrong_input, text) = told(&with(vec![run("as-is", "a"), run("as-is", name)])).unwrap();
            assert!(is_wrong_input && text.contains("`runs[1].files`") && !text.contains('\u{1b}'), "{text}");
            assert!(told(&with(vec![run(name, "a")])).unwrap().1.contains("`runs[0].arm`"), "{name:?}");
            assert!(told(&Manifest { files: files(name), ..Manifest::default() }).unwrap().1.contains("`files`"));
            assert!(!RunRecord::from(&run("as-is", name)).is_good() && !RunRecord::from(&run(name, "a")).is_good());
        }
    }
}
