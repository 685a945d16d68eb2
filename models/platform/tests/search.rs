//! Tests of search on a platform whose posts are all known: relevance, popularity and exclusions.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{Packed, Query, Vector, dot, normalised};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::interventions::Policy;
use recsafe_platform::learning::Learned;
use recsafe_platform::memory::History;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::search::Searcher;
use recsafe_platform::settings::Search;
use recsafe_platform::sources::CandidateGenerator;
use recsafe_platform::{Request, View};

const ACCOUNTS: u32 = 40;
const POSTS: u32 = 600;
/// Tolerance for the rounding of packed vectors.
const ROUNDING: f64 = 0.005;

/// Forty accounts with posts near topics 0 to 9. The followers of account n are the first n of the
/// other accounts.
struct Platform {
    observed: Observed,
    index: Index,
    profile_visits: ProfileVisits,
    learned: Learned,
    map: TopicMap,
}

fn near(centre: &Vector, post: u32) -> Vector {
    let mut draw = Draws::new(3).at(DrawPurpose::PostContent, Who::Case(u64::from(post)), About::Nothing, 0);
    normalised(&std::array::from_fn(|i| centre[i] + 0.1 * draw.normal() as f32))
}

impl Platform {
    fn new(blocked: &[(u32, u32)]) -> Self {
        let (map, mut posts) = (TopicMap::new(&[0.53]), PostPool::default());
        for post in 0..POSTS {
            let features = near(map.centre((post % 10) as u8), post);
            let row = PostRow {
                features: Packed::new(&features),
                creator: AccountId((post * 7 + post / 10) % ACCOUNTS),
                popularity: (post * post % 83) as f32,
                topic_id: map.nearest(&features),
                ..PostRow::default()
            };
            posts.push(row, post);
        }
        let accounts = ObservedAccounts::stating(&[AgeBand::Adult; ACCOUNTS as usize]);
        let mut graph = FollowGraph::new(ACCOUNTS as usize);
        for to in 0..ACCOUNTS {
            (0..to).for_each(|from| assert!(graph.follow(AccountId(from), AccountId(to))));
        }
        let mut blocks = Blocks::default();
        for &(a, b) in blocked {
            blocks.add(AccountId(a), AccountId(b), 0);
        }
        let observed = Observed { day: 1, accounts, posts, graph, blocks };
        let mut index = Index::new(ACCOUNTS as usize, &map);
        index.follow_pool(0, &observed.posts);
        index.rebuild(&observed, 14);
        Platform {
            observed,
            index,
            profile_visits: ProfileVisits::new(ACCOUNTS as usize),
            learned: Learned::default(),
            map,
        }
    }

    fn view(&self) -> View<'_> {
        let Platform { observed, index, profile_visits, learned, .. } = self;
        View { observed, index, inboxes: Inboxes::NONE, profile_visits, learned, content_threshold: 2.0 }
    }

    fn row(&self, post_index: u32) -> &PostRow {
        &self.observed.posts.rows()[post_index as usize]
    }

    fn followers(&self, account: u32) -> f64 {
        self.observed.graph.followers(AccountId(account)).len() as f64
    }
}

/// The result of a search: candidates, posts and accounts.
#[derive(Debug)]
struct SearchResult {
    looked_through: Vec<u32>,
    posts: Vec<u32>,
    accounts: Vec<u32>,
}

fn search(platform: &Platform, viewer: u32, query: &Vector, settings: &Search) -> SearchResult {
    let (mut searcher, mut generator, view) = (Searcher::default(), CandidateGenerator::default(), platform.view());
    let request = Request {
        viewer: AccountId(viewer),
        day: 1,
        number: 5,
        band: AgeBand::Adult,
        query: Query::new(query),
        personalised: true,
        shown_today: [0; MAX_TOPICS],
        draws: Draws::new(1),
    };
    generator.start_day(request.viewer, &History::default(), &view, 7);
    searcher.posts(&request, &view, settings, &mut generator);
    let looked_through = generator.candidates.post_indices.clone();
    searcher.accounts(&request, &view, (settings, &Policy::default()), &mut generator);
    assert_eq!(generator.candidates.post_indices, looked_through, "both kinds of search have the same candidates");
    SearchResult {
        looked_through,
        posts: searcher.posts.iter().map(|shown| shown.post_index).collect(),
        accounts: searcher.accounts.iter().map(|account| account.0).collect(),
    }
}

/// Returns the score of each candidate: relevance cos(query, features) + popularity ln(1 + p) /
/// ln(1 + max p).
fn scores(
    platform: &Platform,
    found: &SearchResult,
    query: &Vector,
    settings: &Search,
    known: impl Fn(u32) -> f64,
) -> BTreeMap<u32, f64> {
    let scale = found.looked_through.iter().map(|&post_index| libm::log1p(known(post_index))).fold(0.0, f64::max);
    let score = |&post_index: &u32| {
        let cosine = f64::from(dot(query, &normalised(&platform.row(post_index).features.unpack())));
        (post_index, settings.relevance * cosine + settings.popularity * libm::log1p(known(post_index)) / scale)
    };
    found.looked_through.iter().map(score).collect()
}

/// Panics unless `found` contains the ids with the best scores, best first. `results` is the
/// maximum number of ids.
fn assert_best_in_order(found: &[u32], scores: &BTreeMap<u32, f64>, results: usize) {
    assert_eq!(found.len(), scores.len().min(results));
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "each once");
    let of_found: Vec<f64> = found.iter().map(|id| scores[id]).collect();
    assert!(of_found.windows(2).all(|pair| pair[0] >= pair[1] - ROUNDING), "{of_found:?}");
    let least = of_found.last().unwrap();
    let left_out = scores.iter().filter(|(id, _)| !found.contains(id)).map(|(_, &score)| score);
    assert!(left_out.fold(f64::NEG_INFINITY, f64::max) <= least + ROUNDING, "no better result is missing");
}

/// Returns several searches. Each query is a mixture of two topics, with different weights.
fn searches(platform: &Platform) -> Vec<(Vector, Search)> {
    let weights = [(0.7, 0.3), (1.0, 0.0), (0.0, 1.0), (0.2, 5.0)];
    let between = |a: u8, b: u8| {
        let (a, b) = (platform.map.centre(a), platform.map.centre(b));
        normalised(&std::array::from_fn(|i| a[i] + 0.6 * b[i]))
    };
    let with = |(relevance, popularity), query| (query, Search { relevance, popularity, results: 15, candidates: 300 });
    (0..9).flat_map(|topic| weights.map(|weights| with(weights, between(topic, topic + 1)))).collect()
}

#[test]
fn posts_found_are_the_best_by_relevance_and_popularity_in_order() {
    let platform = Platform::new(&[]);
    for (query, settings) in searches(&platform) {
        let found = search(&platform, 3, &query, &settings);
        assert!(found.looked_through.len() > 50, "{}", found.looked_through.len());
        let popularity = |post_index| f64::from(platform.row(post_index).popularity);
        assert_best_in_order(&found.posts, &scores(&platform, &found, &query, &settings, popularity), 15);
        assert!(
            found.posts.iter().all(|&post_index| platform.row(post_index).creator != AccountId(3)),
            "the searcher's own posts are excluded"
        );
    }
}

/// Returns the score of each account's best post. Blocked accounts are omitted.
fn best_posts(platform: &Platform, viewer: u32, posts: &BTreeMap<u32, f64>) -> BTreeMap<u32, f64> {
    let mut best: BTreeMap<u32, f64> = BTreeMap::new();
    for (&post_index, &score) in posts {
        let creator = platform.row(post_index).creator;
        if !platform.observed.blocks.between(AccountId(viewer), creator) {
            let held = best.entry(creator.0).or_insert(f64::NEG_INFINITY);
            *held = held.max(score);
        }
    }
    best
}

#[test]
fn accounts_are_found_by_their_best_post_once_each_and_blocked_ones_are_not() {
    for blocked in [&[][..], &[(3, 39), (38, 3), (3, 37), (10, 36)][..]] {
        let platform = Platform::new(blocked);
        for (query, settings) in searches(&platform) {
            let found = search(&platform, 3, &query, &settings);
            let followers = |post_index| platform.followers(platform.row(post_index).creator.0);
            let posts = scores(&platform, &found, &query, &settings, followers);
            assert_best_in_order(&found.accounts, &best_posts(&platform, 3, &posts), 15);
        }
    }
}

#[test]
fn neither_who_was_blocked_nor_who_blocked_is_found() {
    let by_followers = Search { relevance: 0.0, popularity: 1.0, results: 50, candidates: 1000 };
    let (free, blocked) = (Platform::new(&[]), Platform::new(&[(3, 39), (38, 3)]));
    let query = *free.map.centre(2);
    let (mut before, after) =
        (search(&free, 3, &query, &by_followers).accounts, search(&blocked, 3, &query, &by_followers).accounts);
    assert_eq!(before[..2], [39, 38], "the most followed accounts are first");
    assert_eq!(after, before.split_off(2), "the other results do not change");
    let other = search(&blocked, 4, &query, &by_followers).accounts;
    assert_eq!(other[..2], [39, 38], "other accounts still find them");
}

#[test]
fn a_search_looks_through_no_more_posts_than_asked_for_and_for_those_near_the_query() {
    let platform = Platform::new(&[]);
    let query = *platform.map.centre(4);
    for candidates in [1, 10, 40] {
        let found = search(&platform, 3, &query, &Search { candidates, ..Search::default() });
        assert!(found.looked_through.len() <= candidates as usize + 2, "the shares of four topics are rounded");
        let near = found.looked_through.iter().filter(|&&post_index| platform.row(post_index).topic_id == 4).count();
        assert!(2 * near > found.looked_through.len(), "most candidates are in the topic of the query");
    }
}
