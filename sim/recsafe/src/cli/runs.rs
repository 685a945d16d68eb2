//! Where runs go and how they are made: arguments of every command that runs an experiment.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::run::{Options, RunError};

/// The results folder, threads, and what to do with results that are there.
#[derive(Debug, clap::Args)]
pub(super) struct Runs {
    /// The results folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; all cores if not given. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Run what is missing in a folder that holds results already; runs that were cut off go on from their checkpoint, if one was kept.
    #[arg(long, conflicts_with = "overwrite")]
    pub resume: bool,
    /// Take away results that are in the folder already.
    #[arg(long)]
    overwrite: bool,
    /// Show no progress and no summary.
    #[arg(long)]
    pub quiet: bool,
}

impl Runs {
    /// How an experiment is run into the folder named, or else into `results/<name>/`.
    pub(super) fn options(&self, name: &str) -> Options {
        Options {
            out: self.out.clone().unwrap_or_else(|| PathBuf::from("results").join(name)),
            threads: super::threads(self.threads),
            arms: None,
            points: None,
            resume: self.resume,
            overwrite: self.overwrite,
            quiet: self.quiet,
            command: String::new(),
            profile: None,
            status: String::new(),
        }
    }
}

/// What came of running, or the failure, with a word on what is kept.
pub(super) fn ran<T>(outcome: Result<T, RunError>, folder: &Path) -> Result<T, Failure> {
    outcome.map_err(|error| {
        let failure = Failure::from(error);
        if let Failure::Work(_) = failure {
            eprintln!("Finished runs are kept in {}; `--resume` goes on from there.", folder.display());
        }
        failure
    })
}

/// Says what is kept of work that was stopped, and how to go on.
pub(super) fn stopped(command: &str, file: &Path, folder: &Path, kept: &str) -> Failure {
    eprintln!("Stopped. {kept} kept in {}.", folder.display());
    eprintln!("To go on:  recsafe {command} {} --out {} --resume", file.display(), folder.display());
    Failure::Stopped
}
