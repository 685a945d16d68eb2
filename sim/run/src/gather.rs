//! Joining the parts of a study that many machines made: every part is verified, nothing is missing, and the results are those of one run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use recsafe_config::plan::VERSION;
use recsafe_config::{Experiment, Plan};
use recsafe_results::{
    Folder, FolderLock, Holding, Manifest, RunEntry, RunFolder, StoreError, run_id, run_words, sync_folder,
};

use super::resume::settle_checkpoints;
use super::verify::{State, verify};
use super::{Opened, Options, begin, end, in_plan_order, inputs, may_be_used, prepare};

/// Why a part cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A file is not as it was written, or is gone.
    #[error("part `{part}`: {file} is {}", state.word())]
    Damaged {
        /// The part, by its name.
        part: String,
        /// The file, or the run's folder.
        file: String,
        /// What became of it.
        state: State,
    },
    /// It cannot be read as results at all.
    #[error("part `{part}`: {what}")]
    Unreadable {
        /// The part.
        part: String,
        /// What is wrong.
        what: String,
    },
    /// A process is at work in it.
    #[error("part `{part}`: another recsafe is running in it")]
    AtWork {
        /// The part.
        part: String,
    },
    /// It was made by another version of the program.
    #[error("part `{part}` was made by recsafe {version}, this is {VERSION}")]
    OtherVersion {
        /// The part.
        part: String,
        /// The version that made it.
        version: String,
    },
    /// It is of another experiment.
    #[error("part `{part}` is of the experiment `{name}`")]
    OtherExperiment {
        /// The part.
        part: String,
        /// The experiment.
        name: String,
    },
    /// It has a run that is not planned.
    #[error(
        "part `{part}` has a run that is not part of this plan ({run}): it was made with other settings, seeds or input files"
    )]
    OtherPlan {
        /// The part.
        part: String,
        /// The run, in words.
        run: String,
    },
    /// Two parts have the same run with different files.
    #[error("parts `{part}` and `{other}` have the same run with different files ({run})")]
    Disagree {
        /// The part.
        part: String,
        /// The part that was met before.
        other: String,
        /// The run, in words.
        run: String,
    },
}

impl Flaw {
    /// The part that it is about.
    #[must_use]
    pub fn part(&self) -> &str {
        match self {
            Flaw::Damaged { part, .. }
            | Flaw::Unreadable { part, .. }
            | Flaw::AtWork { part }
            | Flaw::OtherVersion { part, .. }
            | Flaw::OtherExperiment { part, .. }
            | Flaw::OtherPlan { part, .. }
            | Flaw::Disagree { part, .. } => part,
        }
    }
}

/// A unit of which runs are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingUnit {
    /// Hash of its warm-up.
    pub hash: String,
    /// Its seed.
    pub seed: u64,
    /// Runs that it has in the plan.
    pub planned: usize,
    /// Those that are missing, in words.
    pub runs: Vec<String>,
}

/// Why parts were not joined.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// Parts cannot be used; nothing was written.
    #[error("{} cannot be used", few_parts(.0.len()))]
    Flawed(Vec<Flaw>),
    /// Runs are missing; nothing was written.
    #[error("{} of {units} units are missing, or are not whole", .missing.len())]
    Missing {
        /// Their units, in the order of the plan.
        missing: Vec<MissingUnit>,
        /// All units of the plan.
        units: usize,
    },
    /// Results could not be kept or read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn few_parts(count: usize) -> String {
    format!("{count} part{}", if count == 1 { "" } else { "s" })
}

/// What lies in a folder of parts, verified.
#[derive(Debug, Default)]
pub struct Parts {
    /// Folders whose runs can be used.
    sound: Vec<Part>,
    /// What is not a part, or lies in one and is not of it: it is left alone.
    strangers: Vec<PathBuf>,
    flaws: Vec<Flaw>,
    /// Every run that is there, by its hash: the part that has it, and its place among the part's runs.
    runs: BTreeMap<String, (usize, usize)>,
}

#[derive(Debug)]
struct Part {
    name: String,
    folder: Folder,
    manifest: Manifest,
}

impl Parts {
    /// Looks into a folder of parts, and verifies each.
    fn read(experiment: &Experiment, plan: &Plan, parts: &Path) -> Result<Parts, StoreError> {
        let planned: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
        let entries = std::fs::read_dir(parts).map_err(StoreError::file("look into", parts))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut found = Parts::default();
        for path in paths {
            match found.look(&path) {
                Some(part) if found.is_sound(&part, experiment, &planned) => found.add(part),
                _ => {}
            }
        }
        Ok(found)
    }

    /// A part that can be read; what else is there is taken note of.
    fn look(&mut self, path: &Path) -> Option<Part> {
        let part = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = Folder::new(path);
        if !path.is_dir() {
            return self.stranger(path);
        }
        let flaw = match folder.refuse_links().and_then(|()| folder.holding()) {
            Ok(Holding::Results(Some(manifest))) => return Some(Part { name: part, folder, manifest: *manifest }),
            Ok(Holding::Nothing) => return None, // a worker was cut off before it had begun
            Ok(Holding::Foreign) if !folder.has_seal() => return self.stranger(path),
            Ok(_) => Flaw::Damaged { part, file: "manifest.json".to_owned(), state: State::Damaged },
            Err(error) => Flaw::Unreadable { part, what: error.to_string() },
        };
        self.flaws.push(flaw);
        None
    }

    fn stranger(&mut self, path: &Path) -> Option<Part> {
        self.strangers.push(path.to_owned());
        None
    }

    /// Whether a part is of this plan, whole as far as it goes, and nobody writes into it.
    fn is_sound(&mut self, part: &Part, experiment: &Experiment, planned: &BTreeSet<&str>) -> bool {
        let before = self.flaws.len();
        match part.folder.lock() {
            Err(StoreError::Locked(_)) => self.flaws.push(Flaw::AtWork { part: part.name.clone() }),
            Err(error) => self.flaws.push(Flaw::Unreadable { part: part.name.clone(), what: error.to_string() }),
            Ok(_held) => {
                if let Some(flaw) = foreign(part, experiment, planned) {
                    self.flaws.push(flaw);
                } else {
                    self.verify(part);
                }
            }
        }
        self.flaws.len() == before
    }

    /// Holds every file of a part against its checksum, and every run against its settings.
    fn verify(&mut self, part: &Part) {
        let name = || part.name.clone();
        match verify(&part.folder) {
            Err(error) => self.flaws.push(Flaw::Unreadable { part: name(), what: error.to_string() }),
            Ok(findings) => {
                for found in findings {
                    match found.state {
                        State::Whole | State::NotRun | State::OtherPlan => {}
                        State::Unlisted => self.strangers.push(part.folder.path().join(found.path)),
                        state => self.flaws.push(Flaw::Damaged { part: name(), file: found.path, state }),
                    }
                }
            }
        }
    }

    /// Takes a part in. A run that two parts have must be the same in both.
    fn add(&mut self, part: Part) {
        for (place, run) in part.manifest.runs.iter().enumerate() {
            let Some(&(other, known)) = self.runs.get(&run.hash) else {
                self.runs.insert(run.hash.clone(), (self.sound.len(), place));
                continue;
            };
            // The runs of one part that have the same hash have the same folder.
            if let Some(other) = self.sound.get(other).filter(|other| other.manifest.runs[known].files != run.files) {
                let (part, other, run) = (part.name.clone(), other.name.clone(), words(run));
                self.flaws.push(Flaw::Disagree { part, other, run });
            }
        }
        self.sound.push(part);
    }

    /// The folder of a run.
    fn run(&self, hash: &str) -> Option<RunFolder> {
        let &(part, place) = self.runs.get(hash)?;
        let part = &self.sound[part];
        Some(part.folder.run(&part.manifest.runs[place]))
    }

    /// What the parts know of their runs and warm-ups: how long they took.
    fn described(&self, experiment: &Experiment, plan: &Plan, before: Option<Manifest>) -> Manifest {
        let mut manifest = before.unwrap_or_default();
        let mut known: BTreeSet<String> = manifest.warm_ups.iter().map(|entry| entry.world.clone()).collect();
        for part in self.sound.iter().map(|part| &part.manifest) {
            manifest.runs.extend(part.runs.iter().cloned());
            let new = part.warm_ups.iter().filter(|entry| known.insert(entry.world.clone()));
            manifest.warm_ups.extend(new.cloned());
        }
        in_plan_order(experiment, plan, &mut manifest);
        manifest
    }
}

/// What says that a part is of something else.
fn foreign(part: &Part, experiment: &Experiment, planned: &BTreeSet<&str>) -> Option<Flaw> {
    let Part { name, manifest, .. } = part;
    let part = name.clone();
    if manifest.version != VERSION {
        return Some(Flaw::OtherVersion { part, version: manifest.version.clone() });
    }
    let run = manifest.runs.iter().find(|run| !planned.contains(run.hash.as_str()))?;
    if manifest.experiment.name != experiment.about.name {
        return Some(Flaw::OtherExperiment { part, name: manifest.experiment.name.clone() });
    }
    Some(Flaw::OtherPlan { part, run: words(run) })
}

fn words(run: &RunEntry) -> String {
    if run.arm.is_empty() { run_id(&run.hash) } else { run_words(&run.arm, run.point, run.seed) }
}

/// Parts that are joined, but not in their place yet: what is made of the runs, such as the comparison, is written before.
#[derive(Debug)]
pub struct Gathered {
    /// Where the results are until they are put in place.
    pub folder: Folder,
    /// The folder is held until this is dropped.
    pub held: FolderLock,
    /// Where they belong.
    pub place: PathBuf,
    /// The manifest as it is now.
    pub manifest: Manifest,
    /// Parts that were joined.
    pub parts: usize,
    /// Runs that were taken from them.
    pub taken: usize,
    /// What lies among the parts and is none: it was left alone.
    pub strangers: Vec<PathBuf>,
}

impl Gathered {
    /// Puts the results in their place, in one step.
    ///
    /// # Errors
    /// If something else has come there, or the folder cannot be moved.
    pub fn put(&self) -> Result<(), StoreError> {
        let from = self.folder.path();
        if from == self.place {
            return Ok(());
        }
        std::fs::rename(from, &self.place).map_err(StoreError::file("move into place", from))?;
        let above = self.place.parent().filter(|above| !above.as_os_str().is_empty());
        sync_folder(above.unwrap_or(Path::new(".")))
    }
}

/// Joins the parts in a folder into the results of one run. Parts are read, and never changed. All is known to be there and whole before anything
/// is written; what is written stands aside until [`Gathered::put`], where no results were before.
///
/// # Errors
/// If a part is damaged or of something else, a run is missing, the results folder may not be used, or a file cannot be read or written.
pub fn gather(experiment: &Experiment, parts: &Path, options: &Options) -> Result<Gathered, GatherError> {
    let plan = Plan::new(experiment);
    let place = Folder::new(&options.out);
    place.refuse_links()?;
    let before = may_be_used(&place, options)?;
    inputs::refuse_foreign(&experiment.files, &place, before.as_ref())?;
    let found = Parts::read(experiment, &plan, parts)?;
    if !found.flaws.is_empty() {
        return Err(GatherError::Flawed(found.flaws));
    }
    let there: BTreeSet<String> =
        if options.resume { place.whole_runs()?.into_keys().collect() } else { BTreeSet::new() };
    let missing = missing(experiment, &plan, |hash| found.runs.contains_key(hash) || there.contains(hash));
    if !missing.is_empty() {
        return Err(GatherError::Missing { missing, units: plan.warm_ups.len() });
    }
    let now = if place.path().exists() { place } else { aside(place.path()) };
    let joining = Joining { experiment, plan: &plan, found: &found, there: &there, options };
    let is_aside = now.path() != options.out;
    let joined = joining.join(&now, before);
    if is_aside && joined.is_err() {
        take_away(&now);
    }
    let (held, manifest, taken) = joined?;
    let Parts { sound, strangers, .. } = found;
    Ok(Gathered { folder: now, held, place: options.out.clone(), manifest, parts: sound.len(), taken, strangers })
}

/// The units of which runs are missing.
fn missing(experiment: &Experiment, plan: &Plan, is_there: impl Fn(&str) -> bool) -> Vec<MissingUnit> {
    let unit = |warm_up: &recsafe_config::plan::WarmUp| {
        let missing = warm_up.runs.iter().map(|&run| &plan.runs[run]).filter(|run| !is_there(&run.hash));
        let name = |run: &recsafe_config::Run| run_words(&experiment.arms[run.arm].name, run.point as u32, run.seed);
        let runs: Vec<String> = missing.map(name).collect();
        let unit = MissingUnit { hash: warm_up.hash.clone(), seed: warm_up.seed, planned: warm_up.runs.len(), runs };
        (!unit.runs.is_empty()).then_some(unit)
    };
    plan.warm_ups.iter().filter_map(unit).collect()
}

/// Where results stand until they are whole: beside their place, so that they can be moved there in one step, and always the same folder, so that
/// what a gathering that was killed has left is found by the next one.
fn aside(place: &Path) -> Folder {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    Folder::new(&place.with_file_name(format!(".{name}.recsafe-gathering")))
}

/// Takes away what stands aside; what cannot be removed is taken away by the next gathering.
fn take_away(folder: &Folder) {
    if let Ok(held) = folder.lock()
        && folder.clear(&held).is_ok()
    {
        drop(std::fs::remove_dir(folder.path()));
    }
}

/// Parts on their way into a folder.
struct Joining<'a> {
    experiment: &'a Experiment,
    plan: &'a Plan,
    found: &'a Parts,
    /// Runs that are in the folder already.
    there: &'a BTreeSet<String>,
    options: &'a Options,
}

impl Joining<'_> {
    /// Copies the runs into the folder, and writes what a run writes about them. Returns how many were copied.
    fn join(&self, folder: &Folder, before: Option<Manifest>) -> Result<(FolderLock, Manifest, usize), StoreError> {
        let Joining { experiment, plan, found, there, options } = *self;
        let held = folder.lock()?;
        folder.refuse_links()?;
        if !options.resume {
            folder.clear(&held)?;
        }
        folder.tidy(&held)?;
        let before = before.filter(|_| options.resume);
        folder.write_manifest(&found.described(experiment, plan, before))?; // from here on the folder is known as ours
        let wanted: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
        let runs: Vec<RunFolder> =
            wanted.into_iter().filter(|hash| !there.contains(*hash)).filter_map(|hash| found.run(hash)).collect();
        for run in &runs {
            folder.take_run(&held, run)?;
        }
        let going = Options { resume: true, overwrite: false, held: Some(held), ..options.clone() };
        let (held, stock) = prepare(experiment, plan, folder, &going)?;
        let (wanted, mut manifest) = (vec![true; plan.runs.len()], stock.manifest);
        let opened = Opened { experiment, plan, folder, held: &held, wanted: &wanted };
        begin(&opened, &mut manifest)?;
        settle_checkpoints(plan, folder, |run| stock.there[run])?;
        let manifest = end(&opened, manifest)?;
        Ok((held, manifest, runs.len()))
    }
}
