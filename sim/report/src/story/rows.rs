//! What a table of a run has of one account.

use std::path::Path;

use recsafe_stats::rows::{Cell, Read, Table};

use recsafe_results::{RunEntry, RunFolder, StoreError};

/// The rows of a run's table in which the account stands in one of the columns `keys`; none if the run has no such table.
pub(super) fn about<R: Read>(run: &Path, keys: &[&str], account: u32) -> Result<Option<Vec<R>>, StoreError> {
    with(run, R::TABLE)?.map(|folder| folder.rows_holding(keys, Cell::U32(account))).transpose()
}

/// The run, if it has this table. One of the earlier layout says nothing of itself.
pub(super) fn with(run: &Path, table: &Table) -> Result<Option<RunFolder>, StoreError> {
    if !run.join(table.file()).exists() {
        return Ok(None);
    }
    let bare = || RunFolder { path: run.to_owned(), run: RunEntry::default() };
    RunFolder::open(run).map(|folder| Some(folder.unwrap_or_else(bare)))
}
