//! A world's life: generated, warmed up, then measured under one arm's rules.

use recsafe_common::draw::Draws;
use recsafe_common::ids::Day;
use recsafe_common::topics::TopicMap;
use recsafe_people::behavior::probes::Probe;
use recsafe_people::generate::{WorldSettings, generate};

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
    /// Every contact that the tables keep.
    #[must_use]
    pub fn contacts(&self) -> Vec<ContactRow> {
        let share = self.recorder.contact_share();
        let open = self.world.contacts.iter();
        let kept = open.filter(|(from, contact)| is_kept(&self.world, share, *from, contact.to));
        self.recorder.contact.rows(kept)
    }
}

/// Called after each day with what it produced; returns false to stop.
pub type OnDay<'a> = dyn FnMut(&DayCounts) -> bool + 'a;

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
///
/// # Errors
/// Never in practice: see [`World::add_account`].
pub fn warm_up(
    mut world: World,
    rules: &Rules,
    days: u32,
    kept: Kept,
    on_day: &mut OnDay,
) -> Result<Option<(World, u64)>, ndarray::ShapeError> {
    let mut recorder = Recorder::idle(kept);
    let mut impressions = 0;
    for day in -(days as Day)..0 {
        let today = world.live(day, rules, &mut recorder)?;
        impressions += today.impressions;
        if !on_day(&today) {
            return Ok(None);
        }
    }
    Ok(Some((world, impressions)))
}

/// Lets probes enter and the world live through the measured days. `None` if stopped.
///
/// # Errors
/// Never in practice: see [`World::add_probes`].
pub fn measure(
    mut world: World,
    rules: &Rules,
    probes: &[Probe],
    days: u32,
    kept: Kept,
    on_day: &mut OnDay,
) -> Result<Option<Lived>, ndarray::ShapeError> {
    world.add_probes(probes, &rules.harm)?;
    let mut recorder =
        Recorder::new(&world.people, &Probes { first: world.first_probe, scripts: &world.scripts() }, kept);
    let mut impressions = 0;
    recorder.enforcement.actions.extend(world.casework.removals.values()); // those of the warm-up
    for day in 0..days as Day {
        let today = world.live(day, rules, &mut recorder)?;
        impressions += today.impressions;
        if !on_day(&today) {
            return Ok(None);
        }
    }
    recorder.close(&world.people);
    Ok(Some(Lived { recorder, world, impressions }))
}
