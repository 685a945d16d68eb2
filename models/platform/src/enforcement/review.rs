//! Review: capacity, order and error of human decisions; appeals.

use recsafe_common::draw::normal_cdf;
use recsafe_common::signal::Signal;

use super::Priority;
use crate::settings::Enforcement;

/// How the queue is worked off on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Review {
    /// Decisions a day and 10,000 accounts.
    pub capacity: f64,
    /// In which order.
    pub priority: Priority,
    /// Noise of the priority `signal`.
    pub noise: f64,
    /// How readily reviewers confirm.
    pub base: f64,
    /// How well they tell what violates.
    pub skill: f64,
    /// How much they go by the score.
    pub trust: f64,
}

impl Review {
    /// What the settings say.
    #[must_use]
    pub fn new(settings: &Enforcement) -> Self {
        Review {
            capacity: settings.review_capacity,
            priority: settings.review_priority,
            noise: settings.priority_noise,
            base: settings.review_base,
            skill: settings.review_skill,
            trust: settings.review_trust,
        }
    }

    /// Probability that a reviewer confirms: Phi(base + skill violates + trust score).
    #[must_use]
    pub fn confirms(&self, violates: bool, score: Signal) -> f64 {
        normal_cdf(self.base + if violates { self.skill } else { 0.0 } + self.trust * f64::from(score))
    }
}

/// How appeals are decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Appeals {
    /// How readily they are granted.
    pub base: f64,
    /// How well those who decide tell who violates.
    pub skill: f64,
}

impl Appeals {
    /// What the settings say.
    #[must_use]
    pub fn new(settings: &Enforcement) -> Self {
        Appeals { base: settings.appeal_base, skill: settings.appeal_skill }
    }

    /// Probability that an appeal is granted: Phi(base - skill violates).
    #[must_use]
    pub fn grants(&self, violates: bool) -> f64 {
        normal_cdf(self.base - if violates { self.skill } else { 0.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_those_of_the_documented_normals() {
        let review = Review { base: -3.5, ..Review::new(&Enforcement::default()) };
        assert!((review.confirms(true, 4.4) - 0.308_5).abs() < 1e-3, "Phi(-0.5)");
        assert!((review.confirms(false, 3.0) - 0.022_8).abs() < 1e-3, "Phi(-2)");
        let appeals = Appeals::new(&Enforcement::default());
        assert!((appeals.grants(false) - 0.841_3).abs() < 1e-3 && (appeals.grants(true) - 0.158_7).abs() < 1e-3);
    }
}
