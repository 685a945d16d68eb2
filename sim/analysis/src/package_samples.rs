//! Small experiments with arms that contain other arms, for tests.

use serde_json::{Value as Json, json};

use super::parts::ArmParts;
use super::samples::{by_seed, question};
use super::{MetricValue, Question};

/// Returns the components of each arm. The arm's name gives its interventions: `a+b` has `a` and
/// `b`, and `as-is` has none.
pub(super) fn package_parts(arms: &[&str]) -> Vec<ArmParts> {
    let rules = |arm: &str| -> Json {
        arm.split('+').filter(|kind| *kind != "as-is").map(|kind| json!({ "kind": kind })).collect()
    };
    let of = |arm: &&str| {
        let difference = match rules(arm) {
            Json::Array(rules) if rules.is_empty() => json!({}),
            rules => json!({ "interventions": { "baseline": [], "arm": rules } }),
        };
        ArmParts::new(arm, difference.as_object().unwrap())
    };
    arms.iter().map(of).collect()
}

/// Returns values of `dose@minor` and `engagement@all` by arm, with the question and the parts. The
/// first arm is the baseline.
pub(super) fn packages(
    doses: &[(&str, [f64; 5])],
    engagement: &[(&str, [f64; 5])],
) -> (Vec<MetricValue>, Question, Vec<ArmParts>) {
    let of = |outcome: &'static str, values: &[(&str, [f64; 5])]| -> Vec<MetricValue> {
        values.iter().flat_map(|(arm, numbers)| by_seed(arm, outcome, numbers)).collect()
    };
    let arms: Vec<&str> = doses.iter().map(|(arm, _)| *arm).collect();
    ([of("dose@minor", doses), of("engagement@all", engagement)].concat(), question(&arms), package_parts(&arms))
}
