//! Laws: single mechanisms held against closed forms of probability theory and statistics.
//!
//! Each law is an experiment whose settings leave one mechanism at work, lived through by the engine like any other, and a number that
//! mathematics knows beforehand. A number is judged by its own standard error: the bound on z is Šidák's (1967), so that luck alone
//! puts any of all the findings outside with a probability of [`FALSE_ALARMS`] at most. Seeds are fixed: the outcome is the same each
//! time, until the program changes.

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

/// Probability that luck alone puts any finding of the whole suite outside, those with a limit of their own left out.
pub const FALSE_ALARMS: f64 = 0.01;

/// A mechanism with a closed form.
pub trait Law: Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// The experiments that isolate it.
    fn trials(&self) -> Vec<Trial>;

    /// What they give, beside what theory says. `observed`: by trial, by run, seed by seed and within a seed arm by arm.
    fn findings(&self, observed: &Observed) -> Vec<Finding>;

    /// A change `PATH=VALUE` of all its trials that breaks the law by little and must be found; none where no setting can break it.
    fn flaw(&self) -> Option<&'static str>;
}

/// Every law.
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

/// Judges findings, each with the name of its law, as one family.
#[must_use]
pub fn judge(findings: Vec<(&'static str, Finding)>) -> Vec<Case> {
    let tested = findings.iter().filter(|(_, finding)| finding.is_tested()).count();
    let bound = bound(tested);
    findings.into_iter().map(|(law, finding)| Case::new(law, finding, bound)).collect()
}

/// Largest |z| of a finding that counts as within, if there are so many of them: one in the family is beyond it by luck with a
/// probability of [`FALSE_ALARMS`] (Šidák 1967, JASA 62:626).
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
