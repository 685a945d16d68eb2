//! A world's life: generated, warmed up, then measured under one arm's rules.

use recsafe_common::draw::Draws;
use recsafe_common::ids::Day;
use recsafe_common::topics::TopicMap;
use recsafe_people::behavior::probes::Probe;
use recsafe_people::generate::{WorldSettings, generate};
use recsafe_platform::attention::Attention;
use recsafe_platform::index::Index;
use recsafe_platform::memory::Memory;
use serde::{Deserialize, Serialize};

use super::contact::is_kept;
use super::{DayCounts, Rules, World};
use crate::measure::{ContactRow, Kept, Probes, Recorder};

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

/// Watches a lifetime. A closure that is told of each day's counts, and returns false to stop, is one.
pub trait Watcher {
    /// A day ended, with these counts; `lifetime` is as that day left it. Returns false to stop.
    fn day_ended(&mut self, lifetime: &Lifetime, today: &DayCounts) -> bool;
}

impl<F: FnMut(&DayCounts) -> bool> Watcher for F {
    fn day_ended(&mut self, _: &Lifetime, today: &DayCounts) -> bool {
        self(today)
    }
}

impl Lifetime {
    /// A generated world before a warm-up of `days` days, the last of which is day -1.
    #[must_use]
    pub fn before(world: World, days: u32, kept: Kept) -> Self {
        Lifetime { world, recorder: Recorder::idle(kept), next: -(days as Day), impressions: 0 }
    }

    /// A warm world before its measured days; probes enter it.
    #[must_use]
    pub fn measured(mut world: World, rules: &Rules, probes: &[Probe], kept: Kept) -> Self {
        world.add_probes(probes, &rules.harm);
        let mut recorder =
            Recorder::new(&world.people, &Probes { first: world.first_probe, scripts: &world.scripts() }, kept);
        recorder.enforcement.actions.extend(world.casework.removals.values()); // those of the warm-up
        Lifetime { world, recorder, next: 0, impressions: 0 }
    }

    /// Lives through the days before `end`. `None` if stopped.
    pub fn live(mut self, rules: &Rules, end: Day, watcher: &mut dyn Watcher) -> Option<Self> {
        while self.next < end {
            let today = self.world.live(self.next, rules, &mut self.recorder);
            self.next += 1;
            self.impressions += today.impressions;
            if !watcher.day_ended(&self, &today) {
                return None;
            }
        }
        Some(self)
    }

    /// What comes of the measured days when the last is over.
    #[must_use]
    pub fn close(self) -> Lived {
        let Lifetime { world, mut recorder, impressions, .. } = self;
        recorder.close(&world.people);
        Lived { recorder, world, impressions }
    }
}

/// Generates the world of a run with this seed; people, follows and traits come from `population.seed` if there is one.
#[must_use]
pub fn generate_world(settings: &WorldSettings, seed: u64) -> World {
    let cosines: Vec<f64> = settings.content.niche.iter().map(|niche| niche.cosine).collect();
    let map = TopicMap::new(&cosines);
    let (people, graph) = generate(settings, &map, Draws::new(settings.population.seed.unwrap_or(seed)));
    let mut world = World::new(people, graph, map, Draws::new(seed));
    super::exchange::link_from_the_start(&mut world, &settings.behavior.exchange);
    world
}

/// Lets a world live through `days` days that are not measured, the last of which is day -1. Gives it back with the number of
/// impressions; `None` if stopped.
pub fn warm_up(world: World, rules: &Rules, days: u32, kept: Kept, watcher: &mut dyn Watcher) -> Option<(World, u64)> {
    let warmed = Lifetime::before(world, days, kept).live(rules, 0, watcher)?;
    Some((warmed.world, warmed.impressions))
}

/// Lets probes enter and the world live through the measured days. `None` if stopped.
pub fn measure(
    world: World,
    rules: &Rules,
    probes: &[Probe],
    days: u32,
    kept: Kept,
    watcher: &mut dyn Watcher,
) -> Option<Lived> {
    Lifetime::measured(world, rules, probes, kept).live(rules, days as Day, watcher).map(Lifetime::close)
}
