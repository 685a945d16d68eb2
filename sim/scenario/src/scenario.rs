//! The scenario: typed settings that, together with a seed, determine a run.

use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::WorldSettings;
use recsafe_platform::settings::PolicySettings;
use serde::{Deserialize, Serialize};

/// A world, the policies in it, and what is recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    /// Initial state of the world, and the number of warm-up days.
    pub world: WorldSettings,
    /// The policy of the warm-up.
    pub before: PolicySettings,
    /// The policy of the measured days.
    pub policy: PolicySettings,
    /// Test accounts that join on day 0.
    pub probes: Vec<Probe>,
    /// Measured days.
    pub days: u32,
    /// Optional records, in addition to counts.
    pub record_shares: RecordShares,
}

/// Optional records, in addition to counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordShares {
    /// Share of accounts whose impressions are all recorded.
    pub exposures: f64,
    /// Share of pairs of ordinary adults whose contacts are recorded. Contacts of all other pairs
    /// are always recorded.
    pub contacts: f64,
}
