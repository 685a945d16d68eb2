//! Human review: capacity, order and errors of decisions, and appeals.

use recsafe_common::classifier_score::ClassifierScore;
use recsafe_common::draw::normal_cdf;

use super::Priority;
use crate::settings::Enforcement;

/// How the review queue is processed on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Review {
    /// Decisions per day and 10,000 accounts.
    pub capacity: f64,
    /// Order of the queue.
    pub priority: Priority,
    /// Noise of the priorities `classifier-score` and `minors`.
    pub noise: f64,
    /// General tendency to confirm items.
    pub base: f64,
    /// Ability to distinguish violations from other items.
    pub skill: f64,
    /// Weight of the classifier score in a decision.
    pub trust: f64,
}

impl Review {
    /// Creates the parameters from the settings.
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

    /// Returns the probability that a reviewer confirms an item: Phi(base + skill violates + trust
    /// score). The variable `violates` is 1 if the item violates the rules, and 0 otherwise.
    #[must_use]
    pub fn confirms(&self, violates: bool, score: ClassifierScore) -> f64 {
        normal_cdf(self.base + if violates { self.skill } else { 0.0 } + self.trust * f64::from(score))
    }
}

/// How appeals are decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Appeals {
    /// General tendency to grant an appeal.
    pub base: f64,
    /// Ability to distinguish justified from mistaken sanctions.
    pub skill: f64,
}

impl Appeals {
    /// Creates the parameters from the settings.
    #[must_use]
    pub fn new(settings: &Enforcement) -> Self {
        Appeals { base: settings.appeal_base, skill: settings.appeal_skill }
    }

    /// Returns the probability that an appeal is granted: Phi(base - skill violates). The variable
    /// `violates` is 1 if the account or post violates the rules, and 0 otherwise.
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
