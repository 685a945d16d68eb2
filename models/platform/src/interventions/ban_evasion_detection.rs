//! `ban-evasion-detection`: those who were removed are recognised when they come back.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Barrier, Intervention};

settings! {
    /// Those who were removed are recognised when they come back, and turned away; they may try again later. Signals that are shared
    /// with other platforms recognise some more: detection = 1 - (1 - detection)(1 - shared_signals). Whoever shares a device or a household
    /// with somebody who is turned away may be limited by mistake.
    pub struct BanEvasionDetection {
        /// Share of returns that the platform detects by itself.
        pub detection: f64 = 0.6, 0.0..=1.0, "share of returns", "assumed";
        /// Share of returns that signals from other platforms tell of.
        pub shared_signals: f64 = 0.0, 0.0..=1.0, "share of returns", "assumed";
        /// For each return that is turned away, the probability that an ordinary account is limited.
        pub false_positive_rate: f64 = 0.2, 0.0..=1.0, "probability", "assumed";
    }
}

impl Described for BanEvasionDetection {
    const TITLE: &'static str = "Barrier against returns";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["barrier"];
}

impl Intervention for BanEvasionDetection {
    fn barrier(&self) -> Option<Barrier> {
        let detection = 1.0 - (1.0 - self.detection) * (1.0 - self.shared_signals);
        Some(Barrier { detection, mistaken: self.false_positive_rate })
    }
}
