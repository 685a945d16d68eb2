//! Checks of whole runs in the small world.

use recsafe_engine::Rules;

use super::report::{Promise, Report};
use super::truth;
use super::worlds::{Ground, Outcome};

const WORLD: Promise = ("world", "the small test world can be created");
const FIGURES: Promise = ("figures", "in the small world, it does not panic and every figure is finite");
const THREADS: Promise = ("world-threads", "in the small world, one thread and two threads produce the same tables");
const TRUTH: Promise = ("truth", "two worlds that differ only in hidden truth start the day with the same slates");

/// Properties of a run in the small world.
pub(super) const PROMISES: [Promise; 3] = [FIGURES, THREADS, TRUTH];

/// Creates the world for the checks. If that fails, adds a failed check.
pub(super) fn ground(report: &mut Report) -> Option<Ground> {
    report.check(WORLD, Ground::new)
}

/// Runs the checks of a simulation under the rules that `rules` returns.
pub(super) fn check(report: &mut Report, rules: impl Fn(&Ground) -> Result<Rules, String>) {
    if let Some(ground) = ground(report) {
        check_on(&ground, report, || rules(&ground));
    }
}

/// Runs the same checks in an existing world. Returns the outcome of the run if it is reliable.
pub(super) fn check_on(
    ground: &Ground,
    report: &mut Report,
    rules: impl Fn() -> Result<Rules, String>,
) -> Option<Outcome> {
    let one = report.check(FIGURES, || {
        let one = ground.live(rules()?, 1)?;
        one.is_finite()?;
        Ok(one)
    });
    let Some(one) = one else {
        report.skip(&[THREADS, TRUTH], "the run in the small world fails");
        return None;
    };
    report.check(THREADS, || ground.live(rules()?, 2)?.is_same(&one));
    report.check(TRUTH, || truth::matters_not(ground, &rules));
    Some(one)
}
