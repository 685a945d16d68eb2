//! `strikes`: replaces the platform's sanctions.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::enforcement::SanctionPolicy;

settings! {
    /// Sanctions are harsher: by default an account is removed at the second strike instead of the
    /// third.
    ///
    /// When a reviewer confirms that an account violates the rules, the account is removed at once
    /// with probability 0.8 by default. Harsher sanctions also hit accounts that did nothing wrong.
    /// `audience` and `coverage` select the sanctioned account. Efficacy is drawn once per account
    /// and never again.
    pub struct StrikeSanctions {
        /// Number of strikes at which an account is removed.
        pub strikes: u32 = 2, 1..=100, "strikes", "assumed";
        /// Probability that an account is removed at once when a reviewer confirms a violation.
        /// Otherwise the account gets a strike.
        pub immediate_removal: f64 = 0.8, 0.0..=1.0, "probability", "assumed";
        /// Number of days for which an account is limited. The default is the platform's own value.
        pub limited_days: Option<u32> = None, 1..=3650, "days", "enforcement.limited_days";
        /// Number of days for which an account is suspended. The default is the platform's own
        /// value.
        pub suspended_days: Option<u32> = None, 1..=3650, "days", "enforcement.suspended_days";
    }
}

impl Described for StrikeSanctions {
    const TITLE: &'static str = "Strikes";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["sanctions"];
}

impl Intervention for StrikeSanctions {
    fn sanctions(&self, sanction_policy: &mut SanctionPolicy) {
        *sanction_policy = SanctionPolicy {
            immediate_removal: self.immediate_removal,
            strikes: self.strikes,
            limited_days: self.limited_days.unwrap_or(sanction_policy.limited_days),
            suspended_days: self.suspended_days.unwrap_or(sanction_policy.suspended_days),
        };
    }
}
