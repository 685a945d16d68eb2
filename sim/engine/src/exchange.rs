//! Exchange network: initial links, daily exchanges, and measurement of the network.

use std::collections::VecDeque;

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_people::behavior::exchange::{exchanges, makes_link};
use recsafe_people::role::Role;
use recsafe_people::settings::Exchange;

use super::{Rules, World};
use crate::measure::{MOST_SUGGESTED, NetworkDay, Recorder};

/// Largest number of predators from whom the reach of suggestions is measured. With more predators,
/// the measurement would take longer without becoming more precise.
const STARTS: usize = 50;

/// Adds the initial links. Initial follows between exchange accounts lead to links in the same way
/// as later follows.
pub(super) fn link_from_the_start(world: &mut World, exchange: &Exchange) {
    let (people, graph) = (&world.people, &world.observed.graph);
    let members = people.ids().filter(|id| people.intents[id.row()].is_exchange());
    let follows = members.flat_map(|from| graph.followees(from).iter().map(move |&to| (from, to)));
    let before = i32::MIN;
    let linked: Vec<(AccountId, AccountId)> =
        follows.filter(|&(from, to)| makes_link(people, exchange, from, to, before, world.draws)).collect();
    for (from, to) in linked {
        world.exchange_network.link(from, to);
    }
}

/// Draws the exchanges that take place today on links between usable accounts.
pub(super) fn run_exchanges(world: &World, rules: &Rules, recorder: &mut Recorder) {
    let day = world.observed.day;
    for (a, b) in world.exchange_network.iter() {
        let usable = world.observed.accounts.is_usable(a) && world.observed.accounts.is_usable(b);
        if usable && exchanges(&world.people, &rules.behavior.exchange, (a, b), day, world.draws) {
            recorder.exchanged(if world.people.intents[a.row()].seller { a } else { b });
        }
    }
}

/// Measures the network of predators at the end of the day.
pub(super) fn measure(world: &World, recorder: &mut Recorder) {
    if !recorder.is_measuring() {
        return;
    }
    let active =
        |id: &AccountId| world.people.role[id.row()] == Role::Predator && world.observed.accounts.is_usable(*id);
    let predators: Vec<AccountId> = world.people.ids().filter(active).collect();
    let mut index = vec![u32::MAX; world.people.len()];
    for (n, id) in predators.iter().enumerate() {
        index[id.row()] = n as u32;
    }
    let graph = &world.observed.graph;
    let mutual: Vec<Vec<u32>> = predators
        .iter()
        .map(|&id| {
            let known = graph.followees(id).iter().filter(|&&other| index[other.row()] != u32::MAX);
            known.filter(|&&other| graph.contains(other, id)).map(|other| index[other.row()]).collect()
        })
        .collect();
    let suggested: Vec<Vec<u32>> = predators
        .iter()
        .map(|&id| {
            let shown = world.memory.suggested(id).last_slate().iter();
            shown.take(MOST_SUGGESTED).map(|&other| index[other as usize]).collect()
        })
        .collect();
    let exchange_active = predators.iter().filter(|id| world.people.intents[id.row()].is_exchange()).count();
    recorder.network(&NetworkDay {
        predators: predators.len() as u64,
        exchange_active: exchange_active as u64,
        mutual: mutual.iter().map(|list| list.len() as u64).sum(),
        largest: largest_component(&mutual) as u64,
        reached: reach(&predators, &suggested, world),
    });
}

fn largest_component(mutual: &[Vec<u32>]) -> usize {
    let mut seen = vec![false; mutual.len()];
    (0..mutual.len()).map(|start| walk(start, &mut seen, |node| &mutual[node])).max().unwrap_or(0)
}

/// Returns the number of nodes that can be reached from the node `start`, including `start`. Nodes
/// that are marked in the list `seen` are skipped.
fn walk<'a>(start: usize, seen: &mut [bool], next: impl Fn(usize) -> &'a [u32]) -> usize {
    let (mut waiting, mut count) = (VecDeque::from([start]), 0);
    while let Some(node) = waiting.pop_front() {
        if std::mem::replace(&mut seen[node], true) {
            continue;
        }
        count += 1;
        waiting.extend(next(node).iter().filter(|&&other| other != u32::MAX).map(|&other| other as usize));
    }
    count
}

/// Counts pairs of predators for each k = 1, 2, .... The first predator of a pair is one of at most
/// [`STARTS`] predators, drawn at random. Returns two numbers: the number of pairs in which a
/// path of suggestions leads from the first predator to the second, and the number of all pairs.
/// Each step of the path goes from a predator to one of the predator's first k suggestions.
fn reach(predators: &[AccountId], suggested: &[Vec<u32>], world: &World) -> [(u64, u64); MOST_SUGGESTED] {
    let count = predators.len();
    let mut starts: Vec<usize> = (0..count).collect();
    let day = world.observed.day;
    let draw = |&start: &usize| world.draws.at(DrawPurpose::NetworkStart, predators[start], About::Nothing, day).bits();
    starts.sort_by_cached_key(draw);
    starts.truncate(STARTS);
    std::array::from_fn(|k| {
        let reached: usize = starts
            .iter()
            .map(|&start| {
                let mut seen = vec![false; count];
                walk(start, &mut seen, |node| &suggested[node][..suggested[node].len().min(k + 1)]) - 1
            })
            .sum();
        (reached as u64, (starts.len() * count.saturating_sub(1)) as u64)
    })
}
