//! The classifiers of one account and its posts.

use crate::settings::Enforcement;

/// Quality and thresholds of the classifiers for one account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// d' of the content classifier.
    pub content_d_prime: f64,
    /// Score above which a post is flagged.
    pub content_threshold: f64,
    /// Days after which a live post is scored again. At 0 it is never scored again.
    pub content_rescore_days: u32,
    /// d' of the account classifier.
    pub account_d_prime: f64,
    /// Score above which an account is flagged.
    pub account_threshold: f64,
    /// Days after which an account is scored again.
    pub account_rescore_days: u32,
}

impl Detection {
    /// Creates the classifiers from the settings.
    #[must_use]
    pub fn new(settings: &Enforcement) -> Self {
        Detection {
            content_d_prime: settings.content_d_prime,
            content_threshold: settings.content_threshold,
            content_rescore_days: settings.content_rescore_days,
            account_d_prime: settings.account_d_prime,
            account_threshold: settings.account_threshold,
            account_rescore_days: settings.account_rescore_days,
        }
    }
}
