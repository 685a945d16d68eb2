//! How an experiment is run from code.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use recsafe_run::{Limits, Observer, Options, Size, silent};

/// What to do with results that are in the folder already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse to run.
    #[default]
    Refuse,
    /// Run what is missing.
    Resume,
    /// Take them away.
    Overwrite,
}

/// How an experiment is run: on how many threads, where results go, who hears of it. Results never depend on the threads.
///
/// ```
/// use recsafe::{Event, RunOptions};
///
/// let options = RunOptions::new().threads(2).observer(|event: Event| {
///     if event == Event::RunFinished {
///         println!("one more run");
///     }
/// });
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct RunOptions {
    pub(super) folder: Option<PathBuf>,
    pub(super) stop: Arc<AtomicBool>,
    existing: Existing,
    threads: usize,
    pub(super) arms: Option<Vec<String>>,
    observer: Arc<dyn Observer>,
    limits: Limits,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions::new()
    }
}

impl RunOptions {
    /// In memory, on all cores, and nobody hears of it.
    pub fn new() -> Self {
        RunOptions {
            folder: None,
            stop: Arc::default(),
            existing: Existing::Refuse,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            arms: None,
            observer: silent(),
            limits: Limits::default(),
        }
    }

    /// Results go into this folder.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// What to do with results that are there already.
    pub fn existing(mut self, existing: Existing) -> Self {
        self.existing = existing;
        self
    }

    /// Threads, from 1 to 1,024; others are taken to the nearest of these.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.clamp(1, 1024);
        self
    }

    /// Runs only these arms, and the baseline. A name that no arm has is an error when it is run.
    pub fn arms<S: Into<String>>(mut self, arms: impl IntoIterator<Item = S>) -> Self {
        self.arms = Some(arms.into_iter().map(Into::into).collect());
        self
    }

    /// Who hears how far the runs are, and what people should know.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Arc::new(observer);
        self
    }

    /// Most memory that the runs may take, in bytes; what is free if it is not set. Fewer worlds go side by side where there is little.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.limits.memory = Some(Size(bytes));
        self
    }

    /// Most space that results may take on disk, in bytes; what is free if it is not set.
    pub fn max_disk(mut self, bytes: u64) -> Self {
        self.limits.disk = Some(Size(bytes));
        self
    }

    /// A flag that ends the work when it is raised: finished runs are kept.
    pub fn stop(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// The same for the runner.
    pub(super) fn for_runner(&self) -> Options {
        Options {
            arms: self.arms.clone(),
            resume: self.existing == Existing::Resume,
            overwrite: self.existing == Existing::Overwrite,
            observer: Arc::clone(&self.observer),
            limits: self.limits,
            ..Options::new(self.folder.clone().unwrap_or_default(), self.threads)
        }
    }
}
