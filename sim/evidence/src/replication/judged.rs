//! Comparison of rows with published values.

use serde::Serialize;

use super::{About, Case, Row};

/// One row with its published value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgedRow {
    /// The row's name.
    pub row: String,
    /// The published value; `None` if no value was published.
    pub published: Option<f64>,
    /// Published standard deviation between replications, if available.
    pub published_sd: Option<f64>,
    /// Mean over the replications with recsafe.
    pub obtained: f64,
    /// Standard deviation between the replications with recsafe; `None` for one replication.
    pub sd: Option<f64>,
    /// Number of replications with recsafe.
    pub n: usize,
    /// Obtained minus published value.
    pub difference: Option<f64>,
    /// The largest allowed difference.
    pub tolerance: Option<f64>,
    /// Whether the difference is within the tolerance; `None` if no value was published.
    pub met: Option<bool>,
}

/// Rows that increase in this order in the publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgedOrder {
    /// Names of the rows.
    pub rising: Vec<String>,
    /// Whether the obtained values increase in this order.
    pub met: bool,
}

/// A finished case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// Name of the case.
    pub case: &'static str,
    /// Title of the case.
    pub title: &'static str,
    /// Publication.
    pub source: &'static str,
    /// Description of the values.
    pub measure: &'static str,
    /// Whether the case ran in full size.
    pub full: bool,
    /// Rows of the case.
    pub rows: Vec<JudgedRow>,
    /// Orders of rows.
    pub orders: Vec<JudgedOrder>,
    /// Number of decimals in tables.
    #[serde(skip)]
    pub decimals: usize,
}

impl CaseResult {
    /// Returns the number of published rows and orders, and how many of them are met.
    #[must_use]
    pub fn score(&self) -> (usize, usize) {
        let verdicts = || self.rows.iter().filter_map(|row| row.met).chain(self.orders.iter().map(|order| order.met));
        (verdicts().count(), verdicts().filter(|&met| met).count())
    }
}

/// Compares the rows of a case with the published values. An order is judged only if all of its
/// rows exist.
#[must_use]
pub fn judge(case: &dyn Case, full: bool, rows: &[Row]) -> CaseResult {
    let &About { name, title, source, measure, decimals, .. } = case.about();
    let value = |id: &&str| rows.iter().find(|row| row.id == *id).map(|row| row.mean);
    let orders = case.orders().iter().filter_map(|order| {
        let values: Option<Vec<f64>> = order.iter().map(value).collect();
        let met = values?.windows(2).all(|pair| pair[0] < pair[1]);
        Some(JudgedOrder { rising: order.iter().map(|&id| id.to_owned()).collect(), met })
    });
    CaseResult {
        case: name,
        title,
        source,
        measure,
        full,
        rows: rows.iter().map(|row| judged(case, row)).collect(),
        orders: orders.collect(),
        decimals,
    }
}

fn judged(case: &dyn Case, row: &Row) -> JudgedRow {
    let published = case.published().iter().find(|it| it.id == row.id);
    let difference = published.map(|it| row.mean - it.published);
    JudgedRow {
        row: row.id.clone(),
        published: published.map(|it| it.published),
        published_sd: published.and_then(|it| it.published_sd),
        obtained: row.mean,
        sd: row.sd,
        n: row.n,
        difference,
        tolerance: published.map(|it| it.tolerance),
        met: published.map(|it| (row.mean - it.published).abs() <= it.tolerance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replication::homogenisation::Homogenisation;

    fn row(id: &str, mean: f64) -> Row {
        Row { id: id.to_owned(), mean, sd: Some(0.03), n: 40 }
    }

    #[test]
    fn rows_are_held_against_their_own_number_and_order() {
        let rows =
            [row("popularity", 0.28), row("content", 0.15), row("random", 0.01), row("ideal", 0.0), row("other", 1.0)];
        let case_result = judge(&Homogenisation, false, &rows);
        let verdicts: Vec<Option<bool>> = case_result.rows.iter().map(|row| row.met).collect();
        assert_eq!(verdicts, [Some(false), Some(true), Some(true), Some(true), None]);
        assert!(case_result.orders.iter().all(|order| order.met));
        assert_eq!(case_result.score(), (5, 4));
        let swapped = judge(
            &Homogenisation,
            false,
            &[row("content", 0.3), row("popularity", 0.2), row("random", 0.1), row("ideal", 0.0)],
        );
        assert!(swapped.orders.iter().all(|order| !order.met));
    }
}
