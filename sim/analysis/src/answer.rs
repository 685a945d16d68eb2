//! The experiment's answer in sentences: which arm reduces the declared harm most, and at what
//! cost.
//!
//! Two uncertainties are kept apart. More seeds reduce the uncertainty from random numbers. The
//! uncertainty from assumptions differs between sweep points, and no number of seeds reduces it.

use super::comparison::Comparison;
use super::contained::{Part, gain, is_improvement, of_arm, part};
use super::frontier::frontier;
use super::metric::{Direction, MetricFacts};
use super::number::{plain, probability};
use super::other_costs::other_costs;
use super::parts::ArmParts;
use super::question::{Outcome, Question};
use super::reached::still_reached;
use super::robustness::{Holds, robustness};
use super::rules::{Rule, quoted};
use super::verdict::Verdict;
use super::wording::{Detail, Name, effect, named, seeds};

/// Input of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// Comparison of every arm with the baseline.
    pub rows: &'a [Comparison],
    /// The experiment's question.
    pub question: &'a Question,
    /// The baseline that the experiment declares.
    pub declared_baseline: &'a str,
    /// The catalogue of metrics.
    pub metrics: &'a [MetricFacts],
    /// Components of the arms.
    pub parts: &'a [ArmParts],
    /// Comparisons of arms with the arms that they contain: [`contained`](super::contained()).
    pub contained: &'a [Comparison],
    /// The interventions of the arms.
    pub rules: &'a [Rule],
}

/// An answer in sentences. A field is empty if there is nothing to report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The arm that the answer is about: the best arm, unless a part of the best arm is enough.
    pub arm: Option<String>,
    /// Effect of `arm` on the declared harm.
    pub lead: String,
    /// Effect of `arm` on the declared cost.
    pub cost: Option<String>,
    /// Comparison of the best arm with a part of it: whether the part is enough, or how much better
    /// the whole arm is.
    pub simpler: Option<String>,
    /// Effect of `arm` on minors, by declared age.
    pub still_reached: Option<String>,
    /// Other costs that change clearly.
    pub other_costs: Option<String>,
    /// One sentence per other arm.
    pub others: Vec<String>,
    /// The arms on the frontier of harm and cost.
    pub frontier: Option<String>,
    /// Assumptions about the interventions of `arm`.
    pub assumed: Vec<String>,
    /// Limits of the comparison.
    pub limits: Vec<String>,
}

impl Answer {
    /// Returns the paragraphs for the terminal: all fields except the frontier.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let own = [&self.cost, &self.simpler, &self.still_reached, &self.other_costs];
        let assumed = (!self.assumed.is_empty()).then(|| self.assumed.join(" "));
        std::iter::once(&self.lead)
            .chain(own.into_iter().flatten())
            .chain(&self.others)
            .chain(&assumed)
            .chain(&self.limits)
            .cloned()
            .collect()
    }
}

/// Last line of every answer.
const SCENARIO: &str = "These results are scenarios under the experiment's assumptions, not forecasts for a platform.";

/// Maximum number of other arms that are described in sentences. If there are more arms, the answer
/// refers to the table.
const MOST_OTHERS: usize = 6;

/// Maximum number of interventions that are described in sentences. If there are more
/// interventions, the answer gives only the number of the others.
const MOST_RULES: usize = 3;

/// Returns the answer to the experiment's question.
#[must_use]
pub fn answer(findings: &Findings) -> Answer {
    let Question { baseline, .. } = findings.question;
    if findings.question.compared().next().is_none() {
        let lead = format!("The only arm is the baseline, `{baseline}`, so there is nothing to compare.");
        return Answer { lead, ..Answer::default() };
    }
    let limits = findings.limits();
    match findings.best() {
        None => Answer { lead: findings.nothing_clear(), others: findings.others(None), limits, ..Answer::default() },
        Some(best) => {
            let part = part(best, findings.rows, findings.contained, findings.parts, findings.question);
            let arm = if let Some(Part::Enough(arm)) = part { arm } else { best };
            Answer {
                arm: Some(arm.to_owned()),
                lead: findings.lead(arm, part),
                cost: Some(findings.declared_cost(arm)),
                simpler: part.map(|part| findings.simpler(best, part)),
                still_reached: still_reached(arm, findings.rows, findings.metrics, findings.question),
                other_costs: other_costs(arm, findings.rows, findings.metrics),
                others: findings.others(Some(arm)),
                frontier: findings.frontier(),
                assumed: findings.assumed(arm),
                limits,
            }
        }
    }
}

impl<'a> Findings<'a> {
    fn of(&self, arm: &str, outcome: &Outcome) -> Vec<&'a Comparison> {
        of_arm(self.rows, arm, None, outcome)
    }

    /// Returns the arm that clearly improves the harm at the most points; ties are broken by the
    /// size of the improvement.
    fn best(&self) -> Option<&'a str> {
        let clear = |arm: &str| self.of(arm, &self.question.harm).iter().filter(|row| is_improvement(row)).count();
        let gain = |arm: &str| gain(&self.of(arm, &self.question.harm));
        let order = |one: &&str, other: &&str| clear(one).cmp(&clear(other)).then(gain(one).total_cmp(&gain(other)));
        // Keeps the first of equal arms; `max_by` would keep the last.
        self.question
            .compared()
            .filter(|arm| clear(arm) > 0)
            .reduce(|best, arm| if order(&arm, &best).is_gt() { arm } else { best })
    }

    /// Describes the effect of an arm on a declared outcome.
    fn does(&self, arm: &str, outcome: &Outcome, detail: Detail) -> String {
        let name = if detail == Detail::Full { Name::full } else { Name::short };
        effect(&self.of(arm, outcome), &name(outcome, self.metrics), detail)
    }

    fn lead(&self, arm: &str, part: Option<Part>) -> String {
        let harm = &self.question.harm;
        let does = self.does(arm, harm, Detail::Full);
        let what = match part {
            Some(Part::Enough(_)) => " is the best choice: it",
            _ if self.question.compared().count() > 1 => " reduces the declared harm most: it",
            _ => "",
        };
        let rows = self.of(arm, harm);
        format!(
            "`{arm}`{what} {does}, compared with `{}`.{}{}",
            self.question.baseline,
            over_points(&rows),
            self.chance(&rows)
        )
    }

    fn declared_cost(&self, arm: &str) -> String {
        let rows = self.of(arm, &self.question.cost);
        let is_better = !rows.is_empty() && rows.iter().all(|row| Verdict::of(row) == Verdict::Better);
        let better = if is_better { ", which is an improvement" } else { "" };
        format!("Declared cost: it {}{better}.", self.does(arm, &self.question.cost, Detail::Full))
    }

    /// Compares the best arm with a part of it.
    fn simpler(&self, best: &str, part: Part) -> String {
        let against = |part: &str, outcome: &Outcome| {
            effect(
                &of_arm(self.contained, best, Some(part), outcome),
                &Name::short(outcome, self.metrics),
                Detail::Short,
            )
        };
        let Question { harm, cost, .. } = self.question;
        let both = |part: &str| format!("it {}; it {}", against(part, harm), against(part, cost));
        match part {
            Part::Enough(part) => format!(
                "`{best}` includes `{part}` and is not clearly better on the declared harm: compared with `{part}`, {}.{}",
                both(part),
                if self.may_do_more(best, part) { " More seeds can show a difference." } else { "" }
            ),
            Part::Less(part) => format!(
                "`{best}` includes `{part}`, the next simpler arm, which {}. Compared with `{part}`, `{best}` does more: {}.",
                self.does(part, harm, Detail::Short),
                both(part)
            ),
        }
    }

    /// Returns whether the best arm could reduce the harm by more than 10 %, compared with one of
    /// its parts alone. This is the case if the interval of the change extends to such a reduction.
    fn may_do_more(&self, best: &str, part: &str) -> bool {
        let most = |row: &&Comparison| match row.direction {
            Direction::HigherIsBetter => row.relative_high,
            _ => row.relative_low.map(|low| -low),
        };
        of_arm(self.contained, best, Some(part), &self.question.harm).iter().filter_map(most).any(|most| most > 0.1)
    }

    fn nothing_clear(&self) -> String {
        let Question { harm, baseline, .. } = self.question;
        let rows = || self.question.compared().flat_map(|arm| self.of(arm, harm));
        let name = named(harm, self.metrics);
        if rows().next().is_none() {
            return format!("No arm has a value of {name}.");
        }
        if rows().all(|row| row.n <= 1) {
            return format!(
                "With one seed, a change in {name} cannot be distinguished from chance, so there is no answer yet. Run more seeds, for example `--seeds 8`."
            );
        }
        let verb = if rows().any(|row| row.direction == Direction::HigherIsBetter) { "raises" } else { "lowers" };
        format!("No arm clearly {verb} {name}, compared with `{baseline}`.")
    }

    /// Returns one sentence per arm, without the arm `except`. If there are many arms, returns a
    /// reference to the table.
    fn others(&self, except: Option<&str>) -> Vec<String> {
        let Question { harm, cost, .. } = self.question;
        let others: Vec<&str> = self.question.compared().filter(|arm| Some(*arm) != except).collect();
        let detail = if except.is_some() { Detail::Short } else { Detail::Full };
        let sentence =
            |arm: &&str| format!("`{arm}` {}; it {}.", self.does(arm, harm, detail), self.does(arm, cost, detail));
        if others.len() <= MOST_OTHERS {
            return others.iter().map(sentence).collect();
        }
        let better = others.iter().filter(|arm| self.of(arm, harm).iter().any(|row| is_improvement(row))).count();
        let improve = match better {
            0 => "none of them is clearly better on the declared harm".to_owned(),
            1 => "1 of them is also clearly better on the declared harm".to_owned(),
            number => format!("{number} of them are also clearly better on the declared harm"),
        };
        vec![format!("The table lists the {} other arms; {improve}.", others.len())]
    }

    fn frontier(&self) -> Option<String> {
        let places = frontier(self.rows, self.question, &self.question.harm, &self.question.cost);
        let on = places.iter().filter(|place| place.on_frontier);
        let names: Vec<String> = on.map(|place| place.arm.clone()).collect();
        let is_swept = places.iter().any(|place| place.point > 0);
        (!names.is_empty() && !is_swept)
            .then(|| format!("Arms on the frontier of declared harm and cost: {}. For each of these arms, no other arm has means that are at least as good on both outcomes and better on one.", quoted(&names)))
    }

    fn assumed(&self, arm: &str) -> Vec<String> {
        let own: Vec<&Rule> = self.rules.iter().filter(|rule| rule.arms.iter().any(|it| it == arm)).collect();
        let mut said: Vec<String> = own
            .iter()
            .take(MOST_RULES)
            .map(|rule| Rule { arms: vec![rule.kind.clone()], ..(*rule).clone() }.sentence())
            .collect();
        if own.len() > MOST_RULES {
            said.push(format!("Interventions of `{arm}` whose assumptions are not shown: {}.", own.len() - MOST_RULES));
        }
        said
    }

    fn limits(&self) -> Vec<String> {
        let Question { baseline, .. } = self.question;
        let other = (*baseline != self.declared_baseline).then(|| {
            format!(
                "The baseline of this comparison is `{baseline}`; the experiment declares `{}`. This comparison was not declared before the runs, so treat it as a question for another experiment.",
                self.declared_baseline
            )
        });
        other.into_iter().chain([SCENARIO.to_owned()]).collect()
    }

    /// Describes the probability that the target is reached, if the rows have this probability.
    fn chance(&self, rows: &[&Comparison]) -> String {
        let mut chances: Vec<f64> = rows.iter().filter_map(|row| row.target_probability).collect();
        chances.sort_by(f64::total_cmp);
        let (Some(target), Some(low), Some(high)) = (self.question.target, chances.first(), chances.last()) else {
            return String::new();
        };
        let moves = if target < 0.0 { "falls" } else { "rises" };
        let sentence =
            format!(" The probability that the harm {moves} by at least {} % is", plain(100.0 * target.abs()));
        match rows {
            [_] => format!(
                "{sentence} {}. This probability accounts for the random variation between seeds, not for the assumptions.",
                probability(*low)
            ),
            _ => {
                format!(
                    "{sentence} {} to {} over the points at which it is known.",
                    probability(*low),
                    probability(*high)
                )
            }
        }
    }
}

/// Summarises a sweep: the uncertainty from chance at each point, and whether the conclusion is the
/// same at all points.
fn over_points(rows: &[&Comparison]) -> String {
    if rows.len() < 2 {
        return String::new();
    }
    let owned: Vec<Comparison> = rows.iter().map(|&row| row.clone()).collect();
    let holds = match robustness(&owned, &owned).first().map(|found| found.verdict) {
        Some(Holds::Everywhere) => " The conclusion is the same at every point.",
        Some(Holds::SameSign) => {
            " The direction is the same at every point, but at one or more points the change is not clear."
        }
        Some(Holds::Depends) => " The conclusion depends on the swept settings.",
        Some(Holds::Undecided | Holds::NoChange) | None => "",
    };
    format!(" {}{holds}", chance_statement(rows))
}

/// Describes the uncertainty from chance at each point.
fn chance_statement(rows: &[&Comparison]) -> String {
    let half = |low: Option<f64>, high: Option<f64>| Some((high? - low?) / 2.0);
    let widest =
        |halves: Vec<Option<f64>>| halves.into_iter().collect::<Option<Vec<f64>>>()?.into_iter().reduce(f64::max);
    let with_interval: Vec<_> = rows.iter().filter(|row| row.ci_low.is_some()).collect();
    let most = with_interval.iter().map(|row| row.n).max().unwrap_or_default();
    let relative = widest(with_interval.iter().map(|row| half(row.relative_low, row.relative_high)).collect());
    let absolute = widest(with_interval.iter().map(|row| half(row.ci_low, row.ci_high)).collect());
    let reach = match (relative, absolute) {
        (Some(half), _) => format!("{} percentage points", plain((1000.0 * half).round() / 10.0)),
        (None, Some(half)) => plain(half),
        (None, None) => {
            return "There are too few seeds for an interval, so the effect of chance is unknown.".to_owned();
        }
    };
    format!("At each point, the 95 % interval over {} extends at most {reach} to either side.", seeds(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_samples::packages;
    use crate::rules::rules;
    use crate::samples::{by_seed, contact_rules_rows, facts, question, swept_rows};
    use crate::{MetricValue, compare, contained};

    /// Returns the paragraphs about rows without contained arms.
    fn told(rows: &[Comparison], question: &Question) -> String {
        let findings = Findings {
            rows,
            question,
            declared_baseline: &question.baseline,
            metrics: &facts(),
            parts: &[],
            contained: &[],
            rules: &[],
        };
        answer(&findings).paragraphs().join("\n")
    }

    #[test]
    fn says_what_is_clear_and_what_is_not() {
        let (rows, question) = contact_rules_rows();
        insta::assert_snapshot!(told(&rows, &question));
    }

    #[test]
    fn keeps_luck_and_assumptions_apart() {
        let (rows, question) = swept_rows();
        insta::assert_snapshot!(told(&rows, &question));
    }

    #[test]
    fn one_seed_claims_nothing() {
        let values = [by_seed("as-is", "dose@minor", &[0.010]), by_seed("warning", "dose@minor", &[0.008])].concat();
        let question = question(&["as-is", "warning"]);
        let rows = compare(&values, &facts(), &question, None);
        insta::assert_snapshot!(told(&rows, &question));
    }

    #[test]
    fn one_arm_answers_nothing() {
        let question = question(&["as-is"]);
        assert_eq!(told(&[], &question), "The only arm is the baseline, `as-is`, so there is nothing to compare.");
    }

    #[test]
    fn nothing_clear_is_said_with_every_arm() {
        let base = [1.0, 1.1, 0.9];
        let values = [by_seed("as-is", "dose@minor", &base), by_seed("a", "dose@minor", &[1.1, 1.0, 0.95])].concat();
        let question = question(&["as-is", "a"]);
        let rows = compare(&values, &facts(), &question, None);
        insta::assert_snapshot!(told(&rows, &question));
    }

    #[test]
    fn of_many_arms_the_table_has_the_others() {
        let arms: Vec<String> = (0..10).map(|number| format!("arm-{number}")).collect();
        let names: Vec<&str> = arms.iter().map(String::as_str).collect();
        let values: Vec<MetricValue> = (0..)
            .zip(&names)
            .flat_map(|(number, arm)| {
                by_seed(
                    arm,
                    "dose@minor",
                    &[1.0, 1.1, 0.9].map(|it| it - f64::from(number) * (0.05 * it + 0.001 * it * it)),
                )
            })
            .collect();
        let question = question(&names);
        let said = told(&compare(&values, &facts(), &question, None), &question);
        assert!(
            said.contains("`arm-9` reduces the declared harm most")
                && said.contains(
                    "The table lists the 8 other arms; 8 of them are also clearly better on the declared harm."
                ),
            "{said}"
        );
    }

    const AS_IS: (&str, [f64; 5]) = ("as-is", [1.00, 1.10, 0.95, 1.05, 1.00]);
    const A: (&str, [f64; 5]) = ("a", [0.60, 0.67, 0.56, 0.64, 0.60]);
    const B: (&str, [f64; 5]) = ("b", [1.01, 1.09, 0.96, 1.04, 1.00]);
    const COSTS: [(&str, [f64; 5]); 4] = [
        ("as-is", [5.0, 5.1, 5.2, 5.0, 5.1]),
        ("a", [5.0, 5.11, 5.19, 5.01, 5.1]),
        ("b", [4.5, 4.6, 4.65, 4.5, 4.6]),
        ("a+b", [4.51, 4.6, 4.66, 4.5, 4.59]),
    ];

    fn answer_of(doses: &[(&str, [f64; 5])]) -> Answer {
        let (values, question, parts) = packages(doses, &COSTS);
        let rows = compare(&values, &facts(), &question, None);
        let list = [serde_json::json!({ "kind": "block", "efficacy": 0.9 })];
        let findings = Findings {
            rows: &rows,
            question: &question,
            declared_baseline: "as-is",
            metrics: &facts(),
            parts: &parts,
            contained: &contained(&values, &facts(), &question, &parts),
            rules: &rules([("a", &list[..]), ("a+b", &list)].into_iter()),
        };
        answer(&findings)
    }

    #[test]
    fn a_part_that_does_as_much_is_the_answer() {
        let said = answer_of(&[AS_IS, A, B, ("a+b", [0.61, 0.66, 0.56, 0.63, 0.60])]);
        assert_eq!(said.arm.as_deref(), Some("a"));
        insta::assert_snapshot!(said.paragraphs().join("\n"));
    }

    #[test]
    fn a_whole_that_does_more_is_the_answer_and_names_its_part() {
        let said = answer_of(&[AS_IS, A, B, ("a+b", [0.40, 0.44, 0.37, 0.42, 0.40])]);
        assert_eq!(said.arm.as_deref(), Some("a+b"));
        insta::assert_snapshot!(said.paragraphs().join("\n"));
    }

    #[test]
    fn equal_arms_are_equal_and_the_simpler_is_the_answer() {
        let said = answer_of(&[AS_IS, ("a+b", A.1), A]);
        assert_eq!(said.arm.as_deref(), Some("a"));
        assert!(said.simpler.unwrap().contains("it does not change dose among minors in any seed"));
    }

    #[test]
    fn another_baseline_than_the_declared_one_is_named() {
        let (rows, question) = contact_rules_rows();
        let findings = Findings {
            rows: &rows,
            question: &question,
            declared_baseline: "warning",
            metrics: &facts(),
            parts: &[],
            contained: &[],
            rules: &[],
        };
        let limits = answer(&findings).limits;
        assert!(
            limits[0].starts_with("The baseline of this comparison is `as-is`; the experiment declares `warning`.")
        );
    }
}
