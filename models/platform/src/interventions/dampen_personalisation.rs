//! `dampen-personalisation`: profiles learn more slowly.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The profile of a viewer whom it reaches learns more slowly: `feed.personalisation` times a factor; with no knob, half as fast.
    /// Efficacy is one draw a request.
    pub struct DampenPersonalisation {
        /// Factor on the step with which the profile learns; 0 is `no-personalisation`.
        pub factor: f64 = 0.5, 0.0..=1.0, "ratio", "assumed";
    }
}

impl Described for DampenPersonalisation {
    const TITLE: &'static str = "Slower personalisation";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["personalisation"];
}

impl Intervention for DampenPersonalisation {
    fn personalisation(&self, step: f64) -> f64 {
        step * self.factor
    }
}
