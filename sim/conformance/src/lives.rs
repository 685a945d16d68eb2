//! Checks of whole runs in the small world.

use recsafe_engine::Rules;

use super::report::{Property, Report};
use super::truth;
use super::worlds::{Outcome, TestWorld};

const WORLD: Property = ("world", "the small test world can be created");
const FIGURES: Property = ("figures", "in the small world, it does not panic and every figure is finite");
const THREADS: Property = ("world-threads", "in the small world, one thread and two threads produce the same tables");
const TRUTH: Property = ("truth", "two worlds that differ only in hidden truth start the day with the same slates");

/// Properties of a run in the small world.
pub(super) const PROPERTIES: [Property; 3] = [FIGURES, THREADS, TRUTH];

/// Creates the world for the checks. If that fails, adds a failed check.
pub(super) fn test_world(report: &mut Report) -> Option<TestWorld> {
    report.check(WORLD, TestWorld::new)
}

/// Runs the checks of a simulation under the rules that `rules` returns.
pub(super) fn check(report: &mut Report, rules: impl Fn(&TestWorld) -> Result<Rules, String>) {
    if let Some(test_world) = test_world(report) {
        check_on(&test_world, report, || rules(&test_world));
    }
}

/// Runs the same checks in an existing world. Returns the outcome of the run unless the run fails
/// or has a figure that is not finite.
pub(super) fn check_on(
    test_world: &TestWorld,
    report: &mut Report,
    rules: impl Fn() -> Result<Rules, String>,
) -> Option<Outcome> {
    let one = report.check(FIGURES, || {
        let one = test_world.live(rules()?, 1)?;
        one.is_finite()?;
        Ok(one)
    });
    let Some(one) = one else {
        report.skip(&[THREADS, TRUTH], "the run in the small world fails");
        return None;
    };
    report.check(THREADS, || test_world.live(rules()?, 2)?.is_same(&one));
    report.check(TRUTH, || truth::matters_not(test_world, &rules));
    Some(one)
}
