//! Checked experiments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use recsafe_config::registered::versions_of_metrics;
use recsafe_config::{Input, Plan, Problems, packages};
use recsafe_engine::Scenario;
use recsafe_engine::measure::metrics;
use recsafe_results::import::Parquet;

use super::experiments::SHIPPED;
use super::{Error, ExperimentBuilder, Results, RunOptions};

/// A checked experiment. Every value of this type is valid.
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
    /// Returns a builder for an experiment.
    pub fn builder(name: &str) -> ExperimentBuilder {
        ExperimentBuilder::new(name)
    }

    /// Reads an experiment file and checks it.
    ///
    /// # Errors
    /// Returns [`Error::Experiment`] with all problems of the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = packages::read(path).map_err(|problem| Problems(vec![problem]))?;
        Experiment::of_text(path.to_owned(), text)
    }

    /// Reads the text of an experiment file and checks it. Relative paths in the text start from
    /// the working directory.
    ///
    /// # Errors
    /// Returns [`Error::Experiment`] with all problems of the text.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        Experiment::of_text(PathBuf::from("experiment.toml"), text.to_owned())
    }

    /// Returns a shipped experiment, or `None` if the name is unknown.
    /// [`Experiment::shipped_names`] lists the names.
    #[must_use]
    pub fn shipped(name: &str) -> Option<Self> {
        let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        Experiment::of_text(PathBuf::from(format!("experiments/{name}.toml")), (*text).to_owned()).ok()
    }

    /// Returns the names of the shipped experiments.
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

    /// Returns a copy with changed settings, each written as `PATH=VALUE`, as for `--set`.
    ///
    /// # Errors
    /// Returns [`Error::Experiment`] if a setting is unknown or a value is not allowed.
    pub fn with<S: Into<String>>(&self, settings: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut input = self.input.clone();
        input.set.extend(settings.into_iter().map(Into::into));
        Experiment::read(input)
    }

    /// Returns the experiment's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.checked.about.name
    }

    /// Returns the question, which is empty if the file has none.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.checked.about.question
    }

    /// Returns the names of the arms, in the order of the file.
    pub fn arms(&self) -> impl Iterator<Item = &str> {
        self.checked.arms.iter().map(|arm| arm.name.as_str())
    }

    /// Returns the name of the arm that the other arms are compared with.
    #[must_use]
    pub fn baseline(&self) -> &str {
        &self.checked.baseline
    }

    /// Returns the number of measured days.
    #[must_use]
    pub fn days(&self) -> u32 {
        self.checked.about.days
    }

    /// Returns the seeds, which all arms share.
    #[must_use]
    pub fn seeds(&self) -> Vec<u64> {
        self.checked.about.seeds.list()
    }

    /// Returns the number of sweep points, which is 1 without a sweep.
    #[must_use]
    pub fn points(&self) -> usize {
        self.checked.points.len()
    }

    /// Returns the number of runs: one per arm, point and seed.
    #[must_use]
    pub fn runs(&self) -> usize {
        Plan::new(&self.checked).runs.len()
    }

    /// Returns notes about the experiment, for example about names that have changed. Each note is
    /// a sentence.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.checked.notes
    }

    /// Returns the text that the experiment was read from, without the changes of
    /// [`Experiment::with`].
    #[must_use]
    pub fn toml(&self) -> &str {
        &self.input.text
    }

    /// Returns the input for a [`Simulation`](crate::Simulation) of one arm at one sweep point: the
    /// settings and everything else that the simulation needs, except the seed. Without a sweep,
    /// the point is 0.
    ///
    /// Returns `None` if there is no such arm or point.
    #[must_use]
    pub fn scenario(&self, arm: &str, point: usize) -> Option<Scenario> {
        let index = self.checked.arms.iter().position(|known| known.name == arm)?;
        (point < self.points()).then(|| recsafe_run::scenario(&self.checked, index, point))
    }

    /// Runs the experiment on all cores and keeps the results in memory.
    ///
    /// # Errors
    /// Returns an error if the runs do not fit into memory, or if a run fails.
    pub fn run(&self) -> Result<Results, Error> {
        self.run_with(&RunOptions::new())
    }

    /// Runs the experiment into a results folder, as `recsafe run` does.
    ///
    /// The folder contains tables, the comparison and the report. The folder must be new or empty.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be used, if the runs do not fit into memory or on the
    /// disk, or if a run fails. Finished runs are kept.
    pub fn run_into(&self, folder: impl Into<PathBuf>) -> Result<Results, Error> {
        self.run_with(&RunOptions::new().folder(folder))
    }

    /// Runs the experiment with options.
    ///
    /// # Errors
    /// Returns the same errors as [`Experiment::run`], or as [`Experiment::run_into`] if the
    /// options name a folder. An unknown arm in the options is an [`Error::UnknownName`].
    pub fn run_with(&self, options: &RunOptions) -> Result<Results, Error> {
        // Runs also measure metrics that were registered after the experiment was read. The
        // versions of these metrics are part of the hash of the runs, so the experiment is read
        // again.
        let known = metrics::known();
        if versions_of_metrics(&known) == self.checked.metrics {
            return Results::of_run(&self.checked, options);
        }
        let now = Experiment::read(Input { metrics: known, ..self.input.clone() })?;
        Results::of_run(&now.checked, options)
    }
}
