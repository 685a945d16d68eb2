//! What a table of a run has of one account.

use recsafe_stats::rows::{Cell, Read, Tables};

/// The rows of a run's table in which the account stands in one of the columns `keys`; none if the run has no such table.
pub(super) fn about<R: Read, T: Tables>(tables: &T, keys: &[&str], account: u32) -> Result<Option<Vec<R>>, T::Error> {
    if !tables.has(R::TABLE) {
        return Ok(None);
    }
    tables.rows_holding(keys, Cell::U32(account)).map(Some)
}
