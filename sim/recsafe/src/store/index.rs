//! The tables at the root that are made from the runs: `runs.parquet`, the index of the plan, and the small tables of all runs in one file each.

use std::path::Path;

use super::layout::run_id;
use super::manifest::RunEntry;
use super::parquet::{Data, Joined, ReadTable};
use super::run_files::RunFolder;
use super::tables::{JOINED, Table, find};
use super::{Folder, FolderLock, StoreError};

/// Whether a planned run is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunStatus {
    /// It is.
    Done,
    /// It is still to be made.
    Missing,
    /// It is part of the plan, but nobody asked for it: `--arms` leaves arms out, a search gives candidates up.
    LeftOut,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [RunStatus; 3] = [RunStatus::Done, RunStatus::Missing, RunStatus::LeftOut];

    /// Its name in `runs.parquet`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RunStatus::Done => "done",
            RunStatus::Missing => "missing",
            RunStatus::LeftOut => "left-out",
        }
    }
}

/// One run of the plan, as `runs.parquet` has it. Runs that the same settings and seed decide have the same id, and the same files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexRow {
    /// Its id: the name of its folder is `run=` and this.
    pub run: String,
    /// Its arm.
    pub arm: String,
    /// Its point.
    pub point: u32,
    /// Its seed.
    pub seed: u64,
    /// Whether it is there.
    pub status: RunStatus,
}

impl IndexRow {
    /// The row of a run with this hash.
    #[must_use]
    pub fn new(hash: &str, arm: &str, point: u32, seed: u64, status: RunStatus) -> Self {
        IndexRow { run: run_id(hash), arm: arm.to_owned(), point, seed, status }
    }

    /// The run in words: `as-is, point 2, seed 1`.
    #[must_use]
    pub fn words(&self) -> String {
        run_words(&self.arm, self.point, self.seed)
    }
}

/// A run in words: its arm, its point unless that is the first, and its seed.
#[must_use]
pub fn run_words(arm: &str, point: u32, seed: u64) -> String {
    let point = if point > 0 { format!(", point {point}") } else { String::new() };
    format!("{arm}{point}, seed {seed}")
}

impl Folder {
    /// Writes `runs.parquet`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_index(&self, held: &FolderLock, rows: &[IndexRow]) -> Result<(), StoreError> {
        let columns = vec![
            rows.iter().map(|row| row.run.clone()).collect::<Data>(),
            rows.iter().map(|row| row.arm.clone()).collect(),
            rows.iter().map(|row| row.point).collect(),
            rows.iter().map(|row| row.seed).collect(),
            rows.iter().map(|row| row.status.name()).collect(),
        ];
        self.write_whole(held, "runs.parquet", |path| super::write(path, table("runs")?, columns))
    }

    /// Reads `runs.parquet`; none if there is none.
    ///
    /// # Errors
    /// If it is not that table.
    pub fn read_index(&self) -> Result<Option<Vec<IndexRow>>, StoreError> {
        let path = self.path().join("runs.parquet");
        if !path.exists() {
            return Ok(None);
        }
        let read = ReadTable::read(&path, &["run", "arm", "point", "seed", "status"])?;
        let (runs, arms, statuses) = (read.text("run")?, read.text("arm")?, read.text("status")?);
        let (points, seeds) = (read.whole("point")?, read.whole("seed")?);
        let row = |row: usize| {
            let status = RunStatus::ALL.into_iter().find(|status| status.name() == statuses[row]);
            let status = status.ok_or_else(|| StoreError::BadTable {
                path: path.clone(),
                what: format!("row {row} has the status {:?}", statuses[row]),
            })?;
            let (run, arm) = (runs[row].clone(), arms[row].clone());
            Ok(IndexRow { run, arm, point: points[row] as u32, seed: seeds[row], status })
        };
        (0..runs.len()).map(row).collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Whether this is the folder of a search that ended with a winner.
    #[must_use]
    pub fn found_a_winner(&self) -> bool {
        let path = self.path().join("candidates.parquet");
        let read = || ReadTable::read(&path, &["winner"])?.number("winner");
        path.is_file() && read().is_ok_and(|winners| winners.contains(&Some(1.0)))
    }

    /// Writes `metrics.parquet` and `daily.parquet` of all these runs, in their order.
    ///
    /// # Errors
    /// If a run's table cannot be read, or a file not be written.
    pub fn write_small_tables(&self, held: &FolderLock, runs: &[RunEntry]) -> Result<(), StoreError> {
        JOINED.iter().try_for_each(|table| {
            self.write_whole(held, &format!("{}.parquet", table.name), |path| self.join_runs(path, table, runs))
        })
    }

    /// One table of all these runs, with the arm, the point and the seed of each row.
    fn join_runs(&self, path: &Path, whole: &'static Table, runs: &[RunEntry]) -> Result<(), StoreError> {
        let of_a_run = table(whole.name)?;
        let columns: Vec<&str> = of_a_run.columns.iter().map(|column| column.name).collect();
        let mut joined = Joined::new(path, whole)?;
        for run in runs {
            let read = RunFolder::of(self.path(), run).read_table(whole.name, &columns)?;
            joined.push(&run.arm, run.point, run.seed, &read)?;
        }
        joined.finish()
    }
}

fn table(name: &str) -> Result<&'static Table, StoreError> {
    find(name).ok_or_else(|| StoreError::Columns { table: name.to_owned(), what: "no such table".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_comes_back_as_it_was_written() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        assert_eq!(folder.read_index().unwrap(), None);
        let hash = "0123456789abcdef".repeat(4);
        let row = |arm: &str, seed, status| IndexRow::new(&hash, arm, 3, seed, status);
        // Names that look like numbers and dates stay texts; a seed may have 64 bits.
        let rows = [
            row("0.10", 1, RunStatus::Done),
            row("2023-10-25", u64::MAX, RunStatus::Missing),
            row("1e-1", 2, RunStatus::LeftOut),
        ];
        let held = folder.lock().unwrap();
        folder.write_index(&held, &rows).unwrap();
        assert_eq!(folder.read_index().unwrap().unwrap(), rows);
        assert_eq!(rows[0].words(), "0.10, point 3, seed 1");
        assert_eq!(run_words("as-is", 0, 2), "as-is, seed 2");
    }
}
