//! `ban-evasion-detection`: detects removed users who come back with a new account.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Barrier, Intervention};

settings! {
    /// Removed users who come back with a new account are detected and turned away.
    ///
    /// These users can try again later. Signals from other platforms reveal further returns. The
    /// total probability of detection is 1 - (1 - `detection`) (1 - `shared_signals`). Detection
    /// leads to mistakes: a person who shares a device or a household with a detected user can be
    /// limited. `audience` and `coverage` select the removed account. Efficacy is drawn once per
    /// account and never again.
    pub struct BanEvasionDetection {
        /// Share of returns that the platform detects by itself: 0 is none, 1 is all.
        pub detection: f64 = 0.6, 0.0..=1.0, "share of returns", "assumed";
        /// Share of returns that signals from other platforms reveal.
        pub shared_signals: f64 = 0.0, 0.0..=1.0, "share of returns", "assumed";
        /// Probability, per detected return, that an ordinary account is limited by mistake.
        pub false_positive_rate: f64 = 0.2, 0.0..=1.0, "probability", "assumed";
    }
}

impl Described for BanEvasionDetection {
    const TITLE: &'static str = "Ban evasion detection";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["barrier"];
}

impl Intervention for BanEvasionDetection {
    fn barrier(&self) -> Option<Barrier> {
        let detection = 1.0 - (1.0 - self.detection) * (1.0 - self.shared_signals);
        Some(Barrier { detection, mistaken: self.false_positive_rate })
    }
}
