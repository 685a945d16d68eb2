//! Whatever can go wrong.

use std::path::PathBuf;

use recsafe_analysis::UnknownName;
use recsafe_config::Problems;
use recsafe_engine::{BadRules, DayError};
use recsafe_report::story::StoryError;
use recsafe_results::StoreError;
use recsafe_run::RunError;
use recsafe_stats::rows::NoRows;

/// Whatever can go wrong, in words that can be shown to people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The experiment is not right. The message shows each place of the file that is wrong, as the program does.
    #[error(transparent)]
    Experiment(#[from] Problems),
    /// A run failed, or there is no room for the runs.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A results folder cannot be read or written.
    #[error(transparent)]
    Folder(#[from] StoreError),
    /// The folder holds no results.
    #[error("{} holds no results: there is no manifest.json in it", .0.display())]
    NoResults(PathBuf),
    /// A table of a run in memory has no such rows.
    #[error(transparent)]
    Rows(#[from] NoRows),
    /// There is no metric, group or arm of this name in the results.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// There is no such run in the results.
    #[error("{run} is not among the results")]
    NoRun {
        /// Its arm, sweep point and seed, in words.
        run: String,
    },
    /// The story of an account cannot be told.
    #[error(transparent)]
    Account(StoryError<Box<Error>>),
    /// A scenario names a ranker, an intervention or a knob that there is none of.
    #[error(transparent)]
    Scenario(#[from] BadRules),
    /// A ranker or a rule of another crate failed on a day of a [`Simulation`](crate::Simulation).
    #[error(transparent)]
    Day(#[from] DayError),
}

impl Error {
    /// Whether the input is wrong, rather than the work: what the program ends with exit code 2 for.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Error::Experiment(_) | Error::NoResults(_) | Error::UnknownName(_) | Error::NoRun { .. } => true,
            Error::Run(RunError::Store(error)) | Error::Folder(error) => error.is_wrong_input(),
            Error::Run(error) => matches!(error, RunError::NoRoom(_)),
            Error::Account(error) => !matches!(error, StoryError::Tables(_)),
            Error::Rows(_) | Error::Scenario(_) | Error::Day(_) => false,
        }
    }
}

impl From<StoryError<Error>> for Error {
    fn from(error: StoryError<Error>) -> Self {
        Error::Account(match error {
            StoryError::Tables(error) => return error,
            StoryError::NoAccounts(place) => StoryError::NoAccounts(place),
            StoryError::NoSuchAccount { account, arm, seed, last } => {
                StoryError::NoSuchAccount { account, arm, seed, last }
            }
        })
    }
}
