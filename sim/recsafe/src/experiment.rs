//! An experiment that was read and checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use recsafe_config::registered::versions_of_metrics;
use recsafe_config::{Input, Plan, Problems, packages};
use recsafe_engine::Scenario;
use recsafe_engine::measure::metrics;
use recsafe_results::import::Parquet;

use super::experiments::SHIPPED;
use super::{Error, ExperimentBuilder, Results, RunOptions};

/// A checked experiment: in it nothing can be wrong any more.
///
/// ```
/// use recsafe::prelude::*;
///
/// let experiment = Experiment::from_toml(r#"
///     [experiment]
///     name = "small"
///     days = 2
///     seeds = 2
///     warm_up_days = 1
///     [population]
///     accounts = 200
///     [[arm]]
///     name = "as-is"
///     [[arm]]
///     name = "random"
///     set = { "feed.ranker.kind" = "random" }
/// "#)?;
/// let smaller = experiment.with(["population.accounts=150", "experiment.days=1"])?;
/// assert_eq!((experiment.days(), smaller.days(), smaller.runs()), (2, 1, 4));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Experiment {
    input: Input,
    checked: recsafe_config::Experiment,
}

impl Experiment {
    /// Begins an experiment that is put together in code.
    pub fn builder(name: &str) -> ExperimentBuilder {
        ExperimentBuilder::new(name)
    }

    /// Reads an experiment file.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all problems at once.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = packages::read(path).map_err(|problem| Problems(vec![problem]))?;
        Experiment::of_text(path.to_owned(), text)
    }

    /// Reads the text of an experiment file. Files that it names are looked for from the working directory.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all problems at once.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Experiment::of_text(PathBuf::from("experiment.toml"), text.to_owned())
    }

    /// An experiment that comes with recsafe; none if there is none of this name. [`Experiment::shipped_names`] has all of them.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Experiment::of_text(PathBuf::from(format!("experiments/{name}.toml")), (*text).to_owned()).ok()
    }

    /// The names of the experiments that come with recsafe.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    pub(super) fn of_text(file: PathBuf, text: String) -> Result<Self, Error> {
        Experiment::read(Input {
            file,
            text,
            metrics: metrics::known(),
            parquet: Some(Arc::new(Parquet)),
            ..Input::default()
        })
    }

    fn read(input: Input) -> Result<Self, Error> {
        let checked = recsafe_config::Experiment::read(&input)?;
        Ok(Experiment { input, checked })
    }

    /// The same with some settings changed, each as `PATH=VALUE`: what `--set` takes.
    ///
    /// # Errors
    /// [`Error::Experiment`] if a setting is unknown or does not fit.
    pub fn with<S: Into<String>>(&self, settings: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut input = self.input.clone();
        input.set.extend(settings.into_iter().map(Into::into));
        Experiment::read(input)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.checked.about.name
    }

    /// What is asked; empty if the file does not say.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.checked.about.question
    }

    /// The names of its arms, in their order.
    pub fn arms(&self) -> impl Iterator<Item = &str> {
        self.checked.arms.iter().map(|arm| arm.name.as_str())
    }

    /// The arm that others are compared with.
    #[must_use]
    pub fn baseline(&self) -> &str {
        &self.checked.baseline
    }

    /// Measured days.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.checked.about.days
    }

    /// The seeds that every arm meets.
    #[must_use]
    pub fn seeds(&self) -> Vec<u64> {
        self.checked.about.seeds.list()
    }

    /// How many points its sweep has; 1 if nothing is swept.
    #[must_use]
    pub fn points(&self) -> usize {
        self.checked.points.len()
    }

    /// How many runs it has: one for each arm, point and seed.
    #[must_use]
    pub fn runs(&self) -> usize {
        Plan::new(&self.checked).runs.len()
    }

    /// What its reader should know though nothing is wrong: sentences.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.checked.notes
    }

    /// The text that it was read from. What [`Experiment::with`] changed is not in it.
    #[must_use]
    pub fn toml(&self) -> &str {
        &self.input.text
    }

    /// All that decides the runs of an arm at a sweep point (0 if nothing is swept) but for the seed, for a
    /// [`Simulation`](crate::Simulation) that is stepped by hand. None if there is no such arm or point.
    #[must_use]
    pub fn scenario(&self, arm: &str, point: usize) -> Option<Scenario> {
        let place = self.checked.arms.iter().position(|known| known.name == arm)?;
        (point < self.points()).then(|| recsafe_run::scenario(&self.checked, place, point))
    }

    /// Runs it in memory on all cores: nothing is written.
    ///
    /// # Errors
    /// If the runs do not fit into memory, or one fails.
    pub fn run(&self) -> Result<Results, Error> {
        self.run_with(&RunOptions::new())
    }

    /// Runs it into a results folder, as the program does: tables, comparison and report are written. The folder must be new or empty.
    ///
    /// # Errors
    /// If the folder cannot be used, the runs do not fit, or one fails. Finished runs are kept.
    pub fn run_into(&self, folder: impl Into<PathBuf>) -> Result<Results, Error> {
        self.run_with(&RunOptions::new().folder(folder))
    }

    /// Runs it as the options say.
    ///
    /// # Errors
    /// As [`Experiment::run`], or as [`Experiment::run_into`] if the options name a folder.
    pub fn run_with(&self, options: &RunOptions) -> Result<Results, Error> {
        // What was registered since it was read is measured too, and belongs to the hash of its runs.
        let known = metrics::known();
        if versions_of_metrics(&known) == self.checked.metrics {
            return Results::of_run(&self.checked, options);
        }
        let now = Experiment::read(Input { metrics: known, ..self.input.clone() })?;
        Results::of_run(&now.checked, options)
    }
}
