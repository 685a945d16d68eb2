//! Pairing: the benefit of common random numbers.
//!
//! Assume that two arms have equal variance, and that runs with the same seed have correlation rho.
//! Then (Var a + Var b) / Var(a - b) = 1 / (1 - rho) (Law 2015, Simulation Modeling and Analysis,
//! chapter 11). If two arms differ only in a setting without effect, the difference is exactly 0.

use recsafe_analysis::{Comparison, Direction, MetricFacts, MetricValue, Outcome, Question, compare};
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::key::{About, Who};
use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::totals;

use super::{Finding, Law, Margin, Observed, Trial};

/// Simulated correlation.
const CORRELATION: f64 = 0.75;
/// Number of seeds with a simulated correlation.
const SEEDS: usize = 20_000;

/// The algebra of pairing.
pub(super) struct Pairing;

impl Law for Pairing {
    fn name(&self) -> &'static str {
        "pairing"
    }

    fn trials(&self) -> Vec<Trial> {
        let rest = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"again\"\nset = { \"feed.exploration\" = 0.25 }\n";
        vec![Trial {
            days: 5,
            warm_up_days: 2,
            seeds: 4,
            settings: vec!["population.accounts=400".to_owned(), "population.predators=0.02".to_owned()],
            rest: rest.to_owned(),
            observe: metrics,
        }]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let runs: Vec<&Vec<f64>> = observed.iter().flatten().collect();
        let of_arm =
            |arm: usize| -> Vec<f64> { runs.iter().skip(arm).step_by(2).flat_map(|run| run.iter().copied()).collect() };
        vec![planted(CORRELATION, SEEDS), identical(&of_arm(0), &of_arm(1))]
    }

    fn flaw(&self) -> Option<&'static str> {
        None // a setting that applies to all arms keeps them equal
    }
}

/// Compares two arms with the program's own comparison. Their runs are standard normal numbers with
/// this correlation.
fn planted(correlation: f64, seeds: usize) -> Finding {
    let mut draw = Draws::new(1).at(DrawPurpose::Probe, Who::Nobody, About::Nothing, 0);
    let (mut arm, mut baseline) = (Vec::new(), Vec::new());
    for _ in 0..seeds {
        let common = correlation.sqrt() * draw.normal();
        let own = (1.0 - correlation).sqrt();
        arm.push(common + own * draw.normal());
        baseline.push(common + own * draw.normal());
    }
    let rows = compared(&[("a", &baseline), ("b", &arm)]);
    let ratio = rows.first().and_then(|row| row.variance_ratio).unwrap_or(f64::NAN);
    let expected = 1.0 / (1.0 - CORRELATION);
    // The ratio is (F + 1) / 2, where F is the ratio of the variances of sum and difference. The
    // logarithm of F has variance 4 / (n - 1).
    let error = (expected - 0.5) * 2.0 / (seeds as f64 - 1.0).sqrt();
    let setup = format!("{seeds} pairs, correlation {CORRELATION}: variance ratio");
    Finding::new("pairing", setup, expected, (ratio, error))
}

/// Returns the largest difference between two arms that differ only in a setting without effect.
fn identical(one: &[f64], other: &[f64]) -> Finding {
    let rows = compared(&[("a", one), ("b", other)]);
    let largest = one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max);
    let mean = rows.first().and_then(|row| row.difference).map_or(f64::NAN, f64::abs);
    Finding {
        id: "pairing-identical".to_owned(),
        setup: format!("{} metrics, two equal arms: largest difference", one.len() / 4),
        target: 0.0,
        value: if one.len() == other.len() { largest + mean } else { f64::NAN },
        margin: Margin::UpTo(0.0, None),
    }
}

/// Returns the rows of one metric under these arms; the first arm is the baseline.
pub(super) fn compared(arms: &[(&str, &[f64])]) -> Vec<Comparison> {
    let value = |arm: &str, index: usize, value: f64| MetricValue {
        arm: arm.to_owned(),
        point: 0,
        seed: index as u64 + 1,
        metric: "engagement".to_owned(),
        group: "all".to_owned(),
        value: Some(value),
    };
    let values: Vec<MetricValue> = arms
        .iter()
        .flat_map(|(arm, runs)| runs.iter().enumerate().map(|(index, &run)| value(arm, index, run)))
        .collect();
    let facts =
        MetricFacts { id: "engagement".to_owned(), direction: Direction::HigherIsBetter, ..MetricFacts::default() };
    // The outcome is declared, so the arms are one family.
    let question = Question {
        baseline: arms.first().map_or_else(String::new, |(arm, _)| (*arm).to_owned()),
        arms: arms.iter().map(|(arm, _)| (*arm).to_owned()).collect(),
        harm: Outcome::new("engagement", "all"),
        cost: Outcome::new("views", "all"),
        target: None,
    };
    compare(&values, &[facts], &question, None)
}

/// Returns the value of every metric for every group, if defined.
fn metrics(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    totals(&lifetime_output.recorder).iter().filter_map(|row| row.ratio.value()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Verdict, bound};
    use super::*;

    #[test]
    fn another_correlation_is_found() {
        let verdict = |correlation| Case::new("pairing", planted(correlation, SEEDS), bound(40)).verdict;
        assert_eq!([0.75, 0.77].map(verdict), [Verdict::Within, Verdict::Outside]);
    }

    #[test]
    fn a_difference_in_the_last_digit_is_found() {
        let verdict = |other: f64| Case::new("pairing", identical(&[0.1, 0.2], &[0.1, other]), 3.0).verdict;
        assert_eq!([0.2, 0.200_000_000_000_000_04].map(verdict), [Verdict::Within, Verdict::Outside]);
    }
}
