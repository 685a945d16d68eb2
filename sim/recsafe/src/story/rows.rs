//! What a table of a run has of one account.

use std::path::Path;

use crate::store::{ReadTable, RunFolder, StoreError, find_table};

/// Some rows of a table, column by column.
pub(super) struct Rows {
    table: ReadTable,
    kept: Vec<usize>,
}

impl Rows {
    /// The rows of a run's table in which the account stands in one of the columns `keys`; none if the run has no such table.
    pub(super) fn about(run: &Path, table: &str, keys: &[&str], account: u32) -> Result<Option<Rows>, StoreError> {
        let Some(table) = whole(run, table)? else { return Ok(None) };
        let mut kept = Vec::new();
        for key in keys {
            let is_it = |&(_, id): &(usize, &Option<f64>)| *id == Some(f64::from(account));
            kept.extend(table.number(key)?.iter().enumerate().filter(is_it).map(|(row, _)| row));
        }
        kept.sort_unstable();
        kept.dedup();
        Ok(Some(Rows { table, kept }))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// A column of texts; null as an empty text.
    pub(super) fn text(&self, column: &str) -> Result<Vec<String>, StoreError> {
        let all = self.table.text(column)?;
        Ok(self.kept.iter().map(|&row| all[row].clone()).collect())
    }

    /// A column of numbers.
    pub(super) fn number(&self, column: &str) -> Result<Vec<Option<f64>>, StoreError> {
        let all = self.table.number(column)?;
        Ok(self.kept.iter().map(|&row| all[row]).collect())
    }

    /// A column of days that may be null.
    pub(super) fn days(&self, column: &str) -> Result<Vec<Option<i32>>, StoreError> {
        Ok(self.number(column)?.into_iter().map(|day| day.map(|day| day as i32)).collect())
    }

    /// A column of counts or ids; null as 0.
    pub(super) fn count(&self, column: &str) -> Result<Vec<u32>, StoreError> {
        Ok(self.number(column)?.into_iter().map(|number| number.unwrap_or(0.0) as u32).collect())
    }

    /// A column of truth values; null as false.
    pub(super) fn flag(&self, column: &str) -> Result<Vec<bool>, StoreError> {
        Ok(self.number(column)?.into_iter().map(|number| number == Some(1.0)).collect())
    }
}

/// A whole table of a run; none if the run has no such file.
pub(super) fn whole(run: &Path, table: &str) -> Result<Option<ReadTable>, StoreError> {
    let path = run.join(format!("{table}.parquet"));
    if !path.exists() {
        return Ok(None);
    }
    let columns: Vec<&str> =
        find_table(table).into_iter().flat_map(|table| table.columns).map(|column| column.name).collect();
    match RunFolder::open(run)? {
        Some(folder) => folder.read_table(table, &columns).map(Some),
        None => ReadTable::read(&path, &columns).map(Some),
    }
}
