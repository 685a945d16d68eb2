//! The scenario: all that decides a run but its seed, with types.

use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::WorldSettings;
use recsafe_platform::settings::PolicySettings;

use super::{BadRules, Rules};
use crate::measure::Kept;

/// A world, the policies that it lives under, and what is kept of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// What the world is like when it begins, and for how many days it warms up.
    pub world: WorldSettings,
    /// The policy of the warm-up.
    pub before: PolicySettings,
    /// The policy of the measured days.
    pub policy: PolicySettings,
    /// Test accounts that enter on day 0.
    pub probes: Vec<Probe>,
    /// Measured days.
    pub days: u32,
    /// How much is kept beside what is counted.
    pub kept: Kept,
}

impl Scenario {
    /// The rules of the warm-up, ready for use.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown; settings that were checked never fail here.
    pub fn rules_before(&self) -> Result<Rules, BadRules> {
        Rules::new(&self.world, &self.before)
    }

    /// The rules of the measured days, ready for use.
    ///
    /// # Errors
    /// As [`Scenario::rules_before`].
    pub fn rules(&self) -> Result<Rules, BadRules> {
        Rules::new(&self.world, &self.policy)
    }
}
