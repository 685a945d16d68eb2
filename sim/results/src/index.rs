//! Tables at the root: `runs.parquet` (the index of the plan) and the small tables of all runs.

use recsafe_stats::rows::{DailyRow, MetricRow, Read, Row, RunDailyRow, RunMetricRow, RunRow, RunStatus};

use super::layout::run_id;
use super::parquet::{Joined, any, read, write};
use super::run_files::RunFolder;
use super::{Folder, FolderLock, RunEntry, StoreError};

/// Returns the index row of a run. Runs with equal settings and seed share their id and their
/// files.
#[must_use]
pub fn run_row(hash: &str, arm: &str, point: u32, seed: u64, status: RunStatus) -> RunRow {
    RunRow { run: run_id(hash), arm: arm.to_owned(), point, seed, status }
}

impl Folder {
    /// Writes `runs.parquet`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_index(&self, lock: &FolderLock, rows: &[RunRow]) -> Result<(), StoreError> {
        self.write_whole(lock, &RunRow::TABLE.file(), |path| write(path, rows.iter().cloned()))
    }

    /// Reads `runs.parquet`, or returns `None` if it is missing.
    ///
    /// # Errors
    /// If the file is damaged or has a different table.
    pub fn read_index(&self) -> Result<Option<Vec<RunRow>>, StoreError> {
        let path = self.path().join(RunRow::TABLE.file());
        path.exists().then(|| read(&path)).transpose()
    }

    /// Returns whether the folder belongs to a search that found a winner.
    #[must_use]
    pub fn found_a_winner(&self) -> bool {
        let path = self.path().join("candidates.parquet");
        path.is_file() && any(&path, "winner").is_ok_and(|found| found)
    }

    /// Writes `metrics.parquet` and `daily.parquet` of all these runs, in their order.
    ///
    /// # Errors
    /// If a run's table cannot be read, or a file cannot be written.
    pub fn write_small_tables(&self, lock: &FolderLock, runs: &[RunEntry]) -> Result<(), StoreError> {
        self.write_joined::<MetricRow, RunMetricRow>(lock, runs)?;
        self.write_joined::<DailyRow, RunDailyRow>(lock, runs)
    }

    /// Writes the tables `One` of all runs as one table `All`, with arm, point and seed of each
    /// row.
    fn write_joined<One: Row, All: Row>(&self, lock: &FolderLock, runs: &[RunEntry]) -> Result<(), StoreError> {
        self.write_whole(lock, &All::TABLE.file(), |path| {
            let mut joined = Joined::new::<All>(path)?;
            for run in runs {
                joined.push(run, &RunFolder::of(self.path(), run).unchanged(One::TABLE)?)?;
            }
            joined.finish()
        })
    }
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
        let row = |arm: &str, seed, status| run_row(&hash, arm, 3, seed, status);
        // Names that look like numbers or dates stay texts, and seeds have 64 bits.
        let rows = [
            row("0.10", 1, RunStatus::Done),
            row("2023-10-25", u64::MAX, RunStatus::Missing),
            row("1e-1", 2, RunStatus::LeftOut),
        ];
        let lock = folder.lock().unwrap();
        folder.write_index(&lock, &rows).unwrap();
        assert_eq!(folder.read_index().unwrap().unwrap(), rows);
        assert_eq!(rows[0].words(), "0.10, point 3, seed 1");
        assert_eq!(recsafe_stats::rows::run_words("as-is", 0, 2), "as-is, seed 2");
    }
}
