//! `review-capacity`: more reviewers, better reviewers, or a different order of the review queue.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::{Priority, Review};

settings! {
    /// Reviewers decide on more items per day, by default twice as many.
    ///
    /// Reviewers can also become more accurate, or work in a different order. All accounts share
    /// one review queue, so coverage times efficacy scales the change: at 0.5, half of the change
    /// is made. A new order takes full effect as soon as coverage and efficacy are above 0. The
    /// cost is reviewer time.
    pub struct ReviewCapacity {
        /// Decisions per day as a multiple of the platform's own: 1 has no effect, 0 stops review.
        pub capacity_factor: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed";
        /// Change in the reviewers' ability to distinguish violations from other items.
        pub skill: f64 = 0.0, -20.0..=20.0, "standard deviations", "assumed";
        /// Order of the review queue. The default is the platform's own order.
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
