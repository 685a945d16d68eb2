//! Tests of interventions on messages and privacy, for every kind of sender and recipient.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool};
use recsafe_platform::interventions::{Deployed, Message, Policy};
use serde_json::{Value, json};

const DRAWS: Draws = Draws::new(21);

/// Returns a platform of accounts with these declared age bands, without follows.
fn platform(declared_age: &[AgeBand]) -> Observed {
    let accounts = declared_age.len();
    let columns = ObservedAccounts::stating(declared_age);
    Observed {
        day: 0,
        accounts: columns,
        posts: PostPool::default(),
        graph: FollowGraph::new(accounts),
        blocks: Blocks::default(),
    }
}

fn policy(rules: &[Value]) -> Policy {
    let deployed = |rule: &Value| Deployed::new(&serde_json::from_value(rule.clone()).unwrap()).unwrap();
    Policy::new(rules.iter().map(deployed).collect())
}

/// Relation between the sender and the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Stranger,
    /// Only the sender follows the recipient.
    Follower,
    /// Only the recipient follows the sender.
    Followed,
    Mutual,
}

use Relation::{Followed, Follower, Mutual, Stranger};

const RELATIONS: [Relation; 4] = [Stranger, Follower, Followed, Mutual];
const MESSAGE: Message = Message { from: AccountId(0), to: AccountId(1) };

/// Returns a platform with two accounts. Account 0 is the sender, and account 1 is the recipient.
fn two(relation: Relation, sender: AgeBand, recipient: AgeBand) -> Observed {
    let mut observed = platform(&[sender, recipient]);
    if matches!(relation, Follower | Mutual) {
        observed.graph.follow(MESSAGE.from, MESSAGE.to);
    }
    if matches!(relation, Followed | Mutual) {
        observed.graph.follow(MESSAGE.to, MESSAGE.from);
    }
    observed
}

/// Returns every combination of relation, sender's band and recipient's band. Each combination
/// comes with its platform.
fn every_case() -> impl Iterator<Item = (Relation, AgeBand, AgeBand, Observed)> {
    let bands = || AgeBand::ALL.iter().copied();
    RELATIONS.into_iter().flat_map(move |relation| {
        bands().flat_map(move |sender| {
            bands().map(move |recipient| (relation, sender, recipient, two(relation, sender, recipient)))
        })
    })
}

#[test]
fn who_may_write_to_a_minor_is_as_the_rule_says() {
    // Columns: the value of the knob `allowed_senders`, the relations in which a declared adult is
    // allowed to write, and the relations in which a declared minor is allowed to write.
    let table: [(&str, &[Relation], &[Relation]); 3] = [
        ("mutuals", &[Mutual], &[Mutual]),
        ("followed", &[Followed, Mutual], &[Followed, Mutual]),
        ("peers-and-followed", &[Followed, Mutual], &RELATIONS),
    ];
    for (who, adults, minors) in table {
        let policy = policy(&[json!({ "kind": "restrict-messages", "allowed_senders": who })]);
        for (relation, sender, recipient, observed) in every_case() {
            let may = if sender == AgeBand::Adult { adults } else { minors };
            let stops = recipient != AgeBand::Adult && !may.contains(&relation);
            let found = policy.stops(&MESSAGE, &observed, DRAWS);
            assert_eq!(found, stops, "{who}: {relation:?}, {sender:?} to {recipient:?}");
        }
    }
}

#[test]
fn messages_are_restricted_to_the_bands_named_and_by_default_to_mutual_follows_alone() {
    let only_middle = policy(&[json!({ "kind": "restrict-messages", "bands": ["13-15"] })]);
    for (relation, sender, recipient, observed) in every_case() {
        let stops = recipient == AgeBand::From13 && relation != Mutual;
        assert_eq!(only_middle.stops(&MESSAGE, &observed, DRAWS), stops, "{relation:?}, {sender:?} to {recipient:?}");
    }
}

#[test]
fn a_warning_lowers_the_acceptance_of_adults_whom_the_minor_does_not_follow() {
    let plain = policy(&[json!({ "kind": "message-warning" })]);
    let narrow = policy(&[json!({ "kind": "message-warning", "acceptance": 0.25, "bands": ["16-17", "18+"] })]);
    let both = policy(&[
        json!({ "kind": "message-warning", "name": "one", "acceptance": 0.5 }),
        json!({ "kind": "message-warning", "name": "two", "acceptance": 0.2 }),
    ]);
    for (relation, sender, recipient, observed) in every_case() {
        let unknown_adult = sender == AgeBand::Adult && matches!(relation, Stranger | Follower);
        let minor = recipient != AgeBand::Adult;
        let factor = |policy: &Policy| policy.acceptance(&MESSAGE, &observed, DRAWS);
        let case = format!("{relation:?}, {sender:?} to {recipient:?}");
        assert_eq!(factor(&plain), if unknown_adult && minor { 0.6 } else { 1.0 }, "{case}");
        let named = matches!(recipient, AgeBand::From16 | AgeBand::Adult);
        assert_eq!(factor(&narrow), if unknown_adult && named { 0.25 } else { 1.0 }, "{case}");
        assert_eq!(factor(&both), if unknown_adult && minor { 0.1 } else { 1.0 }, "{case}: factors multiply");
        assert!(!plain.stops(&MESSAGE, &observed, DRAWS), "a warning stops nothing");
    }
}

#[test]
fn the_lowest_message_limit_holds_for_those_whom_it_is_meant_for() {
    let observed = platform(AgeBand::ALL);
    let limits = |rules: &[Value]| {
        let policy = policy(rules);
        (0..4).map(|id| policy.messages_a_day(AccountId(id), &observed, DRAWS)).collect::<Vec<_>>()
    };
    assert_eq!(limits(&[]), [None; 4]);
    assert_eq!(limits(&[json!({ "kind": "message-warning" }), json!({ "kind": "restrict-messages" })]), [None; 4]);
    assert_eq!(limits(&[json!({ "kind": "message-rate-limit" })]), [Some(1); 4]);
    assert_eq!(limits(&[json!({ "kind": "message-rate-limit", "max_per_day": 0 })]), [Some(0); 4]);
    let (adults, all) = (
        json!({ "kind": "message-rate-limit", "name": "adults", "max_per_day": 2, "audience": "adults" }),
        json!({ "kind": "message-rate-limit", "name": "all", "max_per_day": 7 }),
    );
    for rules in [[adults.clone(), all.clone()], [all, adults]] {
        assert_eq!(limits(&rules), [Some(7), Some(7), Some(7), Some(2)]);
    }
}

#[test]
fn bands_named_are_private_by_default_and_no_other() {
    let observed = platform(AgeBand::ALL);
    let private = |rules: &[Value]| {
        let policy = policy(rules);
        (0..4)
            .map(|id| policy.makes_private(observed.accounts.band[id as usize], AccountId(id), &observed, DRAWS))
            .collect::<Vec<_>>()
    };
    assert_eq!(private(&[]), [false; 4]);
    assert_eq!(private(&[json!({ "kind": "private-by-default" })]), [true, true, true, false]);
    assert_eq!(private(&[json!({ "kind": "private-by-default", "bands": ["18+"] })]), [false, false, false, true]);
    assert_eq!(private(&[json!({ "kind": "private-by-default", "audience": "under-16" })]), [true, true, false, false]);
}

/// Returns a platform of adults 0 to 1999 and minors 2000 to 3999, without follows.
fn many() -> Observed {
    let declared_age: Vec<AgeBand> =
        (0..4000).map(|id| if id < 2000 { AgeBand::Adult } else { AgeBand::From13 }).collect();
    platform(&declared_age)
}

const ADULTS: std::ops::Range<u32> = 0..2000;
const MINORS: std::ops::Range<u32> = 2000..4000;

/// Returns the ids of the accounts on which the intervention acts. Each adult writes to one minor:
/// the n-th adult to the n-th minor.
fn acted_on(kind: &str, knobs: Value, observed: &Observed) -> Vec<u32> {
    let mut rule = knobs;
    rule["kind"] = kind.into();
    let policy = policy(&[rule]);
    let message = |to: u32| Message { from: AccountId(to - 2000), to: AccountId(to) };
    let acts = |id: u32| match kind {
        "restrict-messages" => policy.stops(&message(id), observed, DRAWS),
        "message-warning" => policy.acceptance(&message(id), observed, DRAWS) < 1.0,
        "message-rate-limit" => policy.messages_a_day(AccountId(id), observed, DRAWS).is_some(),
        _ => policy.makes_private(observed.accounts.band[id as usize], AccountId(id), observed, DRAWS),
    };
    if kind == "message-rate-limit" {
        ADULTS.filter(|&id| acts(id)).collect()
    } else {
        MINORS.filter(|&id| acts(id)).collect()
    }
}

const KINDS: [&str; 4] = ["restrict-messages", "message-warning", "message-rate-limit", "private-by-default"];

/// Panics unless `count` divided by 2000 is within four standard errors of `share`.
fn assert_share(count: usize, share: f64, what: &str) {
    let error = (share * (1.0 - share) / 2000.0).sqrt();
    let found = count as f64 / 2000.0;
    assert!((found - share).abs() <= 4.0 * error, "{what}: {found}, not {share}");
}

#[test]
fn coverage_0_never_acts_and_whom_a_lower_coverage_reaches_a_higher_one_reaches_too() {
    let mut observed = many();
    for kind in KINDS {
        for day in [0, 1, 500] {
            observed.day = day;
            let at = |coverage| acted_on(kind, json!({ "coverage": coverage }), &observed);
            let (few, many) = (at(0.3), at(0.7));
            assert!(few.iter().all(|id| many.binary_search(id).is_ok()), "{kind}: reach is nested");
            assert_share(few.len(), 0.3, kind);
            assert_share(many.len(), 0.7, kind);
            assert_eq!((at(0.0).len(), at(1.0).len()), (0, 2000), "{kind}");
        }
    }
}

#[test]
fn whom_coverage_reaches_stays_the_same_from_day_to_day() {
    let mut observed = many();
    for kind in KINDS {
        let mut on = |day: Day| {
            observed.day = day;
            acted_on(kind, json!({ "coverage": 0.4 }), &observed)
        };
        assert_eq!(on(0), on(77), "{kind}");
    }
}

#[test]
fn no_rule_acts_before_its_first_day_or_after_its_last() {
    let mut observed = many();
    for kind in KINDS {
        for (day, expected) in [(-1, 0), (4, 0), (5, 2000), (8, 2000), (9, 0)] {
            observed.day = day;
            let found = acted_on(kind, json!({ "start_day": 5, "end_day": 9 }), &observed);
            assert_eq!(found.len(), expected, "{kind} on day {day}");
        }
    }
}

#[test]
fn efficacy_is_the_share_of_uses_that_work_day_by_day_and_for_private_accounts_for_good() {
    let mut observed = many();
    for kind in KINDS {
        let mut on = |day: Day| {
            observed.day = day;
            acted_on(kind, json!({ "efficacy": 0.6 }), &observed)
        };
        let (first, again, later) = (on(0), on(0), on(1));
        assert_share(first.len(), 0.6, kind);
        assert_share(later.len(), 0.6, kind);
        assert_eq!(first, again, "{kind}: the same use has the same draw");
        let on_both = first.iter().filter(|id| later.binary_search(id).is_ok()).count();
        if kind == "private-by-default" {
            assert_eq!(first, later, "a holder who turned the default off leaves it off");
        } else {
            assert_share(on_both, 0.36, kind);
        }
        assert_eq!(acted_on(kind, json!({ "efficacy": 0.0 }), &observed).len(), 0, "{kind}");
    }
}

#[test]
fn efficacy_for_messages_is_one_draw_a_sender_and_recipient() {
    let observed = many();
    for kind in ["restrict-messages", "message-warning"] {
        let policy = policy(&[json!({ "kind": kind, "efficacy": 0.5 })]);
        let works = |from: u32, to: u32| {
            let message = Message { from: AccountId(from), to: AccountId(to) };
            policy.stops(&message, &observed, DRAWS) || policy.acceptance(&message, &observed, DRAWS) < 1.0
        };
        assert_share(ADULTS.filter(|&from| works(from, 2000)).count(), 0.5, "one recipient");
        assert_share(MINORS.filter(|&to| works(0, to)).count(), 0.5, "one sender");
        let both = ADULTS.filter(|&from| works(from, 2000) && works(from, 2001)).count();
        assert_share(both, 0.25, "the draws of two recipients are independent");
    }
}
