//! The results of an experiment, in memory or in a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recsafe_analysis::{Compared, MetricValue, UnknownName};
use recsafe_config::manifest::{Manifest, RunEntry};
use recsafe_engine::measure::metrics;
use recsafe_evidence::evidence::public_figures;
use recsafe_report::story::{Life, Look, Run, page};
use recsafe_report::{Form, Study, Told};
use recsafe_results::{Folder, RunFolder, missing_of, never_applied_in_words};
use recsafe_run::InMemory;
use recsafe_stats::rows::{Cell, Read, Table, Tables, TablesInMemory};

use super::{Comparison, Error, RunOptions, pages};

/// The results of an experiment. Whether they are in memory or in a folder, they answer the same questions in the same way.
///
/// ```no_run
/// use recsafe::prelude::*;
///
/// let results = Results::open("results/quickstart")?;
/// for run in results.runs() {
///     let views: u32 = results.rows::<AccountRow>(run)?.iter().map(|account| account.views).sum();
///     println!("{}, seed {}: {views} views", run.arm, run.seed);
/// }
/// std::fs::write("report.html", results.report()?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Results {
    manifest: Manifest,
    inputs: Vec<(String, String)>,
    place: Place,
    stopped: bool,
}

/// Where the tables are.
#[derive(Clone, Debug)]
enum Place {
    Folder(Folder),
    Memory(Arc<InMemory>),
}

impl Results {
    /// Opens a results folder.
    ///
    /// # Errors
    /// If it holds no results, or they cannot be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Results, Error> {
        let path = folder.into();
        let folder = Folder::new(&path);
        let manifest = folder.results()?.ok_or(Error::NoResults(path))?;
        let inputs = folder.read_inputs(&manifest)?;
        Ok(Results { manifest, inputs, place: Place::Folder(folder), stopped: false })
    }

    /// Runs an experiment.
    pub(super) fn of_run(experiment: &recsafe_config::Experiment, options: &RunOptions) -> Result<Results, Error> {
        known_arms(experiment, options.arms.as_deref().unwrap_or_default())?;
        let runner = options.for_runner();
        let Some(path) = &options.folder else {
            let ran = recsafe_run::run_in_memory(experiment, &runner, &options.stop)?;
            let inputs = experiment.files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
            let (manifest, stopped) = (ran.manifest.clone(), ran.stopped);
            return Ok(Results { manifest, inputs, place: Place::Memory(Arc::new(ran)), stopped });
        };
        let outcome = recsafe_run::run(experiment, &runner, &options.stop)?;
        let results = Results { stopped: outcome.stopped, ..Results::open(path)? };
        if !results.stopped {
            let (folder, compared) = (Folder::new(path), results.compared(None)?);
            pages::conclude(&folder, &outcome.held, &compared)?;
        }
        Ok(results)
    }

    /// The folder; none if they are in memory.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path()),
            Place::Memory(_) => None,
        }
    }

    /// Whether the runs were stopped before their end by [`RunOptions::stop`].
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// What was run: the experiment, its arms with their settings, every run, every metric.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Every finished run, in the order of the plan.
    #[must_use]
    pub fn runs(&self) -> &[RunEntry] {
        &self.manifest.runs
    }

    /// The run of an arm at a sweep point (0 if nothing is swept) with a seed.
    ///
    /// # Errors
    /// If it is not among the results.
    pub fn run(&self, arm: &str, point: u32, seed: u64) -> Result<&RunEntry, Error> {
        let words = || recsafe_results::run_words(arm, point, seed);
        self.manifest.run(arm, point, seed).ok_or_else(|| Error::NoRun { run: words() })
    }

    /// The rows of a table of a run. The type of the row says which table:
    /// [`MetricRow`](crate::rows::MetricRow), [`DailyRow`](crate::rows::DailyRow), [`AccountRow`](crate::rows::AccountRow),
    /// [`ContactRow`](crate::rows::ContactRow), [`ActionRow`](crate::rows::ActionRow), [`ProbeRow`](crate::rows::ProbeRow) or
    /// [`ExposureRow`](crate::rows::ExposureRow).
    ///
    /// # Errors
    /// If the table cannot be read, or is not as it was written.
    pub fn rows<R: Read>(&self, run: &RunEntry) -> Result<Vec<R>, Error> {
        self.tables(run).rows()
    }

    /// Compares every arm with the baseline that the experiment declares, paired by seed.
    ///
    /// # Errors
    /// If a run's metrics cannot be read.
    pub fn compare(&self) -> Result<Comparison, Error> {
        Ok(Comparison(self.compared(None)?))
    }

    /// The same with another arm as the baseline.
    ///
    /// # Errors
    /// If there is no such arm, or a run's metrics cannot be read.
    pub fn compare_with(&self, baseline: &str) -> Result<Comparison, Error> {
        if !self.manifest.runs.iter().any(|run| run.arm == baseline) {
            return Err(no_arm(baseline, self.manifest.arms.iter().map(|arm| &arm.name)).into());
        }
        Ok(Comparison(self.compared(Some(baseline))?))
    }

    fn compared(&self, baseline: Option<&str>) -> Result<Compared, Error> {
        let mut values = Vec::new();
        for run in &self.manifest.runs {
            values.extend(MetricValue::of_run(run, self.rows(run)?));
        }
        Ok(Compared::new(&self.manifest, values, &metrics::facts(), baseline))
    }

    /// The report: one self-contained page of HTML.
    ///
    /// # Errors
    /// If a table cannot be read.
    pub fn report(&self) -> Result<String, Error> {
        self.page(Form::Full)
    }

    /// The report on one printed page.
    ///
    /// # Errors
    /// If a table cannot be read.
    pub fn brief_report(&self) -> Result<String, Error> {
        self.page(Form::Brief)
    }

    fn page(&self, form: Form) -> Result<String, Error> {
        let compared = self.compared(None)?;
        let told = Told { manifest: self.manifest.clone(), remarks: self.remarks()?, inputs: self.inputs.clone() };
        let study = Study::read(&compared, told, |run| self.tables(run))?;
        Ok(recsafe_report::page(&study, form, &public_figures()))
    }

    /// What a reader of the results should know: planned runs that are missing, runs that are left out, rules that never applied. Sentences.
    ///
    /// # Errors
    /// If the folder cannot be looked into.
    pub fn remarks(&self) -> Result<Vec<String>, Error> {
        match &self.place {
            Place::Folder(folder) => Ok(pages::remarks(folder, &self.manifest)?),
            Place::Memory(ran) => {
                let remarks = [missing_of(&ran.index, &self.manifest), never_applied_in_words(&self.manifest)];
                Ok(remarks.into_iter().flatten().collect())
            }
        }
    }

    /// What happened to one account in a run, week by week: what it was shown, who wrote to it, what the platform did. Plain text of at
    /// most `width` columns.
    ///
    /// # Errors
    /// If there is no such account, or a table cannot be read.
    pub fn story(&self, run: &RunEntry, account: u32, width: usize) -> Result<String, Error> {
        let life = Life::read(&Run::of(&self.manifest, run), &self.tables(run), account)?;
        Ok(page(&[&life], Look { width, unicode: true }))
    }

    /// The tables of a run.
    fn tables(&self, run: &RunEntry) -> RunTables<'_> {
        match &self.place {
            Place::Folder(folder) => RunTables::Folder(Box::new(folder.run(run))),
            Place::Memory(ran) => {
                let run_words = recsafe_results::run_words(&run.arm, run.point, run.seed);
                ran.tables.get(&run.hash).map_or(RunTables::Unknown(run_words), RunTables::Memory)
            }
        }
    }
}

/// Refuses names that no arm has.
fn known_arms(experiment: &recsafe_config::Experiment, named: &[String]) -> Result<(), UnknownName> {
    let known = || experiment.arms.iter().map(|arm| &arm.name);
    match named.iter().find(|name| !known().any(|known| known == *name)) {
        Some(found) => Err(no_arm(found, known())),
        None => Ok(()),
    }
}

/// Returns the error for a name that is not among these arms.
fn no_arm<'a>(found: &str, known: impl Iterator<Item = &'a String>) -> UnknownName {
    UnknownName { what: "arm".to_owned(), found: found.to_owned(), known: known.cloned().collect() }
}

/// The tables of one run, wherever they are.
enum RunTables<'a> {
    Folder(Box<RunFolder>),
    Memory(&'a TablesInMemory),
    /// The run, in words, is not among the results.
    Unknown(String),
}

impl RunTables<'_> {
    fn no_run<T>(run: &str) -> Result<T, Error> {
        Err(Error::NoRun { run: run.to_owned() })
    }
}

impl Tables for RunTables<'_> {
    type Error = Error;

    fn place(&self, table: &Table) -> PathBuf {
        match self {
            RunTables::Folder(run) => run.place(table),
            RunTables::Memory(tables) => tables.place(table),
            RunTables::Unknown(_) => table.file().into(),
        }
    }

    fn has(&self, table: &Table) -> bool {
        match self {
            RunTables::Folder(run) => run.has(table),
            RunTables::Memory(tables) => tables.has(table),
            RunTables::Unknown(_) => false,
        }
    }

    fn rows<R: Read>(&self) -> Result<Vec<R>, Error> {
        match self {
            RunTables::Folder(run) => Ok(run.rows()?),
            RunTables::Memory(tables) => Ok(tables.rows()?),
            RunTables::Unknown(run) => RunTables::no_run(run),
        }
    }

    fn rows_holding<R: Read>(&self, keys: &[&str], value: Cell) -> Result<Vec<R>, Error> {
        match self {
            RunTables::Folder(run) => Ok(run.rows_holding(keys, value)?),
            RunTables::Memory(tables) => Ok(tables.rows_holding(keys, value)?),
            RunTables::Unknown(run) => RunTables::no_run(run),
        }
    }

    fn count(&self, table: &Table, column: &str) -> Result<BTreeMap<u32, u32>, Error> {
        match self {
            RunTables::Folder(run) => Ok(run.count(table, column)?),
            RunTables::Memory(tables) => Ok(tables.count(table, column)?),
            RunTables::Unknown(run) => RunTables::no_run(run),
        }
    }
}
