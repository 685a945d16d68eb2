//! Worlds under `reshare-one`: bots, posts from acts, harm by account, and graphs without
//! communities. Shares and means are compared with the settings. The tests allow differences of up
//! to about four standard errors.

use recsafe_common::draw::Draws;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::topics::TopicMap;
use recsafe_people::behavior::reshare_one::acts_today;
use recsafe_people::generate::generate;
use recsafe_people::people::People;
use recsafe_people::posting::{NewPost, PostingSettings, posts_today};
use recsafe_people::role::Role;
use recsafe_people::settings::{
    Behavior, Bots, Content, Graph, Growth, HarmBy, Kind, Population, Targets, WorldSettings,
};

const DRAWS: Draws = Draws::new(5);

fn population(accounts: u32, bots: Bots) -> Population {
    Population { accounts, minors: 0.0, predators: 0.0, bots, ..Population::default() }
}

fn world(population: &Population, graph: &Graph) -> (People, FollowGraph) {
    let settings = WorldSettings {
        population: population.clone(),
        graph: graph.clone(),
        behavior: Behavior { model: Kind::ReshareOne, ..Behavior::default() },
        ..WorldSettings::default()
    };
    generate(&settings, &TopicMap::new(&[0.53, 0.53]), DRAWS)
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

fn followees(graph: &FollowGraph, people: &People) -> Vec<f64> {
    people.ids().map(|id| graph.followees(id).len() as f64).collect()
}

/// Returns the share of closed triangles. A path of two follows is closed if the first account also
/// follows the last account.
fn closed(graph: &FollowGraph, people: &People) -> f64 {
    let (mut pairs, mut closed) = (0.0, 0.0);
    for id in people.ids() {
        for &near in graph.followees(id) {
            for &far in graph.followees(near).iter().filter(|&&far| far != id) {
                pairs += 1.0;
                closed += f64::from(u8::from(graph.contains(id, far)));
            }
        }
    }
    closed / pairs
}

#[test]
fn a_uniform_graph_has_log_normal_followees_and_even_followers() {
    let settings = Graph { growth: Growth::Uniform, follows: 30.0, follows_log_sd: 1.0, ..Graph::default() };
    let (people, graph) = world(&population(4_000, Bots::default()), &settings);
    let followees = followees(&graph, &people);
    let sd = (libm::exp(1.0) - 1.0).sqrt() * 30.0;
    assert!((mean(&followees) - 30.0).abs() < 4.0 * sd / 4_000.0_f64.sqrt(), "{}", mean(&followees));
    let mut sorted = followees;
    sorted.sort_unstable_by(f64::total_cmp);
    let median = 30.0 * libm::exp(-0.5);
    assert!((sorted[2_000] / median - 1.0).abs() < 0.08, "median {} of {median}", sorted[2_000]);
    let most = people.ids().map(|id| graph.followers(id).len()).max();
    assert!(most < Some(65), "followers are Poisson of mean 30: {most:?}");
}

#[test]
fn who_would_follow_more_than_there_are_follows_all() {
    let settings = Graph { growth: Growth::Uniform, follows: 2_000.0, follows_log_sd: 0.0, ..Graph::default() };
    let (people, graph) = world(&population(30, Bots::default()), &settings);
    assert!(people.ids().all(|id| graph.followees(id).len() == 29));
}

#[test]
fn random_walks_close_triangles_and_make_hubs() {
    let grown = |walk| {
        let settings = Graph { growth: Growth::RandomWalk, follows: 10.0, walk_probability: walk, ..Graph::default() };
        world(&population(2_000, Bots::default()), &settings)
    };
    let ((people, even), (_, walked)) = (grown(0.0), grown(0.5));
    assert!(people.ids().all(|id| walked.followees(id).len() == 10), "all accounts follow equally many");
    let (even_closed, walked_closed) = (closed(&even, &people), closed(&walked, &people));
    assert!(walked_closed > 3.0 * even_closed, "{walked_closed} against {even_closed}");
    let (_, all) = grown(1.0);
    assert!(people.ids().all(|id| (1..=10).contains(&all.followees(id).len())));
}

#[test]
fn bots_follow_bots_and_people_follow_each_with_the_probability_of_infiltration() {
    let graph = Graph { growth: Growth::Uniform, follows: 20.0, ..Graph::default() };
    for targets in [Targets::Random, Targets::Hubs] {
        let bots = Bots { share: 0.1, infiltration: 0.05, followees: 4, targets, ..Bots::default() };
        let (people, graph) = world(&population(2_000, bots), &graph);
        let is_bot = |id: AccountId| people.role[id.row()] == Role::Bot;
        let all: Vec<AccountId> = people.ids().filter(|&id| is_bot(id)).collect();
        assert_eq!(all.len(), 200);
        assert!(
            all.iter().all(|&bot| graph.followees(bot).len() == 4 && graph.followees(bot).iter().all(|&it| is_bot(it)))
        );
        let followers: Vec<f64> =
            all.iter().map(|&bot| graph.followers(bot).iter().filter(|&&it| !is_bot(it)).count() as f64).collect();
        let error = 4.0 * (1_800.0_f64 * 0.05 * 0.95 / 200.0).sqrt();
        assert!((mean(&followers) - 90.0).abs() <= error, "{targets:?}: {}", mean(&followers));
        let hubs = people.ids().filter(|&id| graph.followees(id).iter().any(|&it| is_bot(it)) && !is_bot(id)).count();
        assert_eq!(hubs == 90, targets == Targets::Hubs, "the same 90 people follow every bot");
    }
}

#[test]
fn without_bots_the_graph_is_as_it_was() {
    let default = (Population { accounts: 500, ..Population::default() }, Graph::default());
    let with = Population { bots: Bots { infiltration: 1.0, followees: 9, ..Bots::default() }, ..default.0.clone() };
    assert_eq!(world(&default.0, &default.1), world(&with, &default.1), "settings of bots change nothing without bots");
}

/// Returns all posts of the first `days` days.
fn posts(people: &mut People, posting: &PostingSettings, days: i32) -> Vec<NewPost> {
    let (mut all, map) = (Vec::new(), TopicMap::new(&[0.53, 0.53]));
    for day in 0..days {
        for id in people.ids() {
            let before = all.len();
            posts_today(people, id, day, posting, &map, DRAWS, &mut all);
            people.posted[id.row()] += (all.len() - before) as u32;
        }
    }
    all
}

#[test]
fn posts_are_a_share_of_acts_with_quality_and_harm_as_settings_say() {
    let bots = Bots { share: 0.2, quality: 0.25, ..Bots::default() };
    let population = population(5_000, bots);
    let (mut people, _) = world(&population, &Graph { follows: 2.0, ..Graph::default() });
    let behavior = Behavior { model: Kind::ReshareOne, ..Behavior::default() };
    let content = Content {
        harm_assignment: HarmBy::Account,
        borderline_severity: vec![8, 1],
        quality_rate: Some(10.0),
        ..Content::default()
    };
    let posting = PostingSettings { content: &content, behavior: &behavior, bots: &population.bots };
    let acts: u32 = (0..40)
        .flat_map(|day| people.ids().map(move |id| (day, id)))
        .map(|(day, id)| acts_today(people.activity[id.row()], id, day, DRAWS))
        .sum();
    let posts = posts(&mut people, &posting, 40);
    let share = posts.len() as f64 / f64::from(acts);
    assert!((share - 0.5).abs() < 4.0 * 0.5 / f64::from(acts).sqrt(), "{share} of {acts} acts are posts");
    let by_bot = |post: &&NewPost| people.role[post.creator.row()] == Role::Bot;
    assert!(posts.iter().filter(by_bot).all(|post| post.quality == 0.25));
    let quality: Vec<f64> = posts.iter().filter(|post| !by_bot(post)).map(|post| f64::from(post.quality)).collect();
    // Mean of a density proportional to e^(10 q): 1 / (1 - e^-10) - 1 / 10. The standard deviation
    // is close to 1 / 10.
    assert!((mean(&quality) - 0.90005).abs() < 0.4 / (quality.len() as f64).sqrt(), "{}", mean(&quality));
    let harmful = posts.iter().filter(|post| post.severity > 0.0).count() as f64 / posts.len() as f64;
    // 0.1 x 3 / 33 + 0.9 x 0.1 / 90 = 0.0101. The bounds are wide, because accounts differ and the
    // most active accounts have a large influence.
    assert!((0.007..0.014).contains(&harmful), "{harmful}");
}
