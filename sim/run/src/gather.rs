//! Joining the parts of a study that many machines made: every part is verified, nothing is missing, and the results are those of one run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use recsafe_config::plan::VERSION;
use recsafe_config::{Experiment, Plan};
use recsafe_results::{
    Folder, FolderLock, Holding, Manifest, RunEntry, RunFolder, StoreError, checksum_of, few, resolved, run_id,
    run_words, sync_folder,
};

use super::resume::settle_checkpoints;
use super::verify::{State, verify};
use super::{Opened, Options, begin, describe, end, in_plan_order, inputs, may_be_used, prepare};

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
    /// It has runs that are not planned.
    #[error(
        "part `{part}` has a run that is not part of this plan ({run}): it was made with other settings, seeds or input files"
    )]
    OtherPlan {
        /// The part.
        part: String,
        /// The first of them, in words.
        run: String,
        /// How many there are.
        runs: usize,
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

    /// Whether it is gone when another process is done.
    #[must_use]
    pub fn passes(&self) -> bool {
        matches!(self, Flaw::AtWork { .. })
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
        /// Parts that are of something else, which may be why.
        others: Vec<Flaw>,
    },
    /// Parts and results would be in one another; nothing was written.
    #[error("{} is in the folder of the parts, or a part of it is in there: {}", out.display(), part.display())]
    Overlaps {
        /// The results folder.
        out: PathBuf,
        /// The part, or the folder of the parts.
        part: PathBuf,
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
    /// What is of something else. It does no harm where everything is there without it.
    others: Vec<Flaw>,
    /// Every run of the plan that is there, by its hash: the part that has it, and its place among the part's runs.
    runs: BTreeMap<String, (usize, usize)>,
}

#[derive(Debug)]
struct Part {
    name: String,
    folder: Folder,
    manifest: Manifest,
}

impl Part {
    /// Its runs that are planned, each with its place among all.
    fn runs(&self, planned: &BTreeSet<&str>) -> impl Iterator<Item = (usize, &RunEntry)> {
        self.manifest.runs.iter().enumerate().filter(|(_, run)| planned.contains(run.hash.as_str()))
    }
}

impl Parts {
    /// Looks into a folder of parts, and verifies each.
    fn read(experiment: &Experiment, plan: &Plan, parts: &Path) -> Result<Parts, StoreError> {
        let planned: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
        let entries = std::fs::read_dir(parts).map_err(StoreError::file("list", parts))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut found = Parts::default();
        for path in paths {
            match found.look(&path) {
                Some(part) if found.is_sound(&part, experiment, &planned) => found.add(part, &planned),
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

    /// Whether a part has runs of this plan, is whole as far as it goes, and nobody writes into it.
    fn is_sound(&mut self, part: &Part, experiment: &Experiment, planned: &BTreeSet<&str>) -> bool {
        let before = self.flaws.len();
        match part.folder.lock_to_read() {
            Err(StoreError::Locked(_)) => self.flaws.push(Flaw::AtWork { part: part.name.clone() }),
            Err(error) => self.flaws.push(Flaw::Unreadable { part: part.name.clone(), what: error.to_string() }),
            Ok(_held) => {
                let is_of_use = part.manifest.runs.is_empty() || part.runs(planned).next().is_some();
                match foreign(part, experiment, planned) {
                    Some(flaw) if is_of_use && matches!(flaw, Flaw::OtherVersion { .. }) => self.flaws.push(flaw),
                    flaw => self.others.extend(flaw),
                }
                if !is_of_use {
                    return false;
                }
                self.verify(part);
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
                        state => {
                            let flaw = Flaw::Damaged { part: name(), file: found.path, state };
                            if !self.flaws.contains(&flaw) {
                                self.flaws.push(flaw);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Takes a part in. A run that two parts have must be the same in both.
    fn add(&mut self, part: Part, planned: &BTreeSet<&str>) {
        for (place, run) in part.runs(planned) {
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
    fn described(&self, experiment: &Experiment, plan: &Plan, mut manifest: Manifest) -> Manifest {
        let mut known: BTreeSet<String> = manifest.warm_ups.iter().map(|entry| entry.world.clone()).collect();
        let planned: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
        for part in &self.sound {
            manifest.runs.extend(part.runs(&planned).map(|(_, run)| run.clone()));
            let new = part.manifest.warm_ups.iter().filter(|entry| known.insert(entry.world.clone()));
            manifest.warm_ups.extend(new.cloned());
        }
        in_plan_order(experiment, plan, &mut manifest);
        // Files below `experiment/` are written before the manifest says so, and are to be known as ours if that is cut short.
        for file in &experiment.files {
            manifest.inputs.entry(file.path.clone()).or_insert_with(|| checksum_of(file.text.as_bytes()));
        }
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
    let mut others = manifest.runs.iter().filter(|run| !planned.contains(run.hash.as_str()));
    let run = words(others.next()?);
    if manifest.experiment.name != experiment.about.name {
        return Some(Flaw::OtherExperiment { part, name: manifest.experiment.name.clone() });
    }
    Some(Flaw::OtherPlan { part, run, runs: 1 + others.count() })
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
    place: Folder,
    /// The lock of the results that are there, if there are any.
    replaces: Option<FolderLock>,
    /// The manifest as it is now.
    pub manifest: Manifest,
    /// Parts that were joined.
    pub parts: usize,
    /// Runs that were taken from them.
    pub taken: usize,
    /// What lies among the parts and is none: it was left alone.
    pub strangers: Vec<PathBuf>,
    /// Parts that are of something else, or have runs that are: these were left out.
    pub others: Vec<Flaw>,
}

impl Gathered {
    /// Puts the results in their place, in one step, and takes away those that were there. What somebody else kept among these stays in the folder.
    /// Returns where something of it had to stay, since the new results have a file of its name.
    ///
    /// # Errors
    /// If something else has come there, or the folder cannot be moved. The old results are in their place then, and the new ones are taken away.
    pub fn put(&self) -> Result<Option<PathBuf>, StoreError> {
        let (from, place) = (self.folder.path(), self.place.path());
        if from == place {
            return Ok(None);
        }
        if let Some(held) = &self.replaces {
            self.folder.put_in_place_of(&self.place).inspect_err(|_| self.give_up())?;
            let replaced = self.place.replaced();
            return Ok(replaced.end_replacing(held, &self.place)?.then(|| replaced.path().to_owned()));
        }
        let moved = std::fs::rename(from, place).map_err(StoreError::file("move into place", from));
        moved.inspect_err(|_| self.give_up())?;
        let above = place.parent().filter(|above| !above.as_os_str().is_empty());
        sync_folder(above.unwrap_or(Path::new(".")))?;
        Ok(None)
    }

    /// Takes away what is not in its place yet. What cannot be removed is taken away by the next gathering.
    pub fn give_up(&self) {
        take_away(&self.folder, &self.held, &self.place);
    }
}

/// Joins the parts in a folder into the results of one run. Parts are read, and never changed. All is known to be there and whole before anything
/// is written; what is written stands aside until [`Gathered::put`].
///
/// # Errors
/// If a part is damaged, a run is missing, the results folder may not be used, or a file cannot be read or written.
pub fn gather(experiment: &Experiment, parts: &Path, options: &Options) -> Result<Gathered, GatherError> {
    let plan = Plan::new(experiment);
    let place = place(&options.out)?;
    refuse_overlap(&place, parts)?;
    place.being_gathered().refuse_strangers()?;
    heal(&place)?;
    place.refuse_links()?;
    let held = place.path().exists().then(|| place.lock()).transpose()?;
    let before = may_be_used(&place, options)?;
    let replaces = matches!(place.holding()?, Holding::Results(_));
    inputs::refuse_foreign(&experiment.files, &place, before.as_ref())?;
    let found = Parts::read(experiment, &plan, parts)?;
    if !found.flaws.is_empty() {
        return Err(GatherError::Flawed(found.flaws));
    }
    let there: BTreeSet<String> =
        if options.resume { place.whole_runs()?.into_keys().collect() } else { BTreeSet::new() };
    let missing = missing(experiment, &plan, |hash| found.runs.contains_key(hash) || there.contains(hash));
    if !missing.is_empty() {
        return Err(GatherError::Missing { missing, units: plan.warm_ups.len(), others: found.others });
    }
    let (folder, own, replaces) = match held {
        Some(held) if replaces => (place.being_gathered(), None, Some(held)),
        Some(held) => (place.clone(), Some(held), None), // a folder with nothing in it
        None => (place.being_gathered(), None, None),
    };
    let held = own.map_or_else(|| folder.lock(), Ok)?;
    let joining = Joining { experiment, plan: &plan, found: &found, there: &there, options, place: &place };
    let joined = joining.join(&folder, &held, before);
    if joined.is_err() {
        take_away(&folder, &held, &place);
    }
    let (manifest, taken) = joined?;
    let Parts { sound, strangers, others, .. } = found;
    Ok(Gathered { folder, held, place, replaces, manifest, parts: sound.len(), taken, strangers, others })
}

/// The results folder under a name beside which another one can be made: where it is a link, that to which it leads.
fn place(out: &Path) -> Result<Folder, StoreError> {
    let out: PathBuf = out.components().collect();
    Folder::new(&out).refuse_no_folder()?;
    Ok(Folder::new(&if out.is_symlink() || out.file_name().is_none() { resolved(&out) } else { out }))
}

/// Refuses results that would be in a part, or around one, by whatever path: parts are never changed.
fn refuse_overlap(place: &Folder, parts: &Path) -> Result<(), GatherError> {
    let entries = std::fs::read_dir(parts).map_err(StoreError::file("list", parts))?;
    let folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    for out in [place.clone(), place.being_gathered(), place.replaced()].map(|folder| resolved(folder.path())) {
        let is_in = |part: &PathBuf| {
            let real = resolved(part);
            let may_be_changed = part == parts || part.join("manifest.json").exists();
            real.starts_with(&out) || (out.starts_with(&real) && may_be_changed)
        };
        if let Some(part) = std::iter::once(&parts.to_owned()).chain(&folders).find(|part| is_in(part)) {
            return Err(GatherError::Overlaps { out: place.path().to_owned(), part: part.clone() });
        }
    }
    Ok(())
}

/// Ends what a gathering that was killed had begun to replace.
fn heal(place: &Folder) -> Result<(), StoreError> {
    let replaced = place.replaced();
    if replaced.path().symlink_metadata().is_err() {
        return Ok(());
    }
    let is_foreign = replaced.path().is_symlink() || !replaced.path().is_dir();
    if is_foreign || matches!(replaced.holding()?, Holding::Foreign) {
        return Err(StoreError::NotOwn(replaced.path().to_owned()));
    }
    let held = replaced.lock()?;
    if !place.undo_replacing()? {
        replaced.end_replacing(&held, place)?;
    }
    Ok(())
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

/// Takes away what is not whole, with its folder if it stands aside; what cannot be removed is taken away by the next gathering.
fn take_away(folder: &Folder, held: &FolderLock, place: &Folder) {
    if folder.clear(held).is_ok() && folder.path() != place.path() {
        drop(std::fs::remove_dir(folder.path()));
    }
}

/// Parts on their way into a folder.
struct Joining<'a> {
    experiment: &'a Experiment,
    plan: &'a Plan,
    found: &'a Parts,
    /// Runs that are in the results folder already.
    there: &'a BTreeSet<String>,
    options: &'a Options,
    /// The results folder.
    place: &'a Folder,
}

impl Joining<'_> {
    /// Copies the runs into the folder, and writes what a run writes about them. Returns how many were copied.
    fn join(
        &self,
        folder: &Folder,
        held: &FolderLock,
        before: Option<Manifest>,
    ) -> Result<(Manifest, usize), StoreError> {
        let Joining { experiment, plan, found, there, options, place } = *self;
        folder.refuse_links()?;
        folder.refuse_unwritable(held)?;
        folder.clear(held)?;
        let before = before.filter(|_| options.resume);
        let known = before.clone().unwrap_or_else(|| describe(experiment, plan, options));
        folder.write_manifest(&found.described(experiment, plan, known))?; // from here on the folder is known as ours
        if options.resume && folder.path() != place.path() {
            folder.take_all(place, &before.unwrap_or_default())?;
        }
        let wanted: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
        let runs: Vec<RunFolder> =
            wanted.into_iter().filter(|hash| !there.contains(*hash)).filter_map(|hash| found.run(hash)).collect();
        for run in &runs {
            folder.take_run(held, run)?;
        }
        let going = Options { resume: true, overwrite: false, held: Some(held.clone()), ..options.clone() };
        let (held, stock) = prepare(experiment, plan, folder, &going)?;
        let (wanted, mut manifest) = (vec![true; plan.runs.len()], stock.manifest);
        let opened = Opened { experiment, plan, folder, held: &held, wanted: &wanted };
        begin(&opened, &mut manifest)?;
        settle_checkpoints(plan, folder, |run| stock.there[run])?;
        Ok((end(&opened, manifest)?, runs.len()))
    }
}

/// A sentence about parts that are of something else, or have runs that are; none if there are none.
#[must_use]
pub fn left_out_of_parts(others: &[Flaw]) -> Option<String> {
    let told = |flaw: &Flaw| match flaw {
        Flaw::OtherPlan { part, run, runs: 1 } => format!("`{part}`: {run}"),
        Flaw::OtherPlan { part, run, runs } => format!("`{part}`: {run} and {} more", runs - 1),
        Flaw::OtherVersion { part, version } => format!("`{part}`: of recsafe {version}"),
        Flaw::OtherExperiment { part, name } => format!("`{part}`: of the experiment `{name}`"),
        other => other.to_string(),
    };
    let named = few(others.iter().map(told));
    (!others.is_empty()).then(|| format!("Runs that are not part of this plan are left out ({named})."))
}
