//! Access to the tables of a run, independent of their storage.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Cell, Read, Table};

/// The tables of one run.
pub trait Tables {
    /// Error of a failed access.
    type Error;

    /// Returns the path of a table's file, whether or not the file exists.
    fn path_of(&self, table: &Table) -> PathBuf;

    /// Returns whether the run has a table.
    fn has(&self, table: &Table) -> bool;

    /// Returns the rows of a table.
    ///
    /// # Errors
    /// If the table cannot be read, or its content is invalid.
    fn rows<R: Read>(&self) -> Result<Vec<R>, Self::Error>;

    /// Returns the rows of a table that have this value in at least one of the columns `keys`.
    ///
    /// # Errors
    /// As for [`Tables::rows`].
    fn rows_holding<R: Read>(&self, keys: &[&str], value: Cell) -> Result<Vec<R>, Self::Error>;

    /// Counts the rows of a table by the ids in a column.
    ///
    /// # Errors
    /// As for [`Tables::rows`].
    fn count(&self, table: &Table, column: &str) -> Result<BTreeMap<u32, u32>, Self::Error>;
}
