//! `classifier`: changes the quality or the thresholds of the classifiers.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::Detection;

settings! {
    /// The classifiers of posts and accounts are better, or have different thresholds.
    ///
    /// By default the quality d' of both classifiers rises by 0.5. Posts are scored when they are
    /// posted, so a change shows in new posts first. Better detection has two costs: engagement
    /// with the posts that are taken down is lost, and reviewers have more work. `audience` and
    /// `coverage` select the classified account or the creator of the post. Efficacy is drawn once
    /// per account and never again.
    pub struct Classifier {
        /// Change in the content classifier's d', which never falls below 0.
        pub content_d_prime_gain: f64 = 0.5, -10.0..=10.0, "standard deviations", "assumed";
        /// Change in the account classifier's d', which never falls below 0.
        pub account_d_prime_gain: f64 = 0.5, -10.0..=10.0, "standard deviations", "assumed";
        /// Change in the score above which posts are flagged. Positive values flag fewer posts.
        pub content_threshold: f64 = 0.0, -10.0..=10.0, "standard deviations", "assumed";
        /// Change in the score above which accounts are flagged. Positive values flag fewer
        /// accounts.
        pub account_threshold: f64 = 0.0, -10.0..=10.0, "standard deviations", "assumed";
        /// Days after which live posts are scored again. The default is the platform's own value.
        pub content_rescore_days: Option<u32> = None, 0..=365, "days", "enforcement.content_rescore_days";
        /// Days after which accounts are scored again. The default is the platform's own value.
        pub account_rescore_days: Option<u32> = None, 1..=3650, "days", "enforcement.account_rescore_days";
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
        detection.content_rescore_days = self.content_rescore_days.unwrap_or(detection.content_rescore_days);
        detection.account_rescore_days = self.account_rescore_days.unwrap_or(detection.account_rescore_days);
    }
}
