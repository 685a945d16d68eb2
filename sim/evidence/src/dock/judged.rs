//! Rows held against what was published.

use serde::Serialize;

use super::{About, Case, Row};

/// One row with what was published of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgedRow {
    /// The row's name.
    pub row: String,
    /// What was published; none for rows that were not.
    pub published: Option<f64>,
    /// Published standard deviation between replications, if there is one.
    pub published_sd: Option<f64>,
    /// Mean over replications here.
    pub obtained: f64,
    /// Standard deviation between replications here; none for one replication.
    pub sd: Option<f64>,
    /// Replications here.
    pub n: usize,
    /// Obtained less published.
    pub difference: Option<f64>,
    /// The largest difference that counts as met.
    pub tolerance: Option<f64>,
    /// Whether the difference is within the tolerance; none without a published number.
    pub met: Option<bool>,
}

/// Rows that were published to rise in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgedOrder {
    /// Names of the rows.
    pub rising: Vec<String>,
    /// Whether the numbers obtained rise so.
    pub met: bool,
}

/// A case that was run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Docked {
    /// Its name.
    pub case: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// What the numbers are.
    pub measure: &'static str,
    /// Whether it was run in full size.
    pub full: bool,
    /// Its rows.
    pub rows: Vec<JudgedRow>,
    /// Orders of rows.
    pub orders: Vec<JudgedOrder>,
    /// Decimals worth printing.
    #[serde(skip)]
    pub decimals: usize,
}

impl Docked {
    /// Number of rows and orders that were published, and of those that are met.
    #[must_use]
    pub fn score(&self) -> (usize, usize) {
        let verdicts = || self.rows.iter().filter_map(|row| row.met).chain(self.orders.iter().map(|order| order.met));
        (verdicts().count(), verdicts().filter(|&met| met).count())
    }
}

/// Holds the rows of a case against what was published. An order counts if all of its rows are there.
#[must_use]
pub fn judge(case: &dyn Case, full: bool, rows: &[Row]) -> Docked {
    let &About { name, title, source, measure, decimals, .. } = case.about();
    let value = |id: &&str| rows.iter().find(|row| row.id == *id).map(|row| row.mean);
    let orders = case.orders().iter().filter_map(|order| {
        let values: Option<Vec<f64>> = order.iter().map(value).collect();
        let met = values?.windows(2).all(|pair| pair[0] < pair[1]);
        Some(JudgedOrder { rising: order.iter().map(|&id| id.to_owned()).collect(), met })
    });
    Docked {
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
    use crate::dock::homogenisation::Homogenisation;

    fn row(id: &str, mean: f64) -> Row {
        Row { id: id.to_owned(), mean, sd: Some(0.03), n: 40 }
    }

    #[test]
    fn rows_are_held_against_their_own_number_and_order() {
        let rows =
            [row("popularity", 0.28), row("content", 0.15), row("random", 0.01), row("ideal", 0.0), row("other", 1.0)];
        let docked = judge(&Homogenisation, false, &rows);
        let verdicts: Vec<Option<bool>> = docked.rows.iter().map(|row| row.met).collect();
        assert_eq!(verdicts, [Some(false), Some(true), Some(true), Some(true), None]);
        assert!(docked.orders.iter().all(|order| order.met));
        assert_eq!(docked.score(), (5, 4));
        let swapped = judge(
            &Homogenisation,
            false,
            &[row("content", 0.3), row("popularity", 0.2), row("random", 0.1), row("ideal", 0.0)],
        );
        assert!(swapped.orders.iter().all(|order| !order.met));
    }
}
