//! Laws: checks of single mechanisms against closed forms of probability theory and statistics.
//!
//! Each law consists of an experiment with one active mechanism, and of numbers that are known from
//! theory. The engine simulates the experiment. Each finding is judged by its own standard error.
//! The bound on z follows Šidák (1967): the probability that chance alone moves at least one
//! finding out of its tolerance is at most [`FALSE_ALARMS`]. Seeds are fixed, so the result changes
//! only if the program changes.

mod a_a;
mod branching;
mod coupon_collector;
mod finding;
mod martingale;
mod pairing;
mod polya_urn;
mod queue;
mod random_people;
mod removal_by_age;
mod roc;
mod survival;
mod table;
mod taste_drift;
mod trial;

pub use finding::{Case, Finding, Margin, Verdict};
pub use table::table;
pub use trial::{Observed, Suite, Trial};

use recsafe_common::draw::normal_quantile;

/// Probability that chance alone moves at least one finding of the suite out of its tolerance.
/// Findings with their own limit are excluded.
pub const FALSE_ALARMS: f64 = 0.01;

/// A mechanism with a closed form.
pub trait Law: Sync {
    /// Returns the name of the law.
    fn name(&self) -> &'static str;

    /// Returns the experiments that isolate the mechanism.
    fn trials(&self) -> Vec<Trial>;

    /// Returns the results of the experiments and the theoretical values. `observed` is ordered by
    /// trial, then by seed, then by arm.
    fn findings(&self, observed: &Observed) -> Vec<Finding>;

    /// Returns a change `PATH=VALUE` with which all trials violate the law slightly. The check must
    /// detect this change. Returns `None` if no setting can violate the law.
    fn flaw(&self) -> Option<&'static str>;
}

/// Returns every law.
#[must_use]
pub fn all() -> Vec<Box<dyn Law>> {
    vec![
        Box::new(polya_urn::PolyaUrn),
        Box::new(survival::Survival),
        Box::new(queue::Queue),
        Box::new(branching::Branching),
        Box::new(roc::Roc),
        Box::new(coupon_collector::CouponCollector),
        Box::new(martingale::Martingale),
        Box::new(removal_by_age::RemovalByAge),
        Box::new(taste_drift::TasteDrift),
        Box::new(random_people::RandomPeople),
        Box::new(pairing::Pairing),
        Box::new(a_a::AA),
    ]
}

/// Judges findings as one family. Each finding comes with the name of its law.
#[must_use]
pub fn judge(findings: Vec<(&'static str, Finding)>) -> Vec<Case> {
    let tested = findings.iter().filter(|(_, finding)| finding.is_tested()).count();
    let bound = bound(tested);
    findings.into_iter().map(|(law, finding)| Case::new(law, finding, bound)).collect()
}

/// Returns the largest |z| that is within tolerance, for a family of this number of findings. The
/// probability that at least one finding exceeds this bound by chance is [`FALSE_ALARMS`] (Šidák
/// 1967, JASA 62:626).
#[must_use]
pub fn bound(findings: usize) -> f64 {
    let each = 1.0 - (1.0 - FALSE_ALARMS).powf(1.0 / findings.max(1) as f64);
    normal_quantile(1.0 - each / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_grows_with_the_family() {
        assert!((bound(1) - 2.576).abs() < 1e-3, "{}", bound(1));
        assert!((bound(40) - 3.66).abs() < 0.01, "{}", bound(40));
    }
}
