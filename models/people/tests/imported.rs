//! Tests of worlds with follows and likes from files. All follows of the file are kept, and
//! everything else is generated.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use recsafe_common::draw::Draws;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::topics::TopicMap;
use recsafe_people::generate::{Imported, generate};
use recsafe_people::people::People;
use recsafe_people::role::Role;
use recsafe_people::settings::{Behavior, Bots, Graph, InteractionsFile, Population, WorldSettings};

/// Generates a world from these files. `added` says whether predators follow minors and each other
/// from the start.
fn world(imported: &Imported, population: &Population, added: bool, seed: u64) -> (People, FollowGraph) {
    let none = Graph { minors_followed_by_predators: 0.0, exchange_links: 0.0, ..Graph::default() };
    let graph = if added { Graph::default() } else { none };
    let settings = WorldSettings {
        population: population.clone(),
        graph,
        imported: Some(Arc::new(imported.clone())),
        ..WorldSettings::default()
    };
    let map = TopicMap::new(&settings.content.niche.iter().map(|niche| niche.cosine).collect::<Vec<_>>());
    generate(&settings, &map, Draws::new(seed))
}

fn pairs(graph: &FollowGraph) -> Vec<(u32, u32)> {
    let of = |id: u32| graph.followees(AccountId(id)).iter().map(move |to| (id, to.0));
    (0..graph.accounts() as u32).flat_map(of).collect()
}

/// A ring of 1,000 accounts in which each follows the next nine.
fn ring() -> Imported {
    let mut follows: Vec<(u32, u32)> = (0..1000).flat_map(|id| (1..10).map(move |n| (id, (id + n) % 1000))).collect();
    follows.sort_unstable();
    Imported { accounts: 1000, follows: Some(follows), likes: None }
}

fn many() -> Population {
    Population { minors: 0.2, predators: 0.05, ..Population::default() }
}

proptest! {
    #[test]
    fn the_graph_is_the_file(edges in proptest::collection::btree_set((0_u32..60, 0_u32..60), 0..400), seed in 0_u64..50) {
        let follows: Vec<(u32, u32)> = edges.into_iter().filter(|(from, to)| from != to).collect();
        let imported = Imported { accounts: 60, follows: Some(follows.clone()), likes: None };
        let (people, graph) = world(&imported, &many(), false, seed);
        prop_assert_eq!(people.len(), 60);
        prop_assert_eq!(pairs(&graph), follows);
    }
}

#[test]
fn roles_are_dealt_in_exact_numbers_and_add_their_follows_beside_those_of_the_file() {
    let imported = ring();
    let (people, graph) = world(&imported, &many(), true, 3);
    let count = |role: Role| people.role.iter().filter(|&&of| of == role).count();
    assert_eq!((count(Role::Minor), count(Role::Predator)), (200, 50));
    let (file, found): (BTreeSet<_>, BTreeSet<_>) =
        (imported.follows.unwrap().into_iter().collect(), pairs(&graph).into_iter().collect());
    assert!(file.is_subset(&found));
    let added: Vec<_> = found.difference(&file).collect();
    assert!(!added.is_empty());
    for &&(from, to) in &added {
        let (from, to) = (from as usize, to as usize);
        let contacts = people.intents[from].contacting && people.role[to] == Role::Minor;
        assert!(contacts || (people.intents[from].is_exchange() && people.intents[to].is_exchange()));
    }
}

#[test]
fn minors_are_neighbours_in_the_graph_of_the_file() {
    let imported = ring();
    let mixed = |seed| {
        let (people, graph) = world(&imported, &many(), false, seed);
        let minor = |id: u32| people.role[id as usize] == Role::Minor;
        let of_minors: Vec<_> = pairs(&graph).into_iter().filter(|&(from, _)| minor(from)).collect();
        of_minors.iter().filter(|&&(_, to)| minor(to)).count() as f64 / of_minors.len() as f64
    };
    let mean = (1..=5).map(mixed).sum::<f64>() / 5.0;
    assert!(mean > 0.4, "{mean} of minors' follows go to minors; without patches it would be 0.2");
}

#[test]
fn bots_keep_the_follows_of_the_file() {
    let imported = ring();
    let bots = Bots { share: 0.1, ..Bots::default() };
    let (people, graph) = world(&imported, &Population { bots, ..many() }, false, 1);
    let found: BTreeSet<_> = pairs(&graph).into_iter().collect();
    assert!(imported.follows.unwrap().iter().all(|pair| found.contains(pair)));
    assert!(people.role.contains(&Role::Bot));
}

#[test]
fn likes_decide_activity_and_topics_and_only_if_they_shall() {
    let likes: Vec<(u32, u32)> = (0..100).flat_map(|id| (0..=id % 10).map(move |n| (id, id / 10 * 20 + n))).collect();
    let imported = Imported { accounts: 100, follows: None, likes: Some(likes) };
    let nobody = Population { accounts: 100, minors: 0.0, predators: 0.0, ..Population::default() };
    let (people, _) = world(&imported, &nobody, false, 2);
    let mean = people.activity.iter().sum::<f32>() / 100.0;
    assert!((f64::from(mean) - Behavior::default().sessions).abs() < 1e-4, "{mean}");
    assert!((people.activity[9] / people.activity[0] - 10.5 / 1.5).abs() < 1e-4);
    let off = InteractionsFile { interests: false, activity: false, ..InteractionsFile::default() };
    let (plain, _) = world(&imported, &Population { interactions: off, ..nobody.clone() }, false, 2);
    let (drawn, _) = world(&Imported { accounts: 100, ..Imported::default() }, &nobody, false, 2);
    assert_eq!(plain, drawn);
    assert_ne!(people.centres, drawn.centres);
}

#[test]
fn one_seed_is_one_world() {
    let imported = ring();
    assert_eq!(world(&imported, &many(), true, 7), world(&imported, &many(), true, 7));
    assert_ne!(world(&imported, &many(), true, 7).0, world(&imported, &many(), true, 8).0);
}
