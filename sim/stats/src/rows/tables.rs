//! The tables of a run, for readers that need not know where they are kept.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Cell, Read, Table};

/// The tables of one run.
pub trait Tables {
    /// What can be wrong with them.
    type Error;

    /// Where a table is, or would be.
    fn place(&self, table: &Table) -> PathBuf;

    /// Whether the run has a table.
    fn has(&self, table: &Table) -> bool;

    /// The rows of a table.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    fn rows<R: Read>(&self) -> Result<Vec<R>, Self::Error>;

    /// The rows of a table that have this value in one of the columns `keys`.
    ///
    /// # Errors
    /// As of [`Tables::rows`].
    fn rows_holding<R: Read>(&self, keys: &[&str], value: Cell) -> Result<Vec<R>, Self::Error>;

    /// The ids in a column of a table, each with the number of rows that have it.
    ///
    /// # Errors
    /// As of [`Tables::rows`].
    fn count(&self, table: &Table, column: &str) -> Result<BTreeMap<u32, u32>, Self::Error>;
}
