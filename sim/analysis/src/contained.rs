//! Comparison of arms with the arms that they contain: is a part of the best arm enough?

use super::comparison::{Comparison, compare};
use super::metric::{Direction, MetricFacts, MetricValue};
use super::parts::ArmParts;
use super::question::{Outcome, Question};
use super::verdict::Verdict;

/// Compares every arm with each arm that it contains, for the declared outcomes. The contained arm
/// is the baseline of the rows.
///
/// Arms that contain the question's baseline are skipped because they are already compared with
/// this baseline. An arm without changes is not a part of any arm.
#[must_use]
pub fn contained(
    values: &[MetricValue],
    metrics: &[MetricFacts],
    question: &Question,
    parts: &[ArmParts],
) -> Vec<Comparison> {
    let declared: Vec<MetricValue> =
        values.iter().filter(|value| question.declares(&value.metric, &value.group)).cloned().collect();
    let mut rows = Vec::new();
    for part in parts.iter().filter(|part| part.arm != question.baseline && part.number() > 0) {
        let whole = parts.iter().filter(|arm| arm.contains(part) && arm.arm != question.baseline);
        let arms: Vec<String> = std::iter::once(part).chain(whole).map(|arm| arm.arm.clone()).collect();
        if arms.len() > 1 {
            let against = Question { baseline: part.arm.clone(), arms, target: None, ..question.clone() };
            rows.extend(compare(&declared, metrics, &against, None));
        }
    }
    rows
}

/// Result for a part of an arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// This part clearly reduces harm, and the whole arm does not clearly reduce harm more than the
    /// part does.
    Enough(&'a str),
    /// The whole arm clearly does more than this part. The part is the next simpler arm.
    Less(&'a str),
}

/// Returns the simplest part that is enough, or else the next simpler arm. Returns `None` if no
/// other arm is a part of the arm, or if the result is unclear.
pub(super) fn part<'a>(
    whole: &str,
    rows: &[Comparison],
    contained: &[Comparison],
    parts: &'a [ArmParts],
    question: &Question,
) -> Option<Part<'a>> {
    let own = parts.iter().find(|arm| arm.arm == whole)?;
    let of = |part: &str, outcome: &Outcome| -> Vec<&Comparison> { of_arm(contained, whole, Some(part), outcome) };
    let is_told = |part: &str| of(part, &question.harm).iter().any(|row| row.ci_low.is_some());
    let mut simpler: Vec<&ArmParts> = parts
        .iter()
        .filter(|part| own.contains(part) && question.arms.contains(&part.arm) && is_told(&part.arm))
        .collect();
    simpler.sort_by(|one, other| {
        let gain = |part: &ArmParts| gain(&of_arm(rows, &part.arm, None, &question.harm));
        one.number().cmp(&other.number()).then(gain(other).total_cmp(&gain(one)))
    });
    let is_better = |rows: &[&Comparison]| rows.iter().any(|row| is_improvement(row));
    let is_enough = |part: &&&ArmParts| {
        is_better(&of_arm(rows, &part.arm, None, &question.harm))
            && !is_better(&of(&part.arm, &question.harm))
            && !of(&part.arm, &question.cost).iter().any(|row| Verdict::of(row) == Verdict::Better)
    };
    match simpler.iter().find(is_enough) {
        Some(part) => Some(Part::Enough(&part.arm)),
        None => next_simpler(&simpler, |part| gain(&of_arm(rows, part, None, &question.harm))).map(Part::Less),
    }
}

/// Returns the arm with the most parts; ties are broken by the largest gain.
fn next_simpler<'a>(simpler: &[&'a ArmParts], gain: impl Fn(&str) -> f64) -> Option<&'a str> {
    let most = simpler.iter().map(|part| part.number()).max()?;
    let largest = simpler.iter().filter(|part| part.number() == most);
    largest.max_by(|one, other| gain(&one.arm).total_cmp(&gain(&other.arm))).map(|part| part.arm.as_str())
}

/// Returns the rows of an arm and an outcome, filtered by baseline if a baseline is given.
pub(super) fn of_arm<'a>(
    rows: &'a [Comparison],
    arm: &str,
    baseline: Option<&str>,
    outcome: &Outcome,
) -> Vec<&'a Comparison> {
    rows.iter()
        .filter(|row| row.arm == arm && row.metric == outcome.metric && row.group == outcome.group)
        .filter(|row| baseline.is_none_or(|baseline| row.baseline == baseline))
        .collect()
}

/// Returns whether a harm clearly improves. If neither direction is better, a fall counts as an
/// improvement.
pub(super) fn is_improvement(row: &Comparison) -> bool {
    matches!(Verdict::of(row), Verdict::Better | Verdict::Lower)
}

/// Returns the mean improvement of a harm over sweep points, in the metric's unit.
pub(super) fn gain(rows: &[&Comparison]) -> f64 {
    let sign = |row: &Comparison| if row.direction == Direction::HigherIsBetter { 1.0 } else { -1.0 };
    let gains: Vec<f64> = rows.iter().filter_map(|row| Some(sign(row) * row.difference?)).collect();
    if gains.is_empty() { f64::NEG_INFINITY } else { gains.iter().sum::<f64>() / gains.len() as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_samples::{package_parts, packages};
    use crate::samples::{by_seed, facts, question};

    /// Describes the part that is found for the arm `whole`, given values of each arm for five
    /// seeds.
    fn found(whole: &str, doses: &[(&str, [f64; 5])], engagement: &[(&str, [f64; 5])]) -> Option<String> {
        let (values, question, parts) = packages(doses, engagement);
        let rows = compare(&values, &facts(), &question, None);
        let contained = contained(&values, &facts(), &question, &parts);
        part(whole, &rows, &contained, &parts, &question).map(|found| format!("{found:?}"))
    }

    const AS_IS: (&str, [f64; 5]) = ("as-is", [1.00, 1.10, 0.95, 1.05, 1.00]);
    const A: (&str, [f64; 5]) = ("a", [0.60, 0.67, 0.56, 0.64, 0.60]);
    const B: (&str, [f64; 5]) = ("b", [1.01, 1.09, 0.96, 1.04, 1.00]);

    #[test]
    fn a_part_that_adds_nothing_is_seen() {
        let both = ("a+b", [0.61, 0.66, 0.56, 0.63, 0.61]);
        assert_eq!(found("a+b", &[AS_IS, A, B, both], &[]).unwrap(), "Enough(\"a\")");
        let equal = ("a+b", A.1);
        assert_eq!(found("a+b", &[AS_IS, A, B, equal], &[]).unwrap(), "Enough(\"a\")");
    }

    #[test]
    fn a_part_that_adds_something_keeps_its_whole() {
        let both = ("a+b", [0.40, 0.44, 0.37, 0.42, 0.40]);
        assert_eq!(found("a+b", &[AS_IS, A, B, both], &[]).unwrap(), "Less(\"a\")", "a does more than b alone");
    }

    #[test]
    fn a_part_is_not_enough_if_the_whole_clearly_costs_less() {
        let (both, engagement) = (("a+b", A.1), ("a+b", [5.1, 5.2, 5.3, 5.1, 5.2]));
        let base = [5.0, 5.1, 5.2, 5.0, 5.1];
        let costs = [("as-is", base), ("a", base), ("b", base), engagement];
        assert_eq!(found("a+b", &[AS_IS, A, B, both], &costs).unwrap(), "Less(\"a\")");
        let dearer = [("as-is", base), ("a", base), ("b", base), ("a+b", [4.0, 4.1, 4.2, 4.0, 4.1])];
        assert_eq!(found("a+b", &[AS_IS, A, B, both], &dearer).unwrap(), "Enough(\"a\")");
    }

    #[test]
    fn of_a_chain_the_simplest_that_is_enough_is_found() {
        let (b_adds, c_adds) = ([0.40, 0.44, 0.37, 0.42, 0.40], [0.20, 0.23, 0.18, 0.21, 0.20]);
        let chain = |second, third| found("a+b+c", &[AS_IS, A, ("a+b", second), ("a+b+c", third)], &[]).unwrap();
        assert_eq!(chain(A.1, A.1), "Enough(\"a\")");
        assert_eq!(chain(b_adds, b_adds), "Enough(\"a+b\")");
        assert_eq!(chain(b_adds, c_adds), "Less(\"a+b\")");
    }

    #[test]
    fn a_part_that_does_nothing_itself_is_never_enough() {
        let weak = ("a+b", [0.9, 1.02, 0.87, 0.99, 0.94]);
        let a = ("a", [0.8, 1.2, 0.7, 1.1, 0.8]);
        assert_eq!(found("a+b", &[AS_IS, a, weak], &[]).unwrap(), "Less(\"a\")");
    }

    #[test]
    fn without_parts_or_seeds_nothing_is_found() {
        assert_eq!(found("a", &[AS_IS, A, B], &[]), None);
        let parts = package_parts(&["as-is", "a", "a+b"]);
        let question = question(&["as-is", "a", "a+b"]);
        let one_seed: Vec<_> = question.arms.iter().flat_map(|arm| by_seed(arm, "dose@minor", &[1.0])).collect();
        let rows = compare(&one_seed, &facts(), &question, None);
        let contained = contained(&one_seed, &facts(), &question, &parts);
        assert_eq!((contained.len(), part("a+b", &rows, &contained, &parts, &question)), (1, None));
    }
}
