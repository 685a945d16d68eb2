//! `classifier`: better, or differently tuned, classifiers.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::Detection;

settings! {
    /// Better, or differently tuned, classifiers of posts and accounts. By default both tell violating things from others by half a
    /// standard deviation more. Goes by the account that is watched; its posts are scored when they are posted, so that a
    /// change shows in new posts first. What is found more costs engagement with what is taken down, and reviewers' time.
    pub struct Classifier {
        /// Added to the d' of the content classifier.
        pub content_d_prime_gain: f64 = 0.5, -10.0..=10.0, "standard deviations", "assumed";
        /// Added to the d' of the account classifier.
        pub account_d_prime_gain: f64 = 0.5, -10.0..=10.0, "standard deviations", "assumed";
        /// Added to the score above which posts are flagged.
        pub content_threshold: f64 = 0.0, -10.0..=10.0, "standard deviations", "assumed";
        /// Added to the score above which accounts are flagged.
        pub account_threshold: f64 = 0.0, -10.0..=10.0, "standard deviations", "assumed";
        /// Days after which live posts are scored anew; without it, the platform's own.
        pub content_refresh: Option<u32> = None, 0..=365, "days", "enforcement.content_refresh";
        /// Days after which accounts are scored anew; without it, the platform's own.
        pub account_refresh: Option<u32> = None, 1..=3650, "days", "enforcement.account_refresh";
    }
}

impl Described for Classifier {
    const TITLE: &'static str = "Better classifiers";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["detects"];
}

impl Intervention for Classifier {
    fn detects(&self, detection: &mut Detection) {
        detection.content_d_prime = (detection.content_d_prime + self.content_d_prime_gain).max(0.0);
        detection.account_d_prime = (detection.account_d_prime + self.account_d_prime_gain).max(0.0);
        detection.content_threshold += self.content_threshold;
        detection.account_threshold += self.account_threshold;
        detection.content_refresh = self.content_refresh.unwrap_or(detection.content_refresh);
        detection.account_refresh = self.account_refresh.unwrap_or(detection.account_refresh);
    }
}
