//! Subjects of searches and posts of decoys. Shares and means are compared with the settings. The
//! tests allow differences of up to four standard errors.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::ids::AccountId;
use recsafe_common::topics::{TOPICS, TopicMap};
use recsafe_common::vector::dot;
use recsafe_people::behavior::searching::{Query, query, query_for_minors, searches_today};
use recsafe_people::people::{People, Person};
use recsafe_people::posting::{NewPost, PostingSettings, posts_today};
use recsafe_people::role::{Intents, Role};
use recsafe_people::settings::{Behavior, Bots, Content, Searching};

const DRAWS: Draws = Draws::new(51);
const SPREAD: f64 = 0.5;

fn map() -> TopicMap {
    TopicMap::new(&[0.53, 0.53])
}

fn of(persons: &[Person]) -> People {
    let mut people = People::new();
    for person in persons {
        people.add(person);
    }
    people
}

/// An account that is interested in topic 3 (weight 0.5), topic 40 (0.2) and the second niche
/// (0.3).
fn person(role: Role) -> Person {
    let map = map();
    let band = if role == Role::Minor { AgeBand::From16 } else { AgeBand::Adult };
    let (centres, weights) = ([3, 40, TopicMap::niche(1)], [0.5, 0.2, 0.3]);
    Person { role, band, declared_age: band, centres, weights, ..Person::probe(1.0, 0.0, map.centre(3), &map) }
}

/// Fails unless `found` is within four standard errors of `expected`. `found` is the mean of
/// `count` numbers with this variance.
fn assert_mean(found: f64, expected: f64, variance: f64, count: i32, what: &str) {
    let error = (variance / f64::from(count)).sqrt();
    assert!((found - expected).abs() <= 4.0 * error, "{what}: {found}, not {expected} (standard error {error})");
}

/// Fails unless `holds` is true for this share of queries.
fn assert_share(queries: &[Query], expected: f64, what: &str, holds: impl Fn(&Query) -> bool) {
    let found = queries.iter().filter(|query| holds(query)).count() as f64 / queries.len() as f64;
    assert_mean(found, expected, expected * (1.0 - expected), queries.len() as i32, what);
}

#[test]
fn users_minors_and_predators_search_as_often_as_set_and_probes_never() {
    let people = of(&[Role::User, Role::Minor, Role::Predator, Role::Probe].map(person));
    let searching = Searching { searches: 0.4, searches_minors: 0.7, ..Searching::default() };
    let behavior = Behavior { searching, ..Behavior::default() };
    let days = 20_000;
    for (id, expected) in [(0, 0.4), (1, 0.7), (2, 0.4), (3, 0.0)] {
        let searches = |day| f64::from(searches_today(&people, &behavior, AccountId(id), day, DRAWS));
        let found = (0..days).map(searches).sum::<f64>() / f64::from(days);
        assert_mean(found, expected, expected, days, &format!("account {id}"));
    }
}

#[test]
fn queries_are_for_the_searchers_topics_by_their_weights() {
    let (people, map) = (of(&[person(Role::User)]), map());
    let searching = Searching { accounts: 0.3, ..Searching::default() };
    let behavior = Behavior { searching, ..Behavior::default() };
    let ask = |number, day| query(&people, &behavior, &map, SPREAD, (AccountId(0), number, day), DRAWS);
    let queries: Vec<Query> =
        (0..5000).flat_map(|day| (0..4).map(move |number| (number, day))).map(|(n, d)| ask(n, d)).collect();
    for (topic_id, weight) in [(3, 0.5), (40, 0.2), (TopicMap::niche(1), 0.3)] {
        assert_share(&queries, weight, &format!("region {topic_id}"), |query| query.topic_id == topic_id);
    }
    assert_share(&queries, 0.3, "for a niche", Query::is_for_a_niche);
    assert_share(&queries, 0.3, "for accounts", |query| query.accounts);
    assert_share(&queries, 0.15, "for accounts at topic 3", |query| query.accounts && query.topic_id == 3);
}

#[test]
fn weights_need_not_add_to_1() {
    let weights = [0.9, 0.3, 0.1];
    let (people, map) = (of(&[Person { weights, ..person(Role::Predator) }]), map());
    let ask = |day| query(&people, &Behavior::default(), &map, SPREAD, (AccountId(0), 0, day), DRAWS);
    let queries: Vec<Query> = (0..20_000).map(ask).collect();
    for (topic_id, weight) in [(3, 9.0), (40, 3.0), (TopicMap::niche(1), 1.0)] {
        assert_share(&queries, weight / 13.0, &format!("region {topic_id}"), |query| query.topic_id == topic_id);
    }
}

#[test]
fn a_query_strays_from_its_topic_as_far_as_the_spread_says() {
    let (people, map) = (of(&[person(Role::User)]), map());
    let cosines = |spread| {
        let of_day = |day| {
            let query = query(&people, &Behavior::default(), &map, spread, (AccountId(0), 0, day), DRAWS);
            assert!((dot(&query.topic, &query.topic) - 1.0).abs() < 1e-5);
            f64::from(dot(&query.topic, map.centre(query.topic_id)))
        };
        (0..2000).map(of_day).collect::<Vec<f64>>()
    };
    assert!(cosines(0.0).iter().all(|cosine| (cosine - 1.0).abs() < 1e-5));
    // The cosine is approximately 1 / sqrt(1 + spread^2).
    let found = cosines(0.5).iter().sum::<f64>() / 2000.0;
    assert!((found - 1.0 / 1.25_f64.sqrt()).abs() < 0.01, "{found}");
}

#[test]
fn predators_search_for_minors_at_their_ordinary_topics_and_for_accounts_alone() {
    let contacting = Intents { contacting: true, ..Intents::NONE };
    let (people, map) = (of(&[Person { intents: contacting, ..person(Role::Predator) }]), map());
    let ask = |day| query_for_minors(&people, &map, SPREAD, (AccountId(0), 0, day), DRAWS);
    let queries: Vec<Query> = (0..20_000).map(ask).collect();
    assert!(queries.iter().all(|query| query.accounts && !query.is_for_a_niche()));
    assert_share(&queries, 5.0 / 7.0, "topic 3, of .5 and .2", |query| query.topic_id == 3);
    assert_share(&queries, 2.0 / 7.0, "topic 40, of .5 and .2", |query| query.topic_id == 40);
}

/// Returns the posts of one account in 2,000 days.
fn posts(person: &Person) -> Vec<NewPost> {
    let (mut people, map, mut posts) = (of(std::slice::from_ref(person)), map(), Vec::new());
    let (content, behavior, bots) = (Content::default(), Behavior::default(), Bots::default());
    let posting = PostingSettings { content: &content, behavior: &behavior, bots: &bots };
    for day in 0..2000 {
        posts_today(&people, AccountId(0), day, &posting, &map, DRAWS, &mut posts);
        people.posted[0] = posts.len() as u32;
    }
    posts
}

#[test]
fn decoys_post_as_often_as_set_and_nothing_but_benign_posts() {
    let map = map();
    for interest in [map.centre(3), map.centre(TopicMap::niche(0))] {
        let decoy = Person::probe(1.0, 0.5, interest, &map);
        let found = posts(&decoy);
        assert_mean(found.len() as f64 / 2000.0, 0.5, 0.5, 2000, "posts per day");
        assert!(found.iter().all(|post| post.severity == 0.0 && usize::from(post.topic_id) < TOPICS));
        let same = posts(&Person { role: Role::Minor, ..decoy });
        assert!(same.iter().any(|post| post.severity > 0.0), "other accounts sometimes make borderline posts");
    }
    assert!(posts(&Person::probe(1.0, 0.0, map.centre(3), &map)).is_empty());
}
