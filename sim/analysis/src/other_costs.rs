//! Costs that were not declared and that an arm changes clearly.

use super::comparison::{Comparison, Status};
use super::contained::of_arm;
use super::metric::MetricFacts;
use super::question::Outcome;
use super::verdict::Verdict;
use super::wording::{Detail, Name, effect};

/// Maximum number of costs listed.
const MOST: usize = 3;

/// The family of cost metrics, each for its default group.
const FAMILY: &str = "cost";

/// Costs outside of the family, or for a group other than the default group.
const OTHERS: [(&str, &str); 2] = [("engagement", "minor"), ("review-hours", "all")];

/// Describes other costs that an arm changes clearly, the largest change first. Returns `None` if
/// no other cost changes clearly at every sweep point.
pub(super) fn other_costs(arm: &str, rows: &[Comparison], metrics: &[MetricFacts]) -> Option<String> {
    let of_family = metrics.iter().filter(|facts| facts.family == FAMILY);
    let outcomes = of_family.map(|facts| Outcome::new(&facts.id, &facts.default_group));
    let outcomes = outcomes.chain(OTHERS.map(|(metric, group)| Outcome::new(metric, group)));
    let mut moved: Vec<(Outcome, Vec<&Comparison>)> = outcomes
        .map(|outcome| (of_arm(rows, arm, None, &outcome), outcome))
        .filter(|(rows, _)| is_clear(rows))
        .map(|(rows, outcome)| (outcome, rows))
        .collect();
    moved.sort_by(|one, other| size(&other.1).total_cmp(&size(&one.1)));
    let said: Vec<String> = moved.iter().take(MOST).map(|(outcome, rows)| sentence(outcome, rows, metrics)).collect();
    (!said.is_empty()).then(|| {
        let more = match moved.len().saturating_sub(MOST) {
            0 => String::new(),
            1 => "; 1 more changes clearly".to_owned(),
            number => format!("; {number} more change clearly"),
        };
        format!(
            "Other costs that change clearly (exploratory: not declared before the runs): it {}{more}.",
            said.join("; it ")
        )
    })
}

/// Returns whether an outcome that was not declared changes clearly, in the same direction, at
/// every point.
fn is_clear(rows: &[&Comparison]) -> bool {
    let verdict = rows.first().map(|row| Verdict::of(row));
    verdict.is_some_and(Verdict::is_clear)
        && rows.iter().all(|row| row.status == Status::Exploratory && Some(Verdict::of(row)) == verdict)
}

/// Returns the largest change as a share of the baseline's mean. A change from 0 is treated as
/// larger than all other changes.
fn size(rows: &[&Comparison]) -> f64 {
    let of = |row: &&Comparison| {
        let share = || Some(row.difference? / row.mean_baseline.filter(|mean| *mean != 0.0)?);
        row.relative.or_else(share).map_or(f64::INFINITY, f64::abs)
    };
    rows.iter().map(of).fold(0.0, f64::max)
}

fn sentence(outcome: &Outcome, rows: &[&Comparison], metrics: &[MetricFacts]) -> String {
    let judged = match rows.first().map(|row| Verdict::of(row)) {
        Some(verdict @ (Verdict::Better | Verdict::Worse)) => format!(", {}", verdict.word()),
        _ => String::new(),
    };
    format!("{}{judged}", effect(rows, &Name::full(outcome, metrics), Detail::Short))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::samples::{by_seed, contact_rules_rows, facts, question};

    #[test]
    fn clear_costs_are_named_and_declared_or_unclear_ones_are_not() {
        let (rows, _) = contact_rules_rows();
        insta::assert_snapshot!(other_costs("restrict-messages", &rows, &facts()).unwrap());
        assert_eq!(other_costs("warning", &rows, &facts()), None);
    }

    #[test]
    fn the_largest_come_first_and_few_are_named() {
        let metrics: Vec<MetricFacts> = ["one", "two", "three", "four"]
            .map(|id| MetricFacts {
                id: id.to_owned(),
                title: id.to_owned(),
                family: FAMILY.to_owned(),
                ..facts().remove(0)
            })
            .into();
        let values: Vec<_> = metrics
            .iter()
            .zip([0.9, 0.5, 0.7, 0.8])
            .flat_map(|(facts, retained)| {
                let outcome = format!("{}@minor", facts.id);
                let base = [1.0, 1.1, 1.2];
                [by_seed("a", &outcome, &base), by_seed("b", &outcome, &base.map(|it| it * retained + 0.01 * it * it))]
                    .concat()
            })
            .collect();
        let rows = compare(&values, &metrics, &question(&["a", "b"]), None);
        let said = other_costs("b", &rows, &metrics).unwrap();
        let places: Vec<_> =
            ["two", "three", "four"].map(|name| said.find(&format!("({name}@minor, ")).unwrap()).into();
        assert!(
            places.is_sorted() && !said.contains("one@minor") && said.ends_with("1 more changes clearly."),
            "{said}"
        );
    }

    #[test]
    fn what_grows_from_nothing_is_the_largest() {
        let row = |relative, baseline| Comparison {
            relative,
            difference: Some(0.5),
            mean_baseline: Some(baseline),
            ..Comparison::default()
        };
        let sizes = [row(Some(-0.9), 5.0), row(None, 1.0), row(None, 0.0)].map(|row| size(&[&row]));
        assert_eq!(sizes, [0.9, 0.5, f64::INFINITY]);
    }
}
