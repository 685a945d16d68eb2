//! Where two runs part: in which settings and tables they differ, and the first day, step and account at which their worlds do when both are
//! simulated again side by side.

mod columns;
mod side_by_side;
mod words;

pub use side_by_side::Parting;
pub use words::around_the_difference;

use recsafe_common::ids::Day;
use recsafe_config::difference::json_difference;
use recsafe_engine::{BadRules, DayError};
use recsafe_results::{RunFolder, StoreError, TableDifference, table_difference};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{RunSettings, SettingsError};

/// Why two runs could not be held against each other.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// A file could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings of a run are of no use.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Settings that make no rules.
    #[error(transparent)]
    Rules(#[from] BadRules),
    /// A day that cannot be lived.
    #[error(transparent)]
    Day(#[from] DayError),
    /// Settings that are not of this program's kind.
    #[error("the settings of a run do not fit this program: {0}")]
    Json(#[from] serde_json::Error),
}

/// A table of one run held against the other's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableState {
    /// The table.
    pub table: String,
    /// Where the two part; none if they are the same.
    pub difference: Option<TableDifference>,
}

/// How two runs differ.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// Settings that differ: dotted path to the values in A and in B.
    pub settings: Map<String, Json>,
    /// Every table that either has, by name.
    pub tables: Vec<TableState>,
    /// Where the worlds part; none if they are the same to the end.
    pub parting: Option<Parting>,
}

impl Difference {
    /// Whether the runs are the same, tables and worlds.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.parting.is_none() && self.tables.iter().all(|table| table.difference.is_none())
    }
}

/// Holds two runs against each other. `day_done` is told of each simulated day.
///
/// # Errors
/// If a run's settings or tables cannot be read, or are of another version.
pub fn diff(a: &RunFolder, b: &RunFolder, day_done: impl FnMut(Day)) -> Result<Difference, DiffError> {
    let tables = tables(a, b)?;
    let (one, other) = (RunSettings::read(&a.path)?, RunSettings::read(&b.path)?);
    let settings = settings(&one, &other)?;
    let parting = side_by_side::part(&one, &other, day_done)?;
    Ok(Difference { settings, tables, parting })
}

/// Settings in which two runs differ.
fn settings(a: &RunSettings, b: &RunSettings) -> Result<Map<String, Json>, DiffError> {
    let found = json_difference(&serde_json::to_value(a)?, &serde_json::to_value(b)?);
    let named = |(path, values): (String, Json)| {
        let both = serde_json::json!({ "a": values["baseline"], "b": values["arm"] });
        (path, both)
    };
    Ok(found.into_iter().map(named).collect())
}

fn tables(a: &RunFolder, b: &RunFolder) -> Result<Vec<TableState>, DiffError> {
    let names: std::collections::BTreeSet<&String> =
        a.run.files.keys().chain(b.run.files.keys()).filter(|name| name.ends_with(".parquet")).collect();
    let state = |name: &&String| {
        let difference = table_difference(&a.path.join(name), &b.path.join(name))?;
        Ok(TableState { table: (*name).clone(), difference })
    };
    names.iter().map(state).collect()
}
