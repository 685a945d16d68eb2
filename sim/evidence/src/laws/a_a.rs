//! A/A tests: comparison of equal arms.
//!
//! Two groups of runs of one arm differ only by chance, so the 95 % interval of their difference
//! must include 0 in 95 of 100 cases. With five equal arms, at most 1 in 20 experiments is allowed
//! to find that an arm differs from the baseline (single-step max-t; Hothorn, Bretz and Westfall
//! 2008).

use recsafe_analysis::{SIGNIFICANCE, Verdict};
use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::key::{About, Who};
use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::totals;

use super::pairing::compared;
use super::{Finding, Law, Margin, Observed, Trial};

/// Number of runs of the arm.
const RUNS: u32 = 64;
/// Number of runs per group.
const GROUP: usize = 8;
/// Number of splits into groups, and of experiments with normal runs.
const EXPERIMENTS: usize = 2_000;
/// Number of arms per experiment with normal runs, including the baseline.
const ARMS: usize = 5;
/// Tolerance of the coverage and of the share of false alarms, set in advance: three standard
/// errors.
const LIMIT: f64 = 0.015;

/// A/A tests.
pub(super) struct AA;

impl Law for AA {
    fn name(&self) -> &'static str {
        "a-a"
    }

    fn trials(&self) -> Vec<Trial> {
        vec![Trial {
            days: 7,
            warm_up_days: 2,
            seeds: RUNS,
            settings: vec!["population.accounts=300".to_owned()],
            rest: String::new(),
            observe: engagement,
        }]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let runs: Vec<f64> = observed.iter().flatten().flatten().copied().collect();
        vec![coverage(&runs), false_alarms()]
    }

    fn flaw(&self) -> Option<&'static str> {
        None // every setting applies to both groups
    }
}

/// Returns the standard error of a share over independent experiments.
fn error(share: f64) -> f64 {
    (share * (1.0 - share) / EXPERIMENTS as f64).sqrt()
}

/// Splits the runs many times into two groups that are paired at random. Returns the share of
/// splits whose interval includes 0.
fn coverage(runs: &[f64]) -> Finding {
    let mut draw = Draws::new(1).at(DrawPurpose::Probe, Who::Case(1), About::Nothing, 0);
    let split = |draw: &mut Draw| {
        let picked = shuffled(runs, 2 * GROUP, draw);
        let (one, other) = picked.split_at(picked.len() / 2);
        let rows = compared(&[("a", one), ("b", other)]);
        let ends = rows.first().and_then(|row| row.ci_low.zip(row.ci_high));
        ends.is_some_and(|(low, high)| low <= 0.0 && 0.0 <= high)
    };
    let covered = (0..EXPERIMENTS).filter(|_| split(&mut draw)).count();
    Finding {
        id: "a-a".to_owned(),
        setup: format!("{EXPERIMENTS} splits into {GROUP} and {GROUP}: intervals cover 0"),
        target: 0.95,
        value: covered as f64 / EXPERIMENTS as f64,
        margin: Margin::UpTo(LIMIT, Some(error(0.95))),
    }
}

/// Returns `count` of the runs in random order (Fisher and Yates 1938).
fn shuffled(runs: &[f64], count: usize, draw: &mut Draw) -> Vec<f64> {
    let mut runs = runs.to_vec();
    let count = count.min(runs.len());
    for index in 0..count {
        let other = index + draw.below(runs.len() - index);
        runs.swap(index, other);
    }
    runs.truncate(count);
    runs
}

/// Simulates experiments with independent normal runs. Returns the share of experiments in which
/// any arm differs clearly from the baseline.
fn false_alarms() -> Finding {
    let mut draw = Draws::new(1).at(DrawPurpose::Probe, Who::Case(2), About::Nothing, 0);
    let names = ["a", "b", "c", "d", "e"];
    let mut alarm = || {
        let runs: [Vec<f64>; ARMS] = std::array::from_fn(|_| (0..GROUP).map(|_| draw.normal()).collect());
        let arms: Vec<(&str, &[f64])> = names.into_iter().zip(runs.iter().map(Vec::as_slice)).collect();
        compared(&arms).iter().any(|row| Verdict::of(row).is_clear())
    };
    let alarms = (0..EXPERIMENTS).filter(|_| alarm()).count();
    Finding {
        id: "a-a-family".to_owned(),
        setup: format!("{EXPERIMENTS} experiments, {ARMS} arms: false alarms"),
        target: SIGNIFICANCE,
        value: alarms as f64 / EXPERIMENTS as f64,
        margin: Margin::UpTo(LIMIT, Some(error(SIGNIFICANCE))),
    }
}

/// Returns the engagement of all accounts.
fn engagement(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let rows = totals(&lifetime_output.recorder);
    let row = rows.iter().find(|row| row.metric == "engagement" && row.group == "all");
    vec![row.and_then(|row| row.ratio.value()).unwrap_or(f64::NAN)]
}

#[cfg(test)]
mod tests {
    use super::super::{Case, Verdict};
    use super::*;

    #[test]
    fn intervals_of_runs_that_are_not_near_normal_are_found() {
        let verdict = |runs: &[f64]| Case::new("a-a", coverage(runs), 3.7).verdict;
        let mut draw = Draws::new(7).at(DrawPurpose::Probe, Who::Case(3), About::Nothing, 0);
        let normal: Vec<f64> = (0..64).map(|_| draw.normal()).collect();
        assert_eq!(verdict(&normal), Verdict::Within);
        // One run in 16 is 1, so most groups of eight contain at most one such run.
        let rare: Vec<f64> = (0..64).map(|run| if run % 16 == 0 { 1.0 } else { 0.0 }).collect();
        assert_eq!(verdict(&rare), Verdict::Outside);
    }
}
