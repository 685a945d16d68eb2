//! State of a simulation, and its outcome.

use recsafe_common::ids::Day;
use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::Harm;
use recsafe_platform::index::Index;
use recsafe_platform::memory::Memory;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_scenario::RecordShares;
use serde::{Deserialize, Serialize};

use super::World;
use super::contact::is_recorded;
use crate::measure::{ContactRow, Probes, Recorder};

/// Outcome of a completed simulation.
#[derive(Debug)]
pub struct LifetimeOutput {
    /// Record of the measured days.
    pub recorder: Recorder,
    /// World after the last day.
    pub world: World,
    /// Impressions on the measured days.
    pub impressions: u64,
}

impl LifetimeOutput {
    /// Discards the platform's memory of accounts and the platform's index. No table needs the two
    /// parts, and together they occupy most of the RAM of a world. Writing the tables requires RAM
    /// too.
    pub fn forget_memory(&mut self) {
        let world = &mut self.world;
        world.memory = Memory::new(0);
        world.index = Index::new(0, &world.map);
        world.profile_visits = ProfileVisits::new(0);
    }

    /// Returns the name of each rule and the number of measured days on which the rule applied, in
    /// the order of the policy. A rule applies on a day if at least one hook of the rule changes
    /// something for at least one account.
    #[must_use]
    pub fn rules_applied(&self) -> Vec<(String, u64)> {
        self.recorder.rules_applied.clone()
    }

    /// Returns every contact that the tables include.
    #[must_use]
    pub fn contacts(&self) -> Vec<ContactRow> {
        let share = self.recorder.contact_share();
        let open = self.world.contacts.iter();
        let recorded = open.filter(|(from, contact)| is_recorded(&self.world, share, *from, contact.to));
        self.recorder.contact.rows(recorded)
    }
}

/// World and record at the end of a day. Together with the rules, world and record determine all
/// later days.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lifetime {
    /// World.
    pub world: World,
    /// Record of the measured days so far.
    pub recorder: Recorder,
    /// Next day.
    pub next: Day,
    /// Impressions so far in the warm-up or in the measured days.
    pub impressions: u64,
}

impl Lifetime {
    /// Creates the state before a warm-up of this number of days. The warm-up ends with day -1.
    #[must_use]
    pub fn before(world: World, days: u32, record_shares: RecordShares) -> Self {
        Lifetime {
            world,
            recorder: Recorder::idle(record_shares),
            next: -Day::try_from(days).unwrap_or(Day::MAX),
            impressions: 0,
        }
    }

    /// Adds probes to a world after its warm-up, and discards the counts of the warm-up.
    pub(super) fn begin_measuring(&mut self, harm: &Harm, probes: &[Probe], record_shares: RecordShares) {
        let world = &mut self.world;
        world.add_probes(probes, harm);
        let mut recorder = Recorder::new(
            &world.people,
            &Probes { first: world.first_probe, scripts: &world.scripts() },
            record_shares,
        );
        recorder.enforcement.actions.extend(world.enforcement_state.removals.values()); // removals in the warm-up
        self.recorder = recorder;
        self.impressions = 0;
    }

    /// Returns the outcome after the last day.
    #[must_use]
    pub fn close(self) -> LifetimeOutput {
        let Lifetime { world, mut recorder, impressions, .. } = self;
        recorder.close(&world.people);
        LifetimeOutput { recorder, world, impressions }
    }
}
