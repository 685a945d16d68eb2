//! The error type of the library.

use std::path::PathBuf;

use recsafe_analysis::UnknownName;
use recsafe_config::Problems;
use recsafe_engine::{BadRules, DayError};
use recsafe_report::trace::TraceError;
use recsafe_results::StoreError;
use recsafe_run::RunError;
use recsafe_stats::rows::NoRows;

/// An error of the library, with a message for end users.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The experiment has mistakes. The message quotes the lines with mistakes, as `recsafe check`
    /// does.
    #[error(transparent)]
    Experiment(#[from] Problems),
    /// A run failed, or the runs do not fit into memory or on the disk.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A results folder cannot be read or written.
    #[error(transparent)]
    Folder(#[from] StoreError),
    /// The folder contains no results.
    #[error("{} is not a results folder: it has no manifest.json", .0.display())]
    NoResults(PathBuf),
    /// A table of a run in memory does not have rows of the requested type.
    #[error(transparent)]
    Rows(#[from] NoRows),
    /// The results have no metric, group, family or arm of this name.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// The results do not contain the run.
    #[error("there is no run `{run}` in the results")]
    NoRun {
        /// Arm, sweep point and seed, in words.
        run: String,
    },
    /// An account cannot be traced.
    #[error(transparent)]
    Account(TraceError<Box<Error>>),
    /// A scenario names an unknown ranker, intervention or knob.
    #[error(transparent)]
    Scenario(#[from] BadRules),
    /// A ranker or an intervention of another crate failed during a day of a
    /// [`Simulation`](crate::Simulation).
    #[error(transparent)]
    Day(#[from] DayError),
}

impl Error {
    /// Returns whether the cause is wrong input. The `recsafe` program exits with code 2 for wrong
    /// input, and with code 1 for all other errors.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Error::Experiment(_) | Error::NoResults(_) | Error::UnknownName(_) | Error::NoRun { .. } => true,
            Error::Run(RunError::Store(error)) | Error::Folder(error) => error.is_wrong_input(),
            Error::Run(error) => matches!(error, RunError::InsufficientResources(_)),
            Error::Account(error) => !matches!(error, TraceError::Tables(_)),
            Error::Rows(_) | Error::Scenario(_) | Error::Day(_) => false,
        }
    }
}

impl From<TraceError<Error>> for Error {
    fn from(error: TraceError<Error>) -> Self {
        Error::Account(match error {
            TraceError::Tables(error) => return error,
            TraceError::NoAccounts(path) => TraceError::NoAccounts(path),
            TraceError::NoSuchAccount { account, arm, seed, last } => {
                TraceError::NoSuchAccount { account, arm, seed, last }
            }
        })
    }
}
