//! `runs.parquet`: the index of a folder.

use super::{Cell, Kind, Value, table};

/// Status of a planned run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// The run is finished.
    Done,
    /// The run is not finished.
    Missing,
    /// The run is planned but not requested: `--arms` selects other arms, or a search discarded the
    /// candidate.
    LeftOut,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [RunStatus; 3] = [RunStatus::Done, RunStatus::Missing, RunStatus::LeftOut];

    /// Returns the name of the status in `runs.parquet`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RunStatus::Done => "done",
            RunStatus::Missing => "missing",
            RunStatus::LeftOut => "left-out",
        }
    }
}

impl Value for RunStatus {
    const KIND: Kind = Kind::Text;

    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.name())
    }

    fn of(cell: Cell<'_>) -> Option<Self> {
        RunStatus::ALL.into_iter().find(|status| status.cell() == cell)
    }
}

table! {
    /// One row per planned run: the index of the folder. Runs with the same settings and seed share
    /// one id and one set of files.
    "runs": pub struct RunRow {
        /// id of the run; its files are in runs/run=<id>/
        run: String;
        /// name of the arm
        arm: String;
        /// sweep point; 0 without a sweep
        point: u32;
        /// seed of the run
        seed: u64;
        /// done, missing, or left-out (planned, but not requested)
        status: RunStatus;
    }
}

impl RunRow {
    /// Describes the run: `as-is, point 2, seed 1`.
    #[must_use]
    pub fn words(&self) -> String {
        run_words(&self.arm, self.point, self.seed)
    }
}

/// Describes a run by its arm, point and seed. Omits the point if it is 0.
#[must_use]
pub fn run_words(arm: &str, point: u32, seed: u64) -> String {
    let point = if point > 0 { format!(", point {point}") } else { String::new() };
    format!("{arm}{point}, seed {seed}")
}
