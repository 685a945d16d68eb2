//! The follow graph at the start. Each model of growth has one module. Follows of predators and
//! bots are added to every graph.

mod communal;
mod infiltration;
mod random_walk;
mod uniform;

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::communities::Communities;
use crate::people::People;
use crate::role::Role;
use crate::settings::{Graph, Growth, WorldSettings};

/// Followees of each account.
pub(super) type Follows = Vec<Vec<u32>>;

/// Returns the graph at the start: the follows of a file or a generated graph, plus the follows of
/// predators and bots.
pub(super) fn begin(
    imported: Option<Follows>,
    people: &People,
    communities: &Communities,
    settings: &WorldSettings,
    draws: Draws,
) -> FollowGraph {
    let aside: Vec<bool> = people.role.iter().map(|&role| role == Role::Bot).collect();
    let mut follows = imported.unwrap_or_else(|| grow(&aside, communities, &settings.graph, draws));
    follow_minors(people, &settings.graph, &mut follows, draws);
    link_exchange(people, &settings.graph, &mut follows, draws);
    infiltration::infiltrate(&aside, &settings.population.bots, &mut follows, draws);
    FollowGraph::from_followees(follows.into_iter().map(|list| list.into_iter().map(AccountId).collect()).collect())
}

/// Generates the graph without bots. Bots are added later. Bots follow only bots, and people follow
/// bots only because of infiltration.
fn grow(aside: &[bool], communities: &Communities, settings: &Graph, draws: Draws) -> Follows {
    match settings.growth {
        Growth::Communities => communal::grow(aside, communities, settings, draws),
        Growth::Uniform => uniform::grow(aside, settings, draws),
        Growth::RandomWalk => random_walk::grow(aside, settings, draws),
    }
}

/// Lets contacting predators follow minors from the start.
fn follow_minors(people: &People, settings: &Graph, follows: &mut Follows, draws: Draws) {
    let minors: Vec<u32> = people.ids().filter(|id| people.role[id.row()] == Role::Minor).map(|id| id.0).collect();
    for id in people.ids().filter(|id| people.intents[id.row()].contacting) {
        follow_some(
            follows,
            id.0,
            settings.minors_followed_by_predators,
            &minors,
            (DrawPurpose::FollowedMinors, draws),
        );
    }
}

/// Lets exchange accounts follow each other from the start.
fn link_exchange(people: &People, settings: &Graph, follows: &mut Follows, draws: Draws) {
    let exchange: Vec<u32> = people.ids().filter(|id| people.intents[id.row()].is_exchange()).map(|id| id.0).collect();
    for &id in &exchange {
        follow_some(follows, id, settings.exchange_links, &exchange, (DrawPurpose::ExchangeLinks, draws));
    }
}

fn follow_some(follows: &mut Follows, from: u32, mean: f64, among: &[u32], (purpose, draws): (DrawPurpose, Draws)) {
    let mut draw = draws.at(purpose, AccountId(from), About::Nothing, 0);
    let count = draw.poisson(mean);
    for _ in 0..if among.is_empty() { 0 } else { count } {
        let to = among[draw.below(among.len())];
        if to != from && !follows[from as usize].contains(&to) {
            follows[from as usize].push(to);
        }
    }
}

/// Returns the accounts that `aside` does not exclude, in random order.
fn in_order(aside: &[bool], draws: Draws) -> Vec<u32> {
    let taking_part = (0..aside.len()).filter(|&id| !aside[id]);
    super::ranked(taking_part, draws, DrawPurpose::Follow).into_iter().map(|id| id as u32).collect()
}
