//! One row of `comparison.parquet`: a metric of a group under an arm, held against the baseline seed by seed.

use recsafe_stats::{Better, Interval, Paired, holm, mean};
use serde::{Deserialize, Serialize};

use super::amplification::{AMPLIFICATION, derived};
use super::metric::{Direction, MetricFacts, MetricValue};
use super::question::Question;
use super::runs::{Family, Runs};
use super::scale::Scale;

/// Whether an outcome was declared before the runs were seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The experiment's declared harm or cost.
    Confirmatory,
    /// Everything else: a lead to follow, not a finding.
    #[default]
    Exploratory,
}

/// A metric of a group under an arm, against the baseline, at one sweep point.
///
/// Means are over the paired seeds, those where both arms have a value. Whatever is undefined is `None`. The fields stand
/// in the order of the columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
    /// The metric's unit.
    pub unit: String,
    /// Which way the metric improves.
    pub direction: Direction,
    /// The arm; the baseline itself only where there is no other.
    pub arm: String,
    /// The baseline.
    pub baseline: String,
    /// The sweep point; 0 where nothing is swept.
    pub point: u32,
    /// Number of paired seeds.
    pub n: u32,
    /// The scale on which the change is measured; `None` where nothing is compared.
    pub scale: Option<Scale>,
    /// Mean under the arm.
    pub mean: Option<f64>,
    /// Mean under the baseline.
    pub mean_baseline: Option<f64>,
    /// Mean of the paired differences, arm - baseline, in the metric's unit.
    pub difference: Option<f64>,
    /// Relative change: -0.2 is a fall by 20 %.
    pub relative: Option<f64>,
    /// Lower end of the difference's 95 % interval, Student-t over seeds; `None` with one seed.
    pub ci_low: Option<f64>,
    /// Upper end of it.
    pub ci_high: Option<f64>,
    /// Lower end of the relative change's 95 % interval.
    pub relative_low: Option<f64>,
    /// Upper end of it.
    pub relative_high: Option<f64>,
    /// p value of "no change", from the same model as the interval: declared outcomes adjusted over arms and points.
    pub p: Option<f64>,
    /// Share of seeds with an improvement; `None` for metrics of which neither direction is better.
    pub improved_share: Option<f64>,
    /// (Var arm + Var baseline) / Var difference: what common random numbers earned.
    pub variance_ratio: Option<f64>,
    /// Seeds that would bring the interval's half-width within 10 % of the baseline's mean.
    pub seeds_needed: Option<u64>,
    /// Whether the outcome was declared.
    pub status: Status,
    /// Probability that the relative change reaches the target, given the luck of the seeds: the declared harm, if the
    /// experiment has a target.
    pub target_probability: Option<f64>,
}

/// Compares every arm with the baseline, seed by seed.
///
/// Rows stand in the order of `metrics`; within a metric by group (its default group first), arm (in the order of the
/// file) and point. An experiment of one arm gives rows of the baseline alone, without a difference. With a `reference`
/// arm [`AMPLIFICATION`] is derived too; values of it in `values` are passed over.
#[must_use]
pub fn compare(
    values: &[MetricValue],
    metrics: &[MetricFacts],
    question: &Question,
    reference: Option<&str>,
) -> Vec<Comparison> {
    let amplifications = reference.map(|arm| derived(values, arm)).unwrap_or_default();
    let measured = values.iter().filter(|row| row.metric != AMPLIFICATION);
    let runs = Runs::of(measured.chain(&amplifications));
    let mut rows = Vec::new();
    for facts in metrics {
        for (group, family) in runs.groups(facts) {
            rows.extend(compare_family(facts, group, family, question));
        }
    }
    rows
}

/// The rows of one metric and group: one family of tests.
fn compare_family(facts: &MetricFacts, group: &str, family: &Family, question: &Question) -> Vec<Comparison> {
    let blank = Comparison {
        metric: facts.id.clone(),
        group: group.to_owned(),
        unit: facts.unit.clone(),
        direction: facts.direction,
        baseline: question.baseline.clone(),
        status: if question.declares(&facts.id, group) { Status::Confirmatory } else { Status::Exploratory },
        ..Comparison::default()
    };
    if question.compared().next().is_none() {
        return baseline_alone(&blank, family, question);
    }
    let mut rows = Vec::new();
    for arm in question.compared() {
        for point in family.points(arm) {
            let (ours, theirs) = family.pairs(arm, &question.baseline, point);
            let row = Comparison { arm: arm.to_owned(), point, ..blank.clone() };
            rows.push(Paired::new(&ours, &theirs).map_or(row.clone(), |pairs| with_statistics(row, &pairs, question)));
        }
    }
    adjust(&mut rows);
    rows
}

fn baseline_alone(blank: &Comparison, family: &Family, question: &Question) -> Vec<Comparison> {
    let arm = question.baseline.as_str();
    let row = |point| {
        let (values, _) = family.pairs(arm, arm, point);
        let (n, mean) = (values.len() as u32, mean(&values));
        Comparison { arm: arm.to_owned(), point, n, mean, mean_baseline: mean, ..blank.clone() }
    };
    family.points(arm).into_iter().map(row).collect()
}

/// The row with everything that the pairs say; the p value is not adjusted yet.
fn with_statistics(row: Comparison, pairs: &Paired, question: &Question) -> Comparison {
    let (ci_low, ci_high) = ends(pairs.interval());
    let relative = pairs.relative();
    let (relative_low, relative_high) = ends(relative.and_then(|relative| relative.interval));
    let is_harm = row.metric == question.harm.metric && row.group == question.harm.group;
    Comparison {
        n: pairs.n() as u32,
        scale: Some(Scale::Difference),
        mean: Some(pairs.mean()),
        mean_baseline: Some(pairs.mean_baseline()),
        difference: Some(pairs.difference()),
        relative: relative.map(|relative| relative.change),
        ci_low,
        ci_high,
        relative_low,
        relative_high,
        p: pairs.p_value(),
        improved_share: better(row.direction).map(|better| pairs.improved_share(better)),
        variance_ratio: pairs.variance_ratio(),
        seeds_needed: pairs.seeds_needed(),
        target_probability: question
            .target
            .filter(|_| is_harm)
            .and_then(|target| reaches(pairs, target, row.direction)),
        ..row
    }
}

/// Probability that the change is at least the target, in the direction of the target's sign.
fn reaches(pairs: &Paired, target: f64, direction: Direction) -> Option<f64> {
    let falls = target < 0.0 || (target == 0.0 && direction != Direction::HigherIsBetter);
    if falls { pairs.probability_at_most(target) } else { pairs.probability_at_least(target) }
}

fn ends(interval: Option<Interval>) -> (Option<f64>, Option<f64>) {
    interval.map(|interval| (interval.low, interval.high)).unzip()
}

fn better(direction: Direction) -> Option<Better> {
    match direction {
        Direction::LowerIsBetter => Some(Better::Lower),
        Direction::HigherIsBetter => Some(Better::Higher),
        Direction::Neither => None,
    }
}

/// Replaces the p values of a family, where there are any, by their Holm-adjusted ones.
fn adjust(family: &mut [Comparison]) {
    let p_values: Vec<f64> = family.iter().filter_map(|row| row.p).collect();
    let tested = family.iter_mut().filter(|row| row.p.is_some());
    for (row, adjusted) in tested.zip(holm(&p_values)) {
        row.p = Some(adjusted);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::compare::samples::{by_seed, contact_rules, contact_rules_rows, facts, question, value};

    #[test]
    fn rows_stand_by_metric_group_and_arm() {
        let (rows, _) = contact_rules_rows();
        let order: Vec<_> = rows.iter().map(|row| format!("{}@{} {}", row.metric, row.group, row.arm)).collect();
        assert_eq!(
            order,
            [
                "dose@minor restrict-messages",
                "dose@minor warning",
                "prevalence@all restrict-messages",
                "prevalence@all warning",
                "engagement@all restrict-messages",
                "engagement@all warning",
                "views@all restrict-messages",
                "views@all warning",
                "views@minor restrict-messages",
            ]
        );
    }

    #[test]
    fn the_order_of_the_values_does_not_matter() {
        let (mut values, question) = contact_rules();
        let rows = compare(&values, &facts(), &question, None);
        values.reverse();
        assert_eq!(compare(&values, &facts(), &question, None), rows);
    }

    #[test]
    fn only_seeds_where_both_have_a_value_count() {
        let mut values =
            [by_seed("a", "dose@minor", &[1.0, 2.0, 3.0]), by_seed("b", "dose@minor", &[0.5, 9.0])].concat();
        values[1].value = None;
        values.push(value("b", 0, 9, "dose@minor", 100.0));
        let rows = compare(&values, &facts(), &question(&["a", "b"]), None);
        assert_eq!((rows[0].n, rows[0].mean, rows[0].mean_baseline), (1, Some(0.5), Some(1.0)));
        assert_eq!((rows[0].difference, rows[0].ci_low, rows[0].p), (Some(-0.5), None, None));
    }

    #[test]
    fn an_outcome_without_a_pair_keeps_an_empty_row() {
        let mut values = [by_seed("a", "dose@minor", &[1.0]), by_seed("b", "dose@minor", &[1.0])].concat();
        values[0].value = Some(f64::NAN);
        let rows = compare(&values, &facts(), &question(&["a", "b"]), None);
        assert_eq!((rows.len(), rows[0].n, rows[0].mean, rows[0].difference), (1, 0, None, None));
    }

    #[test]
    fn the_baseline_alone_has_means_and_no_difference() {
        let rows = compare(&by_seed("a", "dose@minor", &[1.0, 2.0]), &facts(), &question(&["a"]), None);
        assert_eq!((rows.len(), rows[0].arm.as_str(), rows[0].n), (1, "a", 2));
        assert_eq!((rows[0].mean, rows[0].difference, rows[0].p), (Some(1.5), None, None));
    }

    #[test]
    fn p_values_are_adjusted_over_arms_within_one_metric_and_group() {
        let (rows, question) = contact_rules_rows();
        let (values, _) = contact_rules();
        let alone = Question { arms: vec!["as-is".into(), "restrict-messages".into()], ..question };
        let single = compare(&values, &facts(), &alone, None);
        assert!((rows[0].p.unwrap() - 2.0 * single[0].p.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn only_the_declared_harm_has_a_probability_of_the_target() {
        let (rows, _) = contact_rules_rows();
        let with: Vec<_> = rows.iter().filter(|row| row.target_probability.is_some()).map(|row| &row.metric).collect();
        assert_eq!(with, ["dose", "dose"]);
        assert!(rows[0].target_probability.unwrap() > 0.99 && rows[1].target_probability.unwrap() < 0.01);
    }

    #[test]
    fn a_target_is_reached_in_the_direction_of_its_sign_and_0_in_that_which_is_better() {
        let pairs = Paired::new(&[7.0, 7.9, 7.2, 6.8], &[10.0, 11.0, 10.0, 9.0]).unwrap(); // a clear fall
        let is_likely = |target, direction| reaches(&pairs, target, direction).unwrap() > 0.5;
        for direction in [Direction::LowerIsBetter, Direction::HigherIsBetter, Direction::Neither] {
            assert_eq!((is_likely(-0.2, direction), is_likely(0.2, direction)), (true, false));
            assert_eq!(is_likely(0.0, direction), direction != Direction::HigherIsBetter);
        }
    }

    #[test]
    fn amplification_is_held_against_the_baseline_like_any_metric() {
        let values = [
            by_seed("as-is", "prevalence@minor", &[0.06, 0.08]),
            by_seed("by-time", "prevalence@minor", &[0.03, 0.04]),
        ];
        let rows = compare(&values.concat(), &facts(), &question(&["as-is", "by-time"]), Some("by-time"));
        let row = rows.iter().find(|row| row.metric == AMPLIFICATION).unwrap();
        assert_eq!((row.mean, row.mean_baseline), (Some(1.0), Some(2.0)));
    }

    proptest! {
        #[test]
        fn every_number_is_finite(numbers in prop::collection::vec((any::<f64>(), any::<f64>()), 1..8)) {
            let (ours, theirs): (Vec<f64>, Vec<f64>) = numbers.into_iter().unzip();
            let values = [by_seed("a", "dose@minor", &theirs), by_seed("b", "dose@minor", &ours)].concat();
            for row in compare(&values, &facts(), &question(&["a", "b"]), None) {
                let json = serde_json::to_value(&row).unwrap();
                // A number that is not finite is written as null, and would be read back as `None`.
                prop_assert_eq!(serde_json::from_value::<Comparison>(json).unwrap().relative.is_some(), row.relative.is_some());
                let numbers = [row.mean, row.difference, row.ci_low, row.relative_high, row.p, row.variance_ratio];
                prop_assert!(numbers.into_iter().flatten().all(f64::is_finite));
            }
        }
    }
}
