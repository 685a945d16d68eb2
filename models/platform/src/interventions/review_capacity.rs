//! `review-capacity`: more, better or differently ordered review.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::{Priority, Review};

settings! {
    /// More, better or differently ordered review; by default twice the decisions a day. There is one queue for all, so coverage and
    /// efficacy say how far the change goes: half of it at 0.5. The order changes as soon as the rule acts at all. It costs reviewers' hours.
    pub struct ReviewCapacity {
        /// Decisions a day, as a multiple of the platform's own.
        pub capacity_factor: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// Added to how well reviewers tell what violates.
        pub skill: f64 = 0.0, -20.0..=20.0, "standard deviations", "assumed";
        /// Order in which the queue is worked off; without it, the platform's own.
        pub priority: Option<Priority> = None, (), "", "enforcement.review_priority";
    }
}

impl Described for ReviewCapacity {
    const TITLE: &'static str = "More review";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["reviews"];
}

impl Intervention for ReviewCapacity {
    fn reviews(&self, review: &mut Review, strength: f64) {
        review.capacity *= 1.0 + strength * (self.capacity_factor - 1.0);
        review.skill = (review.skill + strength * self.skill).max(0.0);
        review.priority = self.priority.unwrap_or(review.priority);
    }
}
