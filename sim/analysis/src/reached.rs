//! The declared harm by the declared age of minors.

use super::comparison::Comparison;
use super::contained::{is_improvement, of_arm};
use super::metric::MetricFacts;
use super::question::{Outcome, Question};
use super::verdict::Verdict;
use super::wording::{Detail, Name, effect};

/// Groups of minors by declared age.
const STATED_MINOR: &str = "minor:declared-minor";
const STATED_ADULT: &str = "minor:declared-adult";

/// Describes an arm's effect on minors who declare 18 or over and on other minors. Returns `None`
/// if the harm has no such groups.
pub(super) fn still_reached(
    arm: &str,
    rows: &[Comparison],
    metrics: &[MetricFacts],
    question: &Question,
) -> Option<String> {
    let of = |group: &str| {
        let outcome = Outcome::new(&question.harm.metric, group);
        let rows = of_arm(rows, arm, None, &outcome);
        (!rows.is_empty()).then(|| (effect(&rows, &Name::full(&outcome, metrics), Detail::Short), rows))
    };
    if question.harm.group != "minor" {
        return None;
    }
    let ((minors, of_minors), (adults, of_adults)) = (of(STATED_MINOR)?, of(STATED_ADULT)?);
    Some(format!("{}: `{arm}` {adults}; it {minors}.", headline(&of_adults, &of_minors)))
}

fn headline(adults: &[&Comparison], minors: &[&Comparison]) -> &'static str {
    let ([adult], [minor]) = (adults, minors) else { return "By declared age of minors" };
    match Verdict::of(adult) {
        Verdict::Better | Verdict::Lower if is_improvement(minor) && is_far_below(adult, minor) => {
            "Minors who declare 18 or over are protected less"
        }
        Verdict::Better | Verdict::Lower => "Minors who declare 18 or over are also protected",
        Verdict::Worse | Verdict::Higher => {
            "Minors who declare 18 or over are exposed to more harm than under the baseline"
        }
        Verdict::Same => "Minors who declare 18 or over are not protected",
        Verdict::Unclear if is_improvement(minor) && is_far_below(adult, minor) => {
            "Minors who declare 18 or over are not protected"
        }
        Verdict::Unclear => "It is not clear whether minors who declare 18 or over are protected",
        Verdict::OneSeed | Verdict::NotCompared => "By declared age of minors",
    }
}

/// Returns whether minors who declare 18 or over are clearly protected less than other minors. This
/// is the case if the whole interval of the change in the first group shows less than half of the
/// improvement in the second group.
fn is_far_below(adult: &Comparison, minor: &Comparison) -> bool {
    let far = |change: Option<f64>, low: Option<f64>, high: Option<f64>| {
        let half = change? / 2.0;
        Some(if half < 0.0 { low? > half } else { high? < half })
    };
    let relative = far(minor.relative, adult.relative_low, adult.relative_high);
    relative.or_else(|| far(minor.difference, adult.ci_low, adult.ci_high)).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare;
    use crate::samples::{by_seed, facts, question};

    const BASE: [f64; 4] = [1.0, 1.1, 0.9, 1.05];

    /// Returns the text for these shares of the baseline's harm in the two groups, seed by seed.
    fn said(minors: [f64; 4], adults: [f64; 4]) -> String {
        let of = |arm: &str, group: &str, retained: [f64; 4]| {
            let values: Vec<f64> = BASE.iter().zip(retained).map(|(base, retained)| base * retained).collect();
            by_seed(arm, &format!("dose@{group}"), &values)
        };
        let values = [
            of("as-is", STATED_MINOR, [1.0; 4]),
            of("as-is", STATED_ADULT, [1.0; 4]),
            of("rule", STATED_MINOR, minors),
            of("rule", STATED_ADULT, adults),
        ];
        let question = question(&["as-is", "rule"]);
        let rows = compare(&values.concat(), &facts(), &question, None);
        still_reached("rule", &rows, &facts(), &question).unwrap()
    }

    const HALF: [f64; 4] = [0.5, 0.52, 0.49, 0.51];

    #[test]
    fn those_who_state_18_are_told_apart() {
        let small = [1.0, 1.01, 0.99, 1.005];
        assert!(
            said(HALF, small)
                .starts_with("Minors who declare 18 or over are not protected: `rule` has no clear effect")
        );
        assert!(
            said(HALF, [1.0; 4]).starts_with("Minors who declare 18 or over are not protected: `rule` does not change")
        );
        assert!(said(HALF, HALF).starts_with("Minors who declare 18 or over are also protected"));
        assert!(
            said(HALF, [1.2, 1.21, 1.19, 1.2]).starts_with("Minors who declare 18 or over are exposed to more harm")
        );
    }

    #[test]
    fn a_wide_interval_leaves_it_open() {
        let wide = [0.5, 1.5, 0.8, 1.1];
        assert!(said(HALF, wide).starts_with("It is not clear whether"));
        assert!(said(wide, [1.0, 1.01, 0.99, 1.005]).starts_with("It is not clear whether"));
    }

    #[test]
    fn both_groups_have_their_numbers_and_codes() {
        insta::assert_snapshot!(said(HALF, [1.0, 1.01, 0.99, 1.005]));
    }

    #[test]
    fn without_the_groups_nothing_is_said() {
        let question = question(&["as-is", "rule"]);
        assert_eq!(still_reached("rule", &[], &facts(), &question), None);
        let of_users = Question { harm: Outcome::new("dose", "user"), ..question };
        assert_eq!(still_reached("rule", &[], &facts(), &of_users), None);
    }
}
