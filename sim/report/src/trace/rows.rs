//! Rows of one account in a table of a run.

use recsafe_stats::rows::{Cell, Read, Tables};

/// Reads the rows of a table in which one of the columns `keys` contains the account's number.
/// Returns `None` if the run has no such table.
pub(super) fn about<R: Read, T: Tables>(tables: &T, keys: &[&str], account: u32) -> Result<Option<Vec<R>>, T::Error> {
    if !tables.has(R::TABLE) {
        return Ok(None);
    }
    tables.rows_holding(keys, Cell::U32(account)).map(Some)
}
