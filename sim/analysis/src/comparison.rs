//! One row of `comparison.parquet`: a metric of a group under an arm, compared with the baseline
//! seed by seed.

use recsafe_stats::rows::ComparisonRow;
use recsafe_stats::{Adjustment, Better, Change, Effect, Outcome, Paired, effects};
use serde::{Deserialize, Serialize};

use super::amplification::{AMPLIFICATION, derived};
use super::metric::{Direction, MetricFacts, MetricValue};
use super::question::Question;
use super::runs::{Family, Runs};
use super::scale::Scale;

/// Whether an outcome was declared before the runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The experiment's declared harm or cost.
    Confirmatory,
    /// All other outcomes: questions for another experiment, not findings.
    #[default]
    Exploratory,
}

/// A metric of a group under an arm, compared with the baseline, at one sweep point.
///
/// Means are over the paired seeds, for which both arms have a value. Change, interval, p value and
/// seeds needed come from one model; see [`effects`]. Undefined values are `None`. The fields are
/// in the order of the columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
    /// The metric's unit.
    pub unit: String,
    /// Direction in which the metric improves.
    pub direction: Direction,
    /// The arm. It is the baseline only if there is no other arm.
    pub arm: String,
    /// The baseline.
    pub baseline: String,
    /// The sweep point; 0 if there is no sweep.
    pub point: u32,
    /// Number of paired seeds.
    pub n: u32,
    /// The scale of the model: log ratios if every value is above 0, otherwise differences. `None`
    /// if nothing is compared.
    pub scale: Option<Scale>,
    /// Mean under the arm.
    pub mean: Option<f64>,
    /// Mean under the baseline.
    pub mean_baseline: Option<f64>,
    /// Change in the metric's unit: the mean of arm - baseline. With log ratios: the relative
    /// change times the baseline's mean.
    pub difference: Option<f64>,
    /// Relative change: -0.2 is a fall by 20 %. With differences: the difference divided by the
    /// baseline's mean, if this mean is above 0.
    pub relative: Option<f64>,
    /// Lower end of the difference's 95 % interval. `None` with one seed, and if fewer than 6 seeds
    /// all change by the same amount.
    pub ci_low: Option<f64>,
    /// Upper end of the difference's 95 % interval.
    pub ci_high: Option<f64>,
    /// Lower end of the relative change's 95 % interval: the same interval on the other scale.
    pub relative_low: Option<f64>,
    /// Upper end of the relative change's 95 % interval.
    pub relative_high: Option<f64>,
    /// Two-sided p value of the hypothesis that nothing changes. The value is 0.05 or less if the
    /// interval excludes 0, and above 0.05 otherwise. For declared outcomes, p value and interval
    /// are adjusted over arms and points (single-step max-t).
    pub p: Option<f64>,
    /// Share of seeds with an improvement. `None` if neither direction is better.
    pub improved_share: Option<f64>,
    /// (Var arm + Var baseline) / Var difference: the benefit of common random numbers.
    pub variance_ratio: Option<f64>,
    /// Number of seeds with which the half-width of the relative interval would be at most 10 %.
    pub seeds_needed: Option<u64>,
    /// Whether the outcome was declared.
    pub status: Status,
    /// Probability that the relative change reaches the target, given the random variation between
    /// seeds. `None` unless the declared harm changes clearly and the experiment has a target.
    pub target_probability: Option<f64>,
}

impl From<&Comparison> for ComparisonRow {
    fn from(it: &Comparison) -> ComparisonRow {
        ComparisonRow {
            metric: it.metric.clone().into(),
            group: it.group.clone(),
            unit: it.unit.clone().into(),
            direction: it.direction.name().into(),
            arm: it.arm.clone(),
            baseline: it.baseline.clone(),
            point: it.point,
            n: it.n,
            scale: it.scale.map(|scale| scale.name().into()),
            mean: it.mean,
            mean_baseline: it.mean_baseline,
            difference: it.difference,
            relative: it.relative,
            ci_low: it.ci_low,
            ci_high: it.ci_high,
            relative_low: it.relative_low,
            relative_high: it.relative_high,
            p: it.p,
            improved_share: it.improved_share,
            variance_ratio: it.variance_ratio,
            seeds_needed: it.seeds_needed.map(|seeds| seeds as f64),
            confirmatory: it.status == Status::Confirmatory,
        }
    }
}

impl Comparison {
    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome::new(&self.metric, &self.group)
    }
}

/// Compares every arm with the baseline, seed by seed.
///
/// Rows are in the order of `metrics`. Rows of one metric are ordered by group (the default group
/// first), then by arm (in the order of the file), then by point. An experiment with one arm has
/// rows of the baseline alone, without a difference. If there is a `reference` arm,
/// [`AMPLIFICATION`] is derived, and existing values of this metric in `values` are ignored.
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

/// Compares one metric and group, which is one family of tests.
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
            let row = Comparison { arm: arm.to_owned(), point, ..blank.clone() };
            rows.push((row, family.pairs(arm, &question.baseline, point)));
        }
    }
    with_effects(rows, facts, question)
}

fn baseline_alone(blank: &Comparison, family: &Family, question: &Question) -> Vec<Comparison> {
    let arm = question.baseline.as_str();
    let row = |point| {
        let pairs = family.pairs(arm, arm, point);
        let (n, mean) = (pairs.as_ref().map_or(0, Paired::n) as u32, pairs.as_ref().map(Paired::mean));
        Comparison { arm: arm.to_owned(), point, n, mean, mean_baseline: mean, ..blank.clone() }
    };
    family.points(arm).into_iter().map(row).collect()
}

/// Adds the effects of the rows that have pairs.
fn with_effects(rows: Vec<(Comparison, Option<Paired>)>, facts: &MetricFacts, question: &Question) -> Vec<Comparison> {
    let adjustment = match rows.first().map(|(row, _)| row.status) {
        Some(Status::Confirmatory) => Adjustment::Family,
        Some(Status::Exploratory) | None => Adjustment::Single,
    };
    let family: Vec<Paired> = rows.iter().filter_map(|(_, pairs)| pairs.clone()).collect();
    let mut effects = effects(&family, facts.bounds(), adjustment).into_iter();
    let row = |(row, pairs): (Comparison, Option<Paired>)| match pairs.and_then(|pairs| Some((pairs, effects.next()?)))
    {
        Some((pairs, effect)) => with_effect(row, &pairs, &effect, question),
        None => row,
    };
    rows.into_iter().map(row).collect()
}

fn with_effect(row: Comparison, pairs: &Paired, effect: &Effect, question: &Question) -> Comparison {
    let (ci_low, ci_high) = ends(Some(effect.difference));
    let (relative_low, relative_high) = ends(effect.relative);
    let is_harm = row.metric == question.harm.metric && row.group == question.harm.group;
    let target = question.target.filter(|_| is_harm && effect.is_clear());
    Comparison {
        n: pairs.n() as u32,
        scale: Some(effect.scale().into()),
        mean: Some(pairs.mean()),
        mean_baseline: Some(pairs.mean_baseline()),
        difference: Some(effect.difference.estimate),
        relative: effect.relative.map(|relative| relative.estimate),
        ci_low,
        ci_high,
        relative_low,
        relative_high,
        p: effect.p,
        improved_share: better(row.direction).map(|better| pairs.improved_share(better)),
        variance_ratio: pairs.variance_ratio(),
        seeds_needed: effect.seeds_needed,
        target_probability: target.and_then(|target| reaches(effect, target, row.direction)),
        ..row
    }
}

/// Returns the probability that the change is at least the target, in the direction of the target's
/// sign.
fn reaches(effect: &Effect, target: f64, direction: Direction) -> Option<f64> {
    let falls = target < 0.0 || (target == 0.0 && direction != Direction::HigherIsBetter);
    if falls { effect.probability_at_most(target) } else { effect.probability_at_least(target) }
}

fn ends(change: Option<Change>) -> (Option<f64>, Option<f64>) {
    change.and_then(|change| change.interval).map(|interval| (interval.low, interval.high)).unzip()
}

fn better(direction: Direction) -> Option<Better> {
    match direction {
        Direction::LowerIsBetter => Some(Better::Lower),
        Direction::HigherIsBetter => Some(Better::Higher),
        Direction::Neither => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::{by_seed, contact_rules, contact_rules_rows, facts, question, value};
    use crate::verdict::Verdict;

    #[test]
    fn rows_stand_by_metric_group_and_arm() {
        let (rows, _) = contact_rules_rows();
        let order: Vec<_> = rows.iter().map(|row| format!("{} {}", row.outcome(), row.arm)).collect();
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
    fn declared_outcomes_are_adjusted_over_arms_and_others_are_not() {
        let (rows, question) = contact_rules_rows();
        let (values, _) = contact_rules();
        let alone = Question { arms: vec!["as-is".into(), "restrict-messages".into()], ..question };
        let single = compare(&values, &facts(), &alone, None);
        let of = |rows: &[Comparison], outcome: &str| {
            let row = rows.iter().find(|row| row.arm == "restrict-messages" && row.outcome().to_string() == outcome);
            row.map(|row| (row.p.unwrap(), row.relative_high.unwrap() - row.relative_low.unwrap())).unwrap()
        };
        let ((p, width), (p_alone, width_alone)) = (of(&rows, "dose@minor"), of(&single, "dose@minor"));
        assert!(p_alone < p && p <= 2.0 * p_alone && width > 1.1 * width_alone, "{p} {p_alone} {width} {width_alone}");
        assert_eq!(of(&rows, "views@all"), of(&single, "views@all"));
    }

    #[test]
    fn only_a_clear_change_of_the_declared_harm_has_a_probability_of_the_target() {
        let (rows, _) = contact_rules_rows();
        let with: Vec<_> = rows.iter().filter(|row| row.target_probability.is_some()).collect();
        assert_eq!((with.len(), with[0].metric.as_str(), with[0].arm.as_str()), (1, "dose", "restrict-messages"));
        assert!(with[0].target_probability > Some(0.99));
    }

    #[test]
    fn a_target_is_reached_in_the_direction_of_its_sign_and_0_in_that_which_is_better() {
        let (arm, baseline) = ([7.0, 7.9, 7.2, 6.8], [10.0, 11.0, 10.0, 9.0]); // a clear fall
        let is_likely = |target, direction| {
            let values = [by_seed("a", "dose@minor", &baseline), by_seed("b", "dose@minor", &arm)].concat();
            let question = Question { target: Some(target), ..question(&["a", "b"]) };
            let facts: Vec<_> = facts().into_iter().map(|facts| MetricFacts { direction, ..facts }).collect();
            compare(&values, &facts, &question, None)[0].target_probability.unwrap() > 0.5
        };
        for direction in [Direction::LowerIsBetter, Direction::HigherIsBetter, Direction::Neither] {
            assert_eq!((is_likely(-0.2, direction), is_likely(0.2, direction)), (true, false));
            assert_eq!(is_likely(0.0, direction), direction != Direction::HigherIsBetter);
        }
    }

    /// Returns the row of one arm compared with the baseline.
    fn row_of(outcome: &str, baseline: &[f64], arm: &[f64]) -> Comparison {
        let values = [by_seed("a", outcome, baseline), by_seed("b", outcome, arm)].concat();
        compare(&values, &facts(), &question(&["a", "b"]), None).remove(0)
    }

    #[test]
    fn ratios_of_three_seeds_are_clear_where_the_interval_is() {
        let row = row_of("dose@minor", &[0.2780, 0.0875, 0.1520], &[0.1066, 0.0354, 0.0625]);
        let tenths =
            [row.relative, row.relative_low, row.relative_high].map(|share| (1000.0 * share.unwrap()).round() / 10.0);
        assert_eq!((tenths, row.scale), ([-60.0, -63.5, -56.2], Some(Scale::LogRatio)));
        assert_eq!((Verdict::of(&row), row.p < Some(0.001)), (Verdict::Better, true));
    }

    #[test]
    fn no_value_falls_by_more_than_all_of_it() {
        let row = row_of("prevalence@all", &[0.10, 0.02, 0.0, 0.06], &[0.0, 0.01, 0.0, 0.0]);
        assert_eq!((row.scale, row.relative_low), (Some(Scale::Difference), Some(-1.0)));
        assert!(row.ci_low == row.mean_baseline.map(|mean| -mean) && Verdict::of(&row) == Verdict::Unclear, "{row:?}");
        let row = row_of("prevalence@all", &[0.9, 0.8, 0.9, 0.85], &[0.99, 0.9, 0.94, 0.99]);
        assert!(row.mean_baseline.unwrap() * (1.0 + row.relative_high.unwrap()) <= 1.0 + 1e-12, "{row:?}");
    }

    #[test]
    fn two_equal_changes_are_not_clear() {
        let row = row_of("dose@minor", &[0.5, 0.5], &[0.4, 0.4]);
        assert_eq!((row.p, row.ci_low, row.relative_low), (None, None, None));
        assert!(
            row.relative.is_some_and(|change| (change + 0.2).abs() < 1e-12) && Verdict::of(&row) == Verdict::Unclear
        );
        assert_eq!(Verdict::of(&row_of("dose@minor", &[0.5; 6], &[0.4; 6])), Verdict::Better);
        assert_eq!(Verdict::of(&row_of("dose@minor", &[0.5; 2], &[0.5; 2])), Verdict::Same);
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

    /// Generates values of a baseline and two arms, including zeros and ties.
    fn runs() -> impl Strategy<Value = Vec<Vec<f64>>> {
        let value = prop_oneof![Just(0.0), Just(0.5), 0.0..1.0_f64, 0.4..0.5_f64];
        (2..12_usize).prop_flat_map(move |seeds| prop::collection::vec(prop::collection::vec(value.clone(), seeds), 3))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn a_verdict_is_clear_exactly_if_the_interval_that_is_shown_leaves_out_zero(
            runs in runs(), outcome in prop::sample::select(vec!["dose@minor", "prevalence@all", "engagement@all"])
        ) {
            let values: Vec<_> = ["a", "b", "c"].iter().zip(&runs).flat_map(|(arm, values)| by_seed(arm, outcome, values)).collect();
            for row in compare(&values, &facts(), &question(&["a", "b", "c"]), None) {
                let leaves_out = |low: Option<f64>, high: Option<f64>| low > Some(0.0) || high.is_some_and(|high| high < 0.0);
                let clear = Verdict::of(&row).is_clear();
                prop_assert_eq!(clear, leaves_out(row.ci_low, row.ci_high), "{:?}", row);
                prop_assert!(row.relative.is_none() || clear == leaves_out(row.relative_low, row.relative_high), "{:?}", row);
                prop_assert_eq!(clear, row.p.is_some_and(|p| p <= 0.05), "{:?}", row);
                prop_assert!(clear || row.target_probability.is_none());
                prop_assert!(row.relative_low >= row.relative.and(row.relative_low.map(|_| -1.0)));
            }
        }

        #[test]
        fn every_number_is_finite(numbers in prop::collection::vec((any::<f64>(), any::<f64>()), 1..8)) {
            let (ours, theirs): (Vec<f64>, Vec<f64>) = numbers.into_iter().unzip();
            let values = [by_seed("a", "dose@minor", &theirs), by_seed("b", "dose@minor", &ours)].concat();
            for row in compare(&values, &facts(), &question(&["a", "b"]), None) {
                let json = serde_json::to_value(&row).unwrap();
                // A number that is not finite would be written as null and read back as `None`.
                prop_assert_eq!(serde_json::from_value::<Comparison>(json).unwrap().relative.is_some(), row.relative.is_some());
                let numbers = [row.mean, row.difference, row.ci_low, row.relative_high, row.p, row.variance_ratio];
                prop_assert!(numbers.into_iter().flatten().all(f64::is_finite));
            }
        }
    }
}
