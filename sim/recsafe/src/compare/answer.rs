//! The experiment's answer: the declared harm and cost of every arm, in sentences made from the data.
//!
//! Two uncertainties are never mixed: the luck of the seeds, which more seeds shrink, and the assumptions, which differ
//! from sweep point to sweep point and which no number of seeds shrinks.

use super::comparison::Comparison;
use super::number::{per_cent, plain, probability};
use super::question::{Outcome, Question};
use super::robustness::{Holds, robustness};
use super::verdict::Verdict;
use super::wording::{change, interval, seeds};

/// What stands below every answer.
const SCENARIO: &str = "These are scenarios under the experiment's assumptions, not forecasts for a platform.";

/// The answer, one paragraph an item: harm and cost of each arm against the baseline, in the order of the file.
#[must_use]
pub fn answer(rows: &[Comparison], question: &Question) -> Vec<String> {
    if question.compared().next().is_none() {
        return vec![format!("There is only the baseline, `{}`, so nothing is compared.", question.baseline)];
    }
    let mut paragraphs = Vec::new();
    for arm in question.compared() {
        for (role, outcome) in [("Harm", &question.harm), ("Cost", &question.cost)] {
            let is_of =
                |row: &&Comparison| row.arm == arm && row.metric == outcome.metric && row.group == outcome.group;
            let of_arm: Vec<&Comparison> = rows.iter().filter(is_of).collect();
            let said = match of_arm[..] {
                [] => format!("`{arm}` has no value of {outcome}."),
                [row] => at_one_point(row, outcome, question),
                _ => over_points(&of_arm, outcome, question),
            };
            paragraphs.push(format!("{role}: {said}"));
        }
    }
    paragraphs.push(SCENARIO.to_owned());
    paragraphs
}

fn at_one_point(row: &Comparison, outcome: &Outcome, question: &Question) -> String {
    let (arm, baseline) = (&row.arm, &row.baseline);
    let Some(change) = change(row) else {
        return format!(
            "{outcome} has no value in both `{arm}` and `{baseline}` under any seed, so it cannot be compared."
        );
    };
    match Verdict::of(row) {
        Verdict::OneSeed => format!(
            "`{arm}` against `{baseline}`: {outcome} {change} in one seed. There is no interval: one seed cannot tell a change from luck."
        ),
        Verdict::Same => format!("`{arm}` leaves {outcome} exactly as under `{baseline}` in all {}.", seeds(row.n)),
        verdict => {
            let what = if verdict.is_clear() { verb(row, verdict) } else { "shows no clear change of".to_owned() };
            format!(
                "`{arm}` {what} {outcome} against `{baseline}`: {change} (95 % interval {}, luck of {}).{}",
                interval(row).unwrap_or_else(|| "undefined".to_owned()),
                seeds(row.n),
                chance(&[row], question)
            )
        }
    }
}

/// `lowers`, `raises`, with the judgement where the metric has one.
fn verb(row: &Comparison, verdict: Verdict) -> String {
    let verb = if row.difference < Some(0.0) { "lowers" } else { "raises" };
    match verdict {
        Verdict::Better | Verdict::Worse => format!("{verb} ({})", verdict.word()),
        _ => verb.to_owned(),
    }
}

fn over_points(rows: &[&Comparison], outcome: &Outcome, question: &Question) -> String {
    let (arm, baseline, points) = (&rows[0].arm, &rows[0].baseline, rows.len());
    let Some((lowest, highest)) = extremes(rows) else {
        return format!("`{arm}`: {outcome} cannot be compared with `{baseline}` at any of {points} sweep points.");
    };
    let describe = |row: &Comparison| format!("{} (point {})", change(row).unwrap_or_default(), row.point);
    format!(
        "`{arm}` against `{baseline}`, {outcome}. Assumptions: over {points} sweep points the change runs from {} to {}. {} {}{}",
        describe(lowest),
        describe(highest),
        luck(rows),
        counted(rows),
        chance(rows, question)
    )
}

/// The rows with the lowest and the highest change. All are held on one scale: relative only if every row has it.
fn extremes<'a>(rows: &[&'a Comparison]) -> Option<(&'a Comparison, &'a Comparison)> {
    let with_relative = rows.iter().all(|row| row.relative.is_some() || row.difference.is_none());
    let size = |row: &Comparison| if with_relative { row.relative } else { row.difference };
    let mut compared: Vec<_> = rows.iter().filter_map(|row| Some((size(row)?, *row))).collect();
    compared.sort_by(|one, other| one.0.total_cmp(&other.0));
    Some((compared.first()?.1, compared.last()?.1))
}

/// How far the luck of the seeds reaches at a single point.
fn luck(rows: &[&Comparison]) -> String {
    let half = |low: Option<f64>, high: Option<f64>| Some((high? - low?) / 2.0);
    let widest =
        |halves: Vec<Option<f64>>| halves.into_iter().collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max);
    let tested: Vec<_> = rows.iter().filter(|row| row.p.is_some()).collect();
    let most = tested.iter().map(|row| row.n).max().unwrap_or_default();
    let relative = widest(tested.iter().map(|row| half(row.relative_low, row.relative_high)).collect());
    let absolute = widest(tested.iter().map(|row| half(row.ci_low, row.ci_high)).collect());
    let reach = match (relative, absolute) {
        (Some(half), _) => format!("{} percentage points", per_cent(half).trim_start_matches('+')),
        (None, Some(half)) => plain(half),
        (None, None) => return "Luck: unknown, because one seed has no interval.".to_owned(),
    };
    format!("Luck: at any one point the 95 % interval over {} reaches at most {reach} to either side.", seeds(most))
}

/// At how many points the change is clear.
fn counted(rows: &[&Comparison]) -> String {
    let count = |falls: bool| {
        let clear = |row: &&&Comparison| Verdict::of(row).is_clear() && (row.difference < Some(0.0)) == falls;
        rows.iter().filter(clear).count()
    };
    format!(
        "It is clearly lower at {} and clearly higher at {} of {} points{}.",
        count(true),
        count(false),
        rows.len(),
        survival(rows)
    )
}

/// Whether a conclusion survives the sweep.
fn survival(rows: &[&Comparison]) -> &'static str {
    let rows: Vec<Comparison> = rows.iter().map(|&row| row.clone()).collect();
    match robustness(&rows, &rows).first().map(|found| found.verdict) {
        Some(Holds::Everywhere) => ": the conclusion holds over all points",
        Some(Holds::SameSign) => ": the sign is the same everywhere, though luck may explain some points",
        Some(Holds::Depends) => ": the conclusion depends on what was swept",
        Some(Holds::Undecided | Holds::NoChange) | None => "",
    }
}

/// The probability of the target, where the rows have one.
fn chance(rows: &[&Comparison], question: &Question) -> String {
    let mut chances: Vec<f64> = rows.iter().filter_map(|row| row.target_probability).collect();
    chances.sort_by(f64::total_cmp);
    let (Some(target), Some(low), Some(high)) = (question.target, chances.first(), chances.last()) else {
        return String::new();
    };
    let moves = if target < 0.0 { "falls" } else { "rises" };
    let sentence = format!(" The probability that it {moves} by at least {} % is", plain(100.0 * target.abs()));
    match rows {
        [_] => format!("{sentence} {}, given the luck of the seeds.", probability(*low)),
        _ => format!("{sentence} {} to {} over the points.", probability(*low), probability(*high)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::compare::samples::{by_seed, contact_rules_rows, facts, question, swept_rows};

    #[test]
    fn says_what_is_clear_and_what_is_not() {
        let (rows, question) = contact_rules_rows();
        insta::assert_snapshot!(answer(&rows, &question).join("\n"));
    }

    #[test]
    fn keeps_luck_and_assumptions_apart() {
        let (rows, question) = swept_rows();
        insta::assert_snapshot!(answer(&rows, &question).join("\n"));
    }

    #[test]
    fn one_seed_claims_nothing() {
        let values = [by_seed("as-is", "dose@minor", &[0.010]), by_seed("warning", "dose@minor", &[0.008])].concat();
        let question = question(&["as-is", "warning"]);
        let rows = compare(&values, &facts(), &question, None);
        insta::assert_snapshot!(answer(&rows, &question).join("\n"));
    }

    #[test]
    fn one_arm_answers_nothing() {
        let question = question(&["as-is"]);
        assert_eq!(answer(&[], &question), ["There is only the baseline, `as-is`, so nothing is compared."]);
    }
}
