//! Tables of a run in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::{Cell, Read, Row, Table, Tables};

/// Tables of one run in memory, with rows in their original order.
#[derive(Debug, Default)]
pub struct TablesInMemory(Vec<Box<dyn Rows>>);

/// Rows of one table, of any type.
trait Rows: fmt::Debug + Send + Sync {
    /// Returns the table of the rows.
    fn table(&self) -> &'static Table;

    /// Returns the number of rows.
    fn len(&self) -> usize;

    /// Returns the cells of one row, one per column of the table.
    fn cells(&self, index: usize) -> Vec<Cell<'_>>;
}

impl<R: Row + fmt::Debug + Send + Sync> Rows for Vec<R> {
    fn table(&self) -> &'static Table {
        R::TABLE
    }

    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn cells(&self, index: usize) -> Vec<Cell<'_>> {
        self[index].cells().collect()
    }
}

/// Reason why rows cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRows {
    /// The run has no such table.
    Table(String),
    /// The table has no such column.
    Column(String, String),
}

impl fmt::Display for NoRows {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NoRows::Table(table) => write!(f, "the run has no table `{table}`"),
            NoRows::Column(table, column) => write!(f, "the table `{table}` has no column `{column}`"),
        }
    }
}

impl std::error::Error for NoRows {}

impl TablesInMemory {
    /// Adds a table, replacing an existing table of the same name.
    pub fn keep<R: Row + fmt::Debug + Send + Sync + 'static>(&mut self, rows: impl IntoIterator<Item = R>) {
        self.0.retain(|stored| stored.table().name != R::TABLE.name);
        self.0.push(Box::new(rows.into_iter().collect::<Vec<R>>()));
    }

    fn table(&self, table: &Table) -> Option<&dyn Rows> {
        self.0.iter().find(|stored| stored.table().name == table.name).map(AsRef::as_ref)
    }

    /// Returns the rows of `R`'s table for which `wanted` returns `true`.
    fn read<R: Read>(&self, wanted: impl Fn(&[Cell]) -> bool) -> Result<Vec<R>, NoRows> {
        let stored = self.table(R::TABLE).ok_or(NoRows::Table(R::TABLE.name.to_owned()))?;
        let columns = R::COLUMNS.iter().map(|column| place_of(stored.table(), column.name));
        let columns = columns.collect::<Result<Vec<usize>, NoRows>>()?;
        let all = (0..stored.len()).map(|index| stored.cells(index)).filter(|cells| wanted(cells));
        all.map(|cells| {
            let own: Vec<Cell> = columns.iter().map(|&column| cells[column]).collect();
            R::read(&own).map_err(|index| column_of(R::TABLE, R::COLUMNS[index].name))
        })
        .collect()
    }
}

/// Returns the error for a column that is missing or has a different type.
fn column_of(table: &Table, column: &str) -> NoRows {
    NoRows::Column(table.name.to_owned(), column.to_owned())
}

/// Returns the index of a column in a table.
fn place_of(table: &Table, column: &str) -> Result<usize, NoRows> {
    let index = table.columns.iter().position(|known| known.name == column);
    index.ok_or_else(|| column_of(table, column))
}

impl Tables for TablesInMemory {
    type Error = NoRows;

    fn path_of(&self, table: &Table) -> PathBuf {
        table.file().into()
    }

    fn has(&self, table: &Table) -> bool {
        self.table(table).is_some()
    }

    fn rows<R: Read>(&self) -> Result<Vec<R>, NoRows> {
        self.read(|_| true)
    }

    fn rows_holding<R: Read>(&self, keys: &[&str], value: Cell) -> Result<Vec<R>, NoRows> {
        let keys = keys.iter().map(|key| place_of(R::TABLE, key)).collect::<Result<Vec<usize>, NoRows>>()?;
        self.read(|cells| keys.iter().any(|&key| cells[key] == value))
    }

    fn count(&self, table: &Table, column: &str) -> Result<BTreeMap<u32, u32>, NoRows> {
        let stored = self.table(table).ok_or_else(|| NoRows::Table(table.name.to_owned()))?;
        let column = place_of(stored.table(), column)?;
        let mut counts = BTreeMap::new();
        for index in 0..stored.len() {
            if let Cell::U32(id) = stored.cells(index)[column] {
                *counts.entry(id).or_default() += 1;
            }
        }
        Ok(counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{DailyRow, DayValue, MetricRow, ProbeRow};

    fn slate(probe: u32, slate: u32) -> ProbeRow {
        ProbeRow { probe, script: "passive".into(), slate, day: 3, clicks_so_far: 0, views: 9, harmful: 2, severe: 1 }
    }

    fn kept() -> TablesInMemory {
        let mut tables = TablesInMemory::default();
        tables.keep([slate(7, 1), slate(8, 1), slate(7, 2)]);
        let row = |day| DailyRow {
            day,
            metric: "dose".into(),
            group: "all".into(),
            value: Some(f64::from(day)),
            factor: 1.0,
            numerator: 0.0,
            denominator: 1.0,
        };
        tables.keep((0..3).map(row));
        tables
    }

    #[test]
    fn rows_come_back_whole_or_in_part() {
        let (tables, first) = (kept(), slate(7, 1));
        let all: Vec<ProbeRow> = tables.rows().unwrap();
        assert_eq!(all, [first.clone(), slate(8, 1), slate(7, 2)]);
        let held: Vec<ProbeRow> = tables.rows_holding(&["probe"], Cell::U32(7)).unwrap();
        assert_eq!(held, [first, slate(7, 2)]);
        let days: Vec<DayValue> = tables.rows().unwrap();
        assert_eq!(days[2].day, 2);
        assert_eq!(tables.count(ProbeRow::TABLE, "probe").unwrap(), BTreeMap::from([(7, 2), (8, 1)]));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let tables = kept();
        let message = |error: NoRows| error.to_string();
        assert_eq!(message(tables.rows::<MetricRow>().unwrap_err()), "the run has no table `metrics`");
        let unknown = tables.rows_holding::<ProbeRow>(&["colour"], Cell::Null).map_err(message);
        assert_eq!(unknown, Err("the table `probes` has no column `colour`".to_owned()));
        assert!(tables.has(ProbeRow::TABLE) && !tables.has(MetricRow::TABLE));
    }
}
