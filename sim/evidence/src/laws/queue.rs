//! The review queue: each day, the length Q becomes (Q + A - c)+. The number of reports A is
//! Poisson with mean l, and c is the number of decisions per day.
//!
//! The mean length at the end of a day follows from Spitzer's identity (1956): E[Q] = sum over k of
//! E[(A1 + ... + Ak - k c)+] / k. For c = 1, the mean length is l² / (2 (1 - l)). The mean wait is
//! E[Q] / l (Little 1961).

use recsafe_engine::LifetimeOutput;

use super::finding::mean_with_error;
use super::{Finding, Law, Observed, Trial};
use crate::figure::linearised;

/// One row per queue: decisions per day, reports per day, mean length by Spitzer's identity, and
/// days per run. Queues whose length fluctuates more slowly run for more days.
const QUEUES: [(u32, f64, f64, u32); 8] = [
    (1, 0.8, 1.6, 1_500),
    (1, 0.9, 4.05, 3_500),
    (10, 8.0, 0.878_622, 600),
    (10, 9.0, 3.101_238, 1_000),
    (10, 9.5, 7.952_288, 2_000),
    (100, 90.0, 1.110_013, 600),
    (100, 95.0, 5.077_374, 1_000),
    (100, 98.0, 19.355_371, 2_000),
];
/// Number of independent runs of each queue.
const RUNS: u32 = 128;

/// The review queue.
pub(super) struct Queue;

impl Law for Queue {
    fn name(&self) -> &'static str {
        "queue"
    }

    fn trials(&self) -> Vec<Trial> {
        QUEUES.iter().map(|&(capacity, reports, _, days)| queue(capacity, reports, days)).collect()
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (&(capacity, reports, expected, days), runs) in QUEUES.iter().zip(observed) {
            let setup = |what: &str| format!("{reports} in, {capacity} out per day, {RUNS} x {days} days: {what}");
            let lengths: Vec<f64> = runs.iter().map(|run| run[0]).collect();
            findings.push(Finding::new(
                format!("queue-{capacity}-{reports}"),
                setup("length"),
                expected,
                mean_with_error(&lengths),
            ));
            if reports == 9.0 {
                let waits: Vec<(usize, f64, f64)> =
                    runs.iter().enumerate().map(|(index, run)| (index, run[1], run[2])).collect();
                let values: Vec<f64> = linearised(&waits).into_iter().map(|(_, value)| value).collect();
                findings.push(Finding::new(
                    format!("queue-wait-{capacity}-{reports}"),
                    setup("wait"),
                    expected / reports,
                    mean_with_error(&values),
                ));
            }
        }
        findings
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("enforcement.review_expiry=2")
    }
}

/// Returns a world of ten accounts with only test reports and reviews.
fn queue(capacity: u32, reports: f64, days: u32) -> Trial {
    // Capacity is given per 10,000 accounts.
    let (capacity, reports) =
        (format!("enforcement.review_capacity={capacity}000"), format!("enforcement.test_reports={reports}"));
    let settings = [&capacity, &reports, "enforcement.review_expiry=0", "enforcement.review_priority=oldest"];
    Trial { days, warm_up_days: days / 5, seeds: RUNS, ..Trial::still(&settings, lengths) }
}

/// Returns the mean length at the end of a day, the total number of days that decided cases waited,
/// and the number of decisions.
fn lengths(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let days = || lifetime_output.recorder.enforcement.days.iter().map(|day| &day.queue);
    let waiting: u64 = days().map(|day| day.waiting).sum();
    let waits = days().flat_map(|day| &day.waits).map(|(&days, &count)| f64::from(days) * count as f64);
    let decided: u64 = days().map(|day| day.decided).sum();
    vec![waiting as f64 / lifetime_output.recorder.days.len() as f64, waits.sum(), decided as f64]
}
