//! The scenario: all that decides a run but its seed, with types.

use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::WorldSettings;
use recsafe_platform::settings::PolicySettings;
use serde::{Deserialize, Serialize};

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

/// How much is kept beside what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Share of accounts whose every impression is kept.
    pub exposures: f64,
    /// Share of ordinary pairs of adults whose contacts are kept; those of all others are.
    pub contacts: f64,
}
