//! Compares contact with the probabilities in the settings. The tests allow differences of up to
//! four standard errors.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::ids::AccountId;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::topics::TopicMap;
use recsafe_people::behavior::contact::{
    ConversationState, Request, Turn, accept_chance, answer, attempts_today, looks_today, messages_to_strangers,
    target_priority, turn, writes_to_known,
};
use recsafe_people::contacts::Ended;
use recsafe_people::people::{People, Person};
use recsafe_people::role::{Intents, Role};
use recsafe_people::settings::Contact;

const DRAWS: Draws = Draws::new(31);
const CONTACTING: Intents = Intents { contacting: true, ..Intents::NONE };

/// An account with one session per day and average readiness to report. The account accepts
/// messages from everyone.
fn person(role: Role, band: AgeBand) -> Person {
    let map = TopicMap::new(&[0.53]);
    Person { role, band, declared_age: band, report_propensity: 1.0, ..Person::probe(1.0, 0.0, map.centre(0), &map) }
}

fn people(persons: &[Person]) -> People {
    let mut people = People::new();
    for person in persons {
        people.add(person);
    }
    people
}

const PREDATOR: AccountId = AccountId(0);
const USER: AccountId = AccountId(1);
const OTHER_USER: AccountId = AccountId(2);
const MINOR: AccountId = AccountId(3);
const PROBE: AccountId = AccountId(4);

/// A contacting predator, two users, a minor aged 13 to 15, and a probe of the same age.
fn five() -> People {
    people(&[
        Person { intents: CONTACTING, ..person(Role::Predator, AgeBand::Adult) },
        person(Role::User, AgeBand::Adult),
        person(Role::User, AgeBand::Adult),
        person(Role::Minor, AgeBand::From13),
        person(Role::Probe, AgeBand::From13),
    ])
}

/// Fails unless `found` is within four standard errors of `expected`. `found` is the mean of
/// `count` numbers with this variance.
fn assert_mean(found: f64, expected: f64, variance: f64, count: i32, what: &str) {
    let error = (variance / f64::from(count)).sqrt();
    assert!((found - expected).abs() <= 4.0 * error, "{what}: {found}, not {expected} (standard error {error})");
}

/// Fails unless `happened` / `count` is within four standard errors of `probability`.
fn assert_share(happened: usize, count: i32, probability: f64, what: &str) {
    assert_mean(happened as f64 / f64::from(count), probability, probability * (1.0 - probability), count, what);
}

fn mean(days: i32, number: impl Fn(i32) -> u32) -> f64 {
    (0..days).map(|day| f64::from(number(day))).sum::<f64>() / f64::from(days)
}

#[test]
fn attempts_are_the_budget_times_activity_saturating_with_the_list() {
    let days = 20_000;
    for activity in [0.5_f32, 2.0] {
        let people = people(&[Person { activity, intents: CONTACTING, ..person(Role::Predator, AgeBand::Adult) }]);
        for (budget, half) in [(5.0, 40.0), (2.0, 1.0)] {
            let contact = Contact { budget, half_saturation: half, ..Contact::default() };
            for listed in [1, 10, 40, 400] {
                let found = mean(days, |day| attempts_today(&people, &contact, PREDATOR, listed, day, DRAWS));
                let expected = budget * f64::from(activity) * listed as f64 / (listed as f64 + half);
                assert_mean(found, expected, expected, days, &format!("{listed} listed, budget {budget}"));
            }
            assert_eq!(mean(1000, |day| attempts_today(&people, &contact, PREDATOR, 0, day, DRAWS)), 0.0);
        }
    }
}

#[test]
fn only_contacting_predators_look_for_minors_and_as_often_as_set() {
    let (people, contact, days) =
        (five(), Contact { target_searches: 1.2, follower_list_visits: 0.4, ..Contact::default() }, 20_000);
    let looks = |account, day| looks_today(&people, &contact, account, day, DRAWS);
    assert_mean(mean(days, |day| looks(PREDATOR, day).0), 1.2, 1.2, days, "searches");
    assert_mean(mean(days, |day| looks(PREDATOR, day).1), 0.4, 0.4, days, "lists");
    for account in [USER, OTHER_USER, MINOR, PROBE] {
        assert!((0..1000).all(|day| looks(account, day) == (0, 0)));
    }
}

#[test]
fn who_is_tried_first_goes_by_weights_for_being_reachable_and_of_the_middle_band() {
    let minor = |band, messages| Person { messages, ..person(Role::Minor, band) };
    let people = people(&[
        Person { intents: CONTACTING, ..person(Role::Predator, AgeBand::Adult) },
        minor(AgeBand::From13, MessagesFrom::Everyone),
        minor(AgeBand::From16, MessagesFrom::Everyone),
        minor(AgeBand::Under13, MessagesFrom::Everyone),
        minor(AgeBand::From13, MessagesFrom::Followers),
        minor(AgeBand::From13, MessagesFrom::Mutuals),
        minor(AgeBand::Under13, MessagesFrom::Followers),
        minor(AgeBand::From16, MessagesFrom::Mutuals),
    ]);
    let contact = Contact { reachable_preference: 3.0, age_13_15_preference: 2.0, ..Contact::default() };
    let weights = [6.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0];
    let (mut firsts, days) = ([0_usize; 7], 40_000);
    for day in 0..days {
        let when = |id: u32| target_priority(&people, &contact, PREDATOR, AccountId(id), day, DRAWS);
        let first = (1..8).min_by(|&a, &b| when(a).total_cmp(&when(b))).unwrap();
        firsts[first as usize - 1] += 1;
    }
    for (id, (&count, weight)) in firsts.iter().zip(weights).enumerate() {
        assert_share(count, days, weight / 18.0, &format!("minor {}", id + 1));
    }
    assert_share(firsts[..3].iter().sum(), days, 12.0 / 18.0, "reachable minors");
}

#[test]
fn strangers_are_accepted_with_the_product_of_its_factors() {
    let people = people(&[
        person(Role::User, AgeBand::Adult),
        person(Role::Minor, AgeBand::Under13),
        person(Role::Minor, AgeBand::From13),
        person(Role::Minor, AgeBand::From16),
    ]);
    let contact = Contact {
        accept: 0.1,
        accept_linked: 3.0,
        accept_bands: vec![1.2, 1.1, 0.8],
        accept_known: 0.55,
        ..Contact::default()
    };
    let chance = |to, known, linked, lever| {
        let request = Request { from: AccountId(0), to: AccountId(to), known, linked, lever, eager: 1.0 };
        accept_chance(&people, &contact, &request)
    };
    for (to, by_band) in [(0, 1.0), (1, 1.2), (2, 1.1), (3, 0.8)] {
        for (linked, by_link) in [(false, 1.0), (true, 3.0)] {
            for lever in [1.0, 0.6, 0.0] {
                let expected = 0.1 * by_band * by_link * lever;
                let found = chance(to, false, linked, lever);
                assert!((found - expected).abs() < 1e-12, "{to}, {linked}, {lever}: {found}, not {expected}");
                assert_eq!(chance(to, true, linked, lever), 0.55, "known accounts are answered at any age");
            }
        }
    }
    assert_eq!(chance(1, false, true, 50.0), 1.0, "a probability is at most 1");
}

/// Returns five numbers of days: days on which a request was accepted, reported, blocked, refused
/// and ignored.
fn answers(people: &People, contact: &Contact, request: &Request, days: i32) -> [usize; 5] {
    let mut counts = [0; 5];
    for day in 0..days {
        let index = match answer(people, contact, request, day, DRAWS) {
            Ok(()) => 0,
            Err(Ended::Reported) => 1,
            Err(Ended::Blocked) => 2,
            Err(Ended::Refused) => 3,
            Err(Ended::Ignored) => 4,
            Err(other) => panic!("{other:?} is not an answer"),
        };
        counts[index] += 1;
    }
    counts
}

fn stranger(from: AccountId, to: AccountId) -> Request {
    Request { from, to, known: false, linked: false, lever: 1.0, eager: 1.0 }
}

/// Settings with clearly different shares of answers.
fn clear_shares() -> Contact {
    let accept_bands = vec![1.0; 3];
    Contact {
        accept: 0.3,
        accept_bands,
        refuse: 0.25,
        block: 0.15,
        report: 0.1,
        report_ordinary: 0.02,
        ..Contact::default()
    }
}

#[test]
fn requests_are_accepted_reported_blocked_refused_and_ignored_in_the_shares_set() {
    let (mut people, contact, days) = (five(), clear_shares(), 50_000);
    people.report_propensity[MINOR.row()] = 2.0;
    // A minor reports a predator's request with probability `report` times readiness. Any other
    // request is reported with probability `report_ordinary` times readiness.
    let cases = [(PREDATOR, MINOR, 0.2), (PREDATOR, USER, 0.02), (USER, MINOR, 0.04), (USER, OTHER_USER, 0.02)];
    for (from, to, report) in cases {
        let not = 0.7 * (1.0 - report); // neither accepted nor reported
        let expected = [0.3, 0.7 * report, not * 0.15, not * 0.25, not * 0.6];
        let found = answers(&people, &contact, &stranger(from, to), days);
        for (count, share) in found.into_iter().zip(expected) {
            assert_share(count, days, share, &format!("{from:?} to {to:?}: {found:?}"));
        }
    }
}

#[test]
fn somebody_known_is_accepted_or_ignored_and_never_blocked_or_reported() {
    let (people, days) = (five(), 20_000);
    let contact = Contact { accept_known: 0.6, report: 1.0, report_ordinary: 1.0, ..Contact::default() };
    for (from, to) in [(PREDATOR, MINOR), (USER, OTHER_USER)] {
        let request = Request { known: true, ..stranger(from, to) };
        let [accepted, reported, blocked, refused, ignored] = answers(&people, &contact, &request, days);
        assert_share(accepted, days, 0.6, "accepted");
        assert_eq!((reported, blocked, refused, accepted + ignored), (0, 0, 0, days as usize));
    }
}

#[test]
fn a_probe_never_answers_and_never_writes() {
    let people = five();
    let contact = Contact { accept: 1.0, accept_known: 1.0, stranger_messages: 50.0, ..clear_shares() };
    for known in [false, true] {
        for from in [PREDATOR, USER, MINOR] {
            let request = Request { known, linked: true, ..stranger(from, PROBE) };
            assert_eq!(answers(&people, &contact, &request, 500), [0, 0, 0, 0, 500]);
        }
    }
    assert_eq!(answers(&people, &contact, &stranger(USER, MINOR), 500)[0], 500, "every other account answers");
    assert!((0..500).all(|day| messages_to_strangers(&people, &contact, PROBE, day, DRAWS) == 0));
}

#[test]
fn all_but_contacting_predators_and_probes_write_to_strangers_as_often_as_set() {
    let seller = Intents { seller: true, ..Intents::NONE };
    let people = people(&[
        Person { activity: 2.0, ..person(Role::User, AgeBand::Adult) },
        person(Role::Minor, AgeBand::From16),
        Person { intents: seller, ..person(Role::Predator, AgeBand::Adult) },
        Person { intents: CONTACTING, ..person(Role::Predator, AgeBand::Adult) },
    ]);
    let (contact, days) = (Contact { stranger_messages: 0.3, ..Contact::default() }, 20_000);
    for (id, expected) in [(0, 0.6), (1, 0.3), (2, 0.3), (3, 0.0)] {
        let found = mean(days, |day| messages_to_strangers(&people, &contact, AccountId(id), day, DRAWS));
        assert_mean(found, expected, expected, days, &format!("account {id}"));
    }
}

#[test]
fn those_who_know_each_other_write_with_the_probability_set() {
    let (contact, days) = (Contact { known_messages: 0.1, ..Contact::default() }, 20_000);
    let written =
        |from, to| (0..days).filter(|&day| writes_to_known(&contact, from, to, day, DRAWS)).collect::<Vec<i32>>();
    let (there, back) = (written(USER, OTHER_USER), written(OTHER_USER, USER));
    assert_share(there.len(), days, 0.1, "one direction");
    let both = there.iter().filter(|day| back.contains(day)).count();
    assert_share(both, days, 0.01, "the two directions are drawn independently");
}

fn come((conversing, escalated): (bool, bool)) -> ConversationState {
    ConversationState { conversing, escalated, report_factor: 1.0 }
}

/// Fails unless the shares of days are as expected. In `expected`, each share belongs to one event:
/// the contact advances, or one side leaves, blocks or reports.
fn assert_turns(pair: (AccountId, AccountId), so_far: (bool, bool), contact: &Contact, expected: [f64; 4]) {
    let (people, days) = (five(), 50_000);
    let turns: Vec<Turn> = (0..days).map(|day| turn(&people, contact, pair, come(so_far), day, DRAWS)).collect();
    let kinds = [Turn::Advances, Turn::Ends(Ended::Left), Turn::Ends(Ended::Blocked), Turn::Ends(Ended::Reported)];
    let mut others = turns.len();
    for (kind, share) in kinds.into_iter().zip(expected) {
        let count = turns.iter().filter(|&&turn| turn == kind).count();
        others -= count;
        assert_share(count, days, share, &format!("{kind:?} of {pair:?}, so far {so_far:?}"));
    }
    assert_eq!(
        turns.iter().filter(|&&turn| turn == Turn::Stays).count(),
        others,
        "all other contacts stay in their stage"
    );
}

fn clear_turns() -> Contact {
    Contact {
        converse: 0.5,
        escalate: 0.2,
        leave: 0.15,
        block_conversing: 0.1,
        report: 0.3,
        report_ordinary: 0.3,
        ..Contact::default()
    }
}

#[test]
fn an_ordinary_contact_is_left_or_turns_into_a_conversation_and_goes_no_further() {
    let contact = clear_turns();
    for pair in [(USER, OTHER_USER), (USER, MINOR), (MINOR, USER), (PREDATOR, USER)] {
        assert_turns(pair, (false, false), &contact, [0.85 * 0.5, 0.15, 0.0, 0.0]);
        assert_turns(pair, (true, false), &contact, [0.0, 0.15, 0.0, 0.0]);
    }
}

#[test]
fn a_predators_contact_with_a_minor_may_escalate_once_or_be_blocked_or_reported() {
    let contact = clear_turns();
    let pair = (PREDATOR, MINOR);
    let (left, blocked, reported) = (0.9 * 0.15, 0.1 * 0.7, 0.1 * 0.3);
    assert_turns(pair, (false, false), &contact, [0.9 * 0.85 * 0.5, left, blocked, reported]);
    assert_turns(pair, (true, false), &contact, [0.9 * 0.85 * 0.2, left, blocked, reported]);
    assert_turns(pair, (true, true), &contact, [0.0, left, blocked, reported]);
}

/// Returns the mean length of a spell in days. Each spell ends on the day on which `over` is true,
/// and the next spell starts on the next day.
fn mean_days(spells: i32, over: impl Fn(i32) -> bool) -> f64 {
    let mut day = 0;
    for _ in 0..spells {
        while !over(day) {
            day += 1;
        }
        day += 1;
    }
    f64::from(day) / f64::from(spells)
}

#[test]
fn days_to_leaving_conversing_and_escalating_are_geometric() {
    let (people, spells) = (five(), 10_000);
    let patient = Contact { leave: 0.0, block_conversing: 0.0, ..Contact::default() };
    let (hasty, patient) = (&Contact { leave: 0.15, ..Contact::default() }, &patient);
    let leaves =
        |day| turn(&people, hasty, (USER, OTHER_USER), come((true, false)), day, DRAWS) == Turn::Ends(Ended::Left);
    let converses = |day| turn(&people, patient, (USER, MINOR), come((false, false)), day, DRAWS) == Turn::Advances;
    let escalates = |day| turn(&people, patient, (PREDATOR, MINOR), come((true, false)), day, DRAWS) == Turn::Advances;
    let cases: [(&str, f64, f64); 3] = [
        ("leaving", hasty.leave, mean_days(spells, leaves)),
        ("conversing", patient.converse, mean_days(spells, converses)),
        ("escalating", patient.escalate, mean_days(spells, escalates)),
    ];
    for (what, hazard, found) in cases {
        assert_mean(found, 1.0 / hazard, (1.0 - hazard) / (hazard * hazard), spells, what);
    }
}
