//! `[enforcement]`: what the platform detects.

use recsafe_common::settings;

settings! {
    /// What the platform detects. Its content classifier gives every post one score when it appears: standard normal,
    /// raised by d' if the post violates (equal-variance binormal model; Green and Swets 1966).
    pub struct Enforcement {
        /// Quality d' of the content classifier: 0 is guessing, 2 an area under the ROC curve of 0.92.
        pub content_d_prime: f64 = 2.0, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which the classifier calls a post harmful, unless a rule names its own.
        pub content_threshold: f64 = 2.0, -10.0..=20.0, "standard deviations", "assumed";
    }
}
