//! Compares visits to suggestions, follows and unfollows with the probabilities in the settings.
//! The tests allow differences of up to four standard errors.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::ids::AccountId;
use recsafe_common::topics::TopicMap;
use recsafe_people::behavior::following::{
    accepts_follow, browses_today, end_chance, follow_chance, follows, visits_profile, visits_today,
};
use recsafe_people::people::{People, Person};
use recsafe_people::role::{Intents, Role};
use recsafe_people::settings::{Behavior, Following};

const DRAWS: Draws = Draws::new(41);

const USER: AccountId = AccountId(0);
const OTHER_USER: AccountId = AccountId(1);
const MINOR: AccountId = AccountId(2);
const OTHER_MINOR: AccountId = AccountId(3);
const CONTACTING: AccountId = AccountId(4);
const SELLER: AccountId = AccountId(5);
const BUYER: AccountId = AccountId(6);
/// A predator who contacts minors and buys in the exchange network.
const BOTH: AccountId = AccountId(7);
const PROBE: AccountId = AccountId(8);

/// Accounts of each kind. All have one session per day, except `OTHER_USER`, which has two sessions
/// per day.
fn nine() -> People {
    let map = TopicMap::new(&[0.53]);
    let person = |role, band, contacting, seller, buyer| Person {
        role,
        band,
        declared_age: band,
        intents: Intents { contacting, seller, buyer },
        ..Person::probe(1.0, 0.0, map.centre(0), &map)
    };
    let predator = |contacting, seller, buyer| person(Role::Predator, AgeBand::Adult, contacting, seller, buyer);
    let persons = [
        person(Role::User, AgeBand::Adult, false, false, false),
        Person { activity: 2.0, ..person(Role::User, AgeBand::Adult, false, false, false) },
        person(Role::Minor, AgeBand::Under13, false, false, false),
        person(Role::Minor, AgeBand::From16, false, false, false),
        predator(true, false, false),
        predator(false, true, false),
        predator(false, false, true),
        predator(true, false, true),
        person(Role::Probe, AgeBand::From13, false, false, false),
    ];
    let mut people = People::new();
    for person in &persons {
        people.add(person);
    }
    people
}

/// Fails unless `found` is within four standard errors of `expected`. `found` is the mean of
/// `count` numbers with this variance.
fn assert_mean(found: f64, expected: f64, variance: f64, count: i32, what: &str) {
    let error = (variance / f64::from(count)).sqrt();
    assert!((found - expected).abs() <= 4.0 * error, "{what}: {found}, not {expected} (standard error {error})");
}

/// Fails unless an event has this probability. To measure the frequency, the event is drawn on
/// 40,000 days.
fn assert_share(probability: f64, what: &str, happens: impl Fn(i32) -> bool) {
    let days = 40_000;
    let found = (0..days).filter(|&day| happens(day)).count() as f64 / f64::from(days);
    assert_mean(found, probability, probability * (1.0 - probability), days, what);
}

#[test]
fn visits_and_looks_into_lists_are_as_frequent_as_set_and_probes_make_none() {
    let (people, days) = (nine(), 20_000);
    let following = Following { visits: 0.3, visits_predators: 0.9, browse: 0.2, ..Following::default() };
    let mean = |number: &dyn Fn(i32) -> u32| (0..days).map(|day| f64::from(number(day))).sum::<f64>() / f64::from(days);
    let expected = [
        (USER, 0.3, 0.2),
        (OTHER_USER, 0.6, 0.4),
        (MINOR, 0.3, 0.2),
        (CONTACTING, 0.9, 0.2),
        (SELLER, 0.9, 0.2),
        (PROBE, 0.0, 0.0),
    ];
    for (account, visits, browses) in expected {
        let found = mean(&|day| visits_today(&people, &following, account, day, DRAWS));
        assert_mean(found, visits, visits, days, &format!("visits of {account:?}"));
        let found = mean(&|day| browses_today(&people, &following, account, day, DRAWS));
        assert_mean(found, browses, browses, days, &format!("looks of {account:?}"));
    }
}

/// Five settings with different values.
fn distinct() -> Following {
    Following {
        follow: 0.1,
        across_ages: 0.4,
        predator_minor: 0.31,
        predator_adult: 0.17,
        exchange: 0.53,
        ..Following::default()
    }
}

#[test]
fn who_follows_whom_is_as_the_table_says() {
    let (people, following) = (nine(), distinct());
    let (same, across, minor, adult, exchange) = (0.1, 0.1 * 0.4, 0.31, 0.17, 0.53);
    let table = [
        (USER, OTHER_USER, same),
        (MINOR, OTHER_MINOR, same),
        (USER, MINOR, across),
        (MINOR, USER, across),
        (USER, CONTACTING, same),
        (USER, SELLER, same),
        (MINOR, CONTACTING, across),
        (USER, PROBE, across),
        (MINOR, PROBE, same),
        (CONTACTING, MINOR, minor),
        (CONTACTING, PROBE, minor),
        (BOTH, MINOR, minor),
        (CONTACTING, USER, adult),
        (CONTACTING, SELLER, adult),
        (SELLER, USER, adult),
        (SELLER, CONTACTING, adult),
        (SELLER, MINOR, across),
        (SELLER, BUYER, exchange),
        (BUYER, SELLER, exchange),
        (BOTH, SELLER, exchange),
        (SELLER, BOTH, exchange),
    ];
    for (viewer, shown, expected) in table {
        let found = follow_chance(&people, &following, viewer, shown);
        assert!((found - expected).abs() < 1e-12, "{viewer:?} shown {shown:?}: {found}, not {expected}");
    }
    let report_factor = Following { follow: 0.5, across_ages: 20.0, ..Following::default() };
    assert_eq!(follow_chance(&people, &report_factor, USER, MINOR), 1.0, "a probability is at most 1");
}

#[test]
fn accounts_shown_are_followed_with_that_chance() {
    let (people, following) = (nine(), distinct());
    for (viewer, shown) in [(USER, OTHER_USER), (CONTACTING, MINOR), (BUYER, SELLER), (MINOR, USER)] {
        let chance = follow_chance(&people, &following, viewer, shown);
        assert_share(chance, "follows", |day| follows(&people, &following, viewer, shown, day, DRAWS));
    }
}

#[test]
fn follow_requests_are_accepted_more_often_with_a_mutual_link() {
    let following = Following { accept: 0.35, accept_linked: 0.8, ..Following::default() };
    assert_share(0.35, "no link", |day| accepts_follow(&following, USER, MINOR, false, day, DRAWS));
    assert_share(0.8, "a mutual link", |day| accepts_follow(&following, USER, MINOR, true, day, DRAWS));
    let gained = |day| {
        accepts_follow(&following, USER, MINOR, true, day, DRAWS)
            || !accepts_follow(&following, USER, MINOR, false, day, DRAWS)
    };
    assert!((0..1000).all(gained), "a link never turns an accepted request into a refused one");
}

#[test]
fn profiles_of_liked_creators_are_visited_with_the_probability_set() {
    let following = Following { visit_profile: 0.2, ..Following::default() };
    assert_share(0.2, "visits", |day| visits_profile(&following, USER, SELLER, day, DRAWS));
    let both = |day| {
        visits_profile(&following, USER, SELLER, day, DRAWS) && visits_profile(&following, USER, BUYER, day, DRAWS)
    };
    assert_share(0.04, "visits to two profiles on one day", both);
}

#[test]
fn follows_by_predators_of_minors_and_of_adults_end_at_rates_of_their_own() {
    let people = nine();
    let behavior = Behavior {
        unfollow: 0.01,
        following: Following { unfollow_minor: 0.07, unfollow_predator: 0.02, ..Following::default() },
        ..Behavior::default()
    };
    let table = [
        (CONTACTING, MINOR, 0.07),
        (SELLER, MINOR, 0.07),
        (CONTACTING, PROBE, 0.07),
        (CONTACTING, USER, 0.02),
        (BUYER, CONTACTING, 0.02),
        (USER, MINOR, 0.01),
        (MINOR, CONTACTING, 0.01),
        (USER, OTHER_USER, 0.01),
    ];
    for (from, to, expected) in table {
        assert_eq!(end_chance(&people, &behavior, from, to), expected, "{from:?} follows {to:?}");
    }
}
