//! Small experiments for tests.

use recsafe_stats::OutcomeName;

use super::{Comparison, Direction, MetricFacts, MetricValue, Outcome, Question, compare};

/// Returns a value of `outcome`, written `metric@group`.
pub(super) fn value(arm: &str, point: u32, seed: u64, outcome: &str, value: f64) -> MetricValue {
    let Outcome { metric, group } = OutcomeName::from(outcome).outcome(&facts());
    MetricValue { arm: arm.to_owned(), point, seed, metric, group, value: Some(value) }
}

/// Returns values of `outcome` at point 0, for seeds 1, 2, 3 and so on.
pub(super) fn by_seed(arm: &str, outcome: &str, values: &[f64]) -> Vec<MetricValue> {
    (1..).zip(values).map(|(seed, number)| value(arm, 0, seed, outcome, *number)).collect()
}

/// Returns a short catalogue.
pub(super) fn facts() -> Vec<MetricFacts> {
    let of = |id: &str, unit: &str, direction, group: &str| MetricFacts {
        id: id.to_owned(),
        title: id.replace('-', " "),
        family: if ["engagement", "views"].contains(&id) { "cost" } else { "content" }.to_owned(),
        unit: unit.to_owned(),
        direction,
        default_group: group.to_owned(),
        ..MetricFacts::default()
    };
    vec![
        of("dose", "severity per account-day", Direction::LowerIsBetter, "minor"),
        of("prevalence", "share", Direction::LowerIsBetter, "all"),
        of("amplification", "ratio", Direction::LowerIsBetter, "minor"),
        of("engagement", "per account-day", Direction::HigherIsBetter, "all"),
        of("views", "per account-day", Direction::Neither, "all"),
    ]
}

/// Returns a question with harm `dose@minor`, cost `engagement@all` and the given arms. The first
/// arm is the baseline.
pub(super) fn question(arms: &[&str]) -> Question {
    Question {
        baseline: arms[0].to_owned(),
        arms: arms.iter().map(|&arm| arm.to_owned()).collect(),
        harm: Outcome::new("dose", "minor"),
        cost: Outcome::new("engagement", "all"),
        target: Some(-0.2),
    }
}

/// Returns values of three arms over five seeds. One arm reduces harm at a cost, and another arm
/// has no clear effect.
pub(super) fn contact_rules() -> (Vec<MetricValue>, Question) {
    let values = [
        by_seed("as-is", "dose@minor", &[0.0121, 0.0134, 0.0118, 0.0142, 0.0127]),
        by_seed("restrict-messages", "dose@minor", &[0.0090, 0.0101, 0.0092, 0.0104, 0.0097]),
        by_seed("warning", "dose@minor", &[0.0123, 0.0131, 0.0119, 0.0139, 0.0128]),
        by_seed("as-is", "engagement@all", &[5.31, 5.22, 5.40, 5.28, 5.35]),
        by_seed("restrict-messages", "engagement@all", &[5.21, 5.15, 5.31, 5.16, 5.25]),
        by_seed("warning", "engagement@all", &[5.31, 5.22, 5.40, 5.28, 5.35]),
        by_seed("as-is", "prevalence@all", &[0.0, 0.0, 0.0, 0.0, 0.0]),
        by_seed("restrict-messages", "prevalence@all", &[0.0, 0.001, 0.0, 0.0, 0.002]),
        by_seed("warning", "prevalence@all", &[0.0, 0.0, 0.0, 0.0, 0.0]),
        by_seed("as-is", "views@all", &[40.0, 41.0, 43.0, 39.0, 40.5]),
        by_seed("restrict-messages", "views@all", &[38.0, 39.2, 40.8, 37.1, 38.6]),
        by_seed("warning", "views@all", &[40.3, 40.8, 43.4, 38.7, 40.6]),
        by_seed("as-is", "views@minor", &[60.0, 61.0, 63.0, 59.0, 60.5]),
        by_seed("restrict-messages", "views@minor", &[58.0, 59.2, 60.8, 57.1, 58.6]),
    ];
    (values.concat(), question(&["as-is", "restrict-messages", "warning"]))
}

/// Returns the rows of [`contact_rules`].
pub(super) fn contact_rules_rows() -> (Vec<Comparison>, Question) {
    let (values, question) = contact_rules();
    (compare(&values, &facts(), &question, None), question)
}

/// Returns the rows of one arm compared with the baseline, at three sweep points and over four
/// seeds.
pub(super) fn swept_rows() -> (Vec<Comparison>, Question) {
    let question = question(&["as-is", "warning"]);
    let mut values = Vec::new();
    for (point, retained) in [(0, 0.99), (1, 0.8), (2, 0.6)] {
        for (seed, dose) in (1..).zip([0.010, 0.012, 0.011, 0.013]) {
            values.push(value("as-is", point, seed, "dose@minor", dose));
            values.push(value("warning", point, seed, "dose@minor", dose * retained + 0.0004 * (seed % 3) as f64));
            values.push(value("as-is", point, seed, "engagement@all", 5.0));
            values.push(value("warning", point, seed, "engagement@all", 5.0));
        }
    }
    (compare(&values, &facts(), &question, None), question)
}
