//! The state of a simulation, and what comes of it.

use recsafe_common::ids::Day;
use recsafe_people::behavior::probes::Probe;
use recsafe_people::settings::Harm;
use recsafe_platform::attention::Attention;
use recsafe_platform::index::Index;
use recsafe_platform::memory::Memory;
use recsafe_scenario::Kept;
use serde::{Deserialize, Serialize};

use super::World;
use super::contact::is_kept;
use crate::measure::{ContactRow, Probes, Recorder};

/// The outcome of a lifetime that was lived to its end.
#[derive(Debug)]
pub struct Lived {
    /// What was recorded on the measured days.
    pub recorder: Recorder,
    /// The world after the last day.
    pub world: World,
    /// Posts put into slates on the measured days.
    pub impressions: u64,
}

impl Lived {
    /// Lets go of what no table reads: what the platform remembers of each account, and its lists. Most of a world's memory, and writing
    /// the tables needs some.
    pub fn forget_memory(&mut self) {
        let world = &mut self.world;
        world.memory = Memory::new(0);
        world.index = Index::new(0, &world.map);
        world.attention = Attention::new(0);
    }

    /// The rules by name, in their order, each with the number of measured days on which it applied: on which, at some hook, it said
    /// something else than "no change" about an account that it reached.
    #[must_use]
    pub fn rules_applied(&self) -> Vec<(String, u64)> {
        self.recorder.rules_applied.clone()
    }

    /// Every contact that the tables keep.
    #[must_use]
    pub fn contacts(&self) -> Vec<ContactRow> {
        let share = self.recorder.contact_share();
        let open = self.world.contacts.iter();
        let kept = open.filter(|(from, contact)| is_kept(&self.world, share, *from, contact.to));
        self.recorder.contact.rows(kept)
    }
}

/// A world and what is recorded of it at the end of a day: with the rules, all that the days after it hang on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lifetime {
    /// The world.
    pub world: World,
    /// What was recorded so far.
    pub recorder: Recorder,
    /// The day that comes next.
    pub next: Day,
    /// Posts put into slates so far: of the warm-up, or of the measured days.
    pub impressions: u64,
}

impl Lifetime {
    /// A world before a warm-up of `days` days, the last of which is day -1.
    #[must_use]
    pub fn before(world: World, days: u32, kept: Kept) -> Self {
        Lifetime {
            world,
            recorder: Recorder::idle(kept),
            next: -Day::try_from(days).unwrap_or(Day::MAX),
            impressions: 0,
        }
    }

    /// Lets probes enter a warm world, and forgets what was counted in its warm-up.
    pub(super) fn begin_measuring(&mut self, harm: &Harm, probes: &[Probe], kept: Kept) {
        let world = &mut self.world;
        world.add_probes(probes, harm);
        let mut recorder =
            Recorder::new(&world.people, &Probes { first: world.first_probe, scripts: &world.scripts() }, kept);
        recorder.enforcement.actions.extend(world.casework.removals.values()); // those of the warm-up
        self.recorder = recorder;
        self.impressions = 0;
    }

    /// What comes of the measured days when the last is over.
    #[must_use]
    pub fn close(self) -> Lived {
        let Lifetime { world, mut recorder, impressions, .. } = self;
        recorder.close(&world.people);
        Lived { recorder, world, impressions }
    }
}
