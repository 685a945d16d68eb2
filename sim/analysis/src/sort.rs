//! Order of the rows that are shown.

use std::cmp::Ordering;

use super::comparison::Comparison;
use super::verdict::Verdict;

/// An order of outcomes, and of the arms within each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// In the order of the catalogue and of the experiment file.
    #[default]
    Catalogue,
    /// By name.
    Metric,
    /// The largest relative change first.
    Change,
    /// The smallest p value first.
    P,
    /// Better, worse, lower, higher, unclear, same.
    Verdict,
}

/// Sorts the rows. Rows of one outcome stay together: outcomes are ordered by their first row, and
/// arms within an outcome by their own row.
#[must_use]
pub fn sorted(rows: Vec<Comparison>, sort: Sort) -> Vec<Comparison> {
    let mut outcomes: Vec<Vec<Comparison>> = Vec::new();
    for row in rows {
        match outcomes.iter_mut().find(|rows| name(&rows[0]) == name(&row)) {
            Some(rows) => rows.push(row),
            None => outcomes.push(vec![row]),
        }
    }
    if sort != Sort::Catalogue {
        for rows in &mut outcomes {
            rows.sort_by(|one, other| by(sort, one, other));
        }
        outcomes.sort_by(|one, other| by(sort, &one[0], &other[0]));
    }
    outcomes.concat()
}

fn name(row: &Comparison) -> (&str, &str) {
    (&row.metric, &row.group)
}

fn by(sort: Sort, one: &Comparison, other: &Comparison) -> Ordering {
    match sort {
        Sort::Catalogue => Ordering::Equal,
        Sort::Metric => name(one).cmp(&name(other)),
        Sort::Change => {
            rank(one.relative.map(|change| -change.abs())).total_cmp(&rank(other.relative.map(|change| -change.abs())))
        }
        Sort::P => rank(one.p).total_cmp(&rank(other.p)),
        Sort::Verdict => place(one).cmp(&place(other)),
    }
}

/// Returns the number, or infinity if it is missing, so missing numbers come last.
fn rank(number: Option<f64>) -> f64 {
    number.unwrap_or(f64::INFINITY)
}

fn place(row: &Comparison) -> usize {
    use Verdict::{Better, Higher, Lower, NotCompared, OneSeed, Same, Unclear, Worse};
    let order = [Better, Worse, Lower, Higher, Unclear, Same, OneSeed, NotCompared];
    order.iter().position(|verdict| *verdict == Verdict::of(row)).unwrap_or(order.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::contact_rules_rows;

    fn order(sort: Sort) -> Vec<String> {
        let (rows, _) = contact_rules_rows();
        sorted(rows, sort).iter().map(|row| format!("{} {}", row.outcome(), row.arm)).collect()
    }

    #[test]
    fn the_catalogues_order_stays() {
        assert_eq!(order(Sort::Catalogue)[0], "dose@minor restrict-messages");
        assert_eq!(order(Sort::Catalogue).len(), 9);
    }

    #[test]
    fn every_order_keeps_an_outcomes_rows_together() {
        for sort in [Sort::Metric, Sort::Change, Sort::P, Sort::Verdict] {
            let found = order(sort);
            let mut outcomes: Vec<&str> = found.iter().filter_map(|row| row.split(' ').next()).collect();
            outcomes.dedup();
            assert_eq!((found.len(), outcomes.len()), (9, 5), "{sort:?}: {found:?}");
        }
    }

    #[test]
    fn outcomes_stand_by_name_by_change_or_by_what_is_clear() {
        assert_eq!(order(Sort::Metric)[2], "engagement@all restrict-messages");
        assert_eq!(order(Sort::Change)[..2], ["dose@minor restrict-messages", "dose@minor warning"]);
        assert!(order(Sort::Change)[8].starts_with("prevalence@all"), "a change that is not relative is last");
        let verdicts = order(Sort::Verdict);
        assert_eq!([&verdicts[0], &verdicts[2]], ["dose@minor restrict-messages", "engagement@all restrict-messages"]);
    }
}
