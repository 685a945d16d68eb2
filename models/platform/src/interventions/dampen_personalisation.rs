//! `dampen-personalisation`: profiles learn more slowly.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The platform's profiles of viewers learn more slowly, by default half as fast.
    ///
    /// The learning step is `feed.personalisation` times `factor`. `audience` and `coverage` select
    /// the viewer. Efficacy is drawn once per feed request.
    pub struct DampenPersonalisation {
        /// Factor on the learning step of the profile: 1 has no effect, 0 is the same as
        /// `no-personalisation`.
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
