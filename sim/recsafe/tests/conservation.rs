//! Conservation: whatever the settings, every contact, account, report and decision is in one state, and the rows of tables add up to the metrics.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use recsafe::engine::lifetime::{Lived, generate_world, measure, warm_up};
use recsafe::engine::{DayCounts, Rules};
use recsafe::measure::{Action, ContactRow, Kept, Kind, Measured, totals};
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Standing;
use recsafe_config::{Experiment, Input};
use recsafe_people::contacts::{Ended, Route, STAGES, Stage};
use recsafe_people::role::Role;

const DAYS: u32 = 9;

/// Lives through a small world with these further lines of an experiment file.
fn live(seed: u64, rest: &str) -> Lived {
    let text = format!("[experiment]\nname = \"test\"\n{rest}");
    let experiment = Experiment::read(&Input { text, ..known() }).unwrap();
    let settings = &experiment.arms[0].points[0];
    let world = settings.of_world();
    let kept = Kept { exposures: 0.0, contacts: 0.2 };
    let before = Rules::new(settings, &experiment.before[0]).unwrap();
    let (world, _) =
        warm_up(generate_world(&world, seed), &before, 3, kept, &mut |_: &DayCounts| true).unwrap().unwrap();
    let rules = Rules::new(settings, settings).unwrap();
    measure(world, &rules, &experiment.probes, DAYS, kept, &mut |_: &DayCounts| true).unwrap().unwrap()
}

/// The metrics that the defaults of `[experiment]` name.
fn known() -> Input {
    let metric =
        |id: &str, group: &str| recsafe_config::KnownMetric { id: id.to_owned(), groups: vec![group.to_owned()] };
    Input { metrics: vec![metric("dose", "minor"), metric("engagement", "all")], ..Input::default() }
}

fn numerator(rows: &[Measured], metric: &str, group: &str) -> f64 {
    rows.iter().find(|row| row.metric == metric && row.group == group).map_or(0.0, |row| row.ratio.numerator)
}

/// A contact's days, in the order of the stages.
fn days(row: &ContactRow) -> Vec<Option<i32>> {
    Stage::ALL.iter().map(|&stage| row.contact.day(stage)).collect()
}

fn check_one(row: &ContactRow) {
    let days = days(row);
    assert!(days.iter().any(Option::is_some), "a contact has a stage: {row:?}");
    let requested = Stage::Requested as usize;
    for later in requested + 1..STAGES {
        assert!(days[later].is_none() || days[later - 1].is_some(), "no stage is left out: {row:?}");
    }
    // A minor found by search may be suggested later: only from the first message on are stages in order.
    let reached: Vec<i32> = days.iter().flatten().copied().collect();
    let first_message = days[requested].unwrap_or(i32::MAX);
    assert!(days[..requested].iter().flatten().all(|&day| day <= first_message), "met before written to: {row:?}");
    assert!(days[requested..].iter().flatten().is_sorted(), "no stage comes before an earlier one: {row:?}");
    if let Some((how, end)) = row.contact.ended() {
        assert!(reached.iter().all(|&day| day <= end), "nothing happens after the end: {row:?}");
        let accepted = row.contact.day(Stage::Accepted).is_some();
        let delivered = row.contact.day(Stage::Delivered).is_some();
        match how {
            Ended::Expired => assert!(!row.contact.was_tried()),
            Ended::Undelivered => assert!(row.contact.was_tried() && !delivered),
            Ended::Ignored | Ended::Refused => assert!(delivered && !accepted),
            Ended::Left => assert!(accepted),
            Ended::Blocked | Ended::Reported => assert!(delivered),
            Ended::Removed => {} // at any stage
        }
    } else {
        assert!(accepted_or_untried(row), "what was tried either ended or was accepted: {row:?}");
    }
}

fn accepted_or_untried(row: &ContactRow) -> bool {
    row.contact.day(Stage::Accepted).is_some() || !row.contact.was_tried()
}

fn check_pairs(rows: &[ContactRow]) {
    let mut attempts = BTreeMap::new();
    for row in rows {
        assert_ne!(row.from, row.contact.to);
        let attempt = attempts.entry((row.from, row.contact.to)).or_insert(0);
        *attempt += 1;
        assert_eq!(row.attempt, *attempt, "attempts of a pair count from 1");
    }
}

fn check_sums(lived: &Lived, rows: &[ContactRow]) {
    let people = &lived.world.people;
    let (metrics, last) = (totals(&lived.recorder), DAYS as i32);
    let unwanted: Vec<&ContactRow> = rows
        .iter()
        .filter(|row| people.role[row.from.row()] == Role::Predator && people.role[row.contact.to.row()] == Role::Minor)
        .collect();
    let on_measured_days = |row: &ContactRow, stage| row.contact.day(stage).is_some_and(|day| (0..last).contains(&day));
    for &stage in Stage::ALL {
        let in_rows = unwanted.iter().filter(|row| on_measured_days(row, stage)).count() as f64;
        let metric = numerator(&metrics, &format!("funnel-{}", stage.name()), "minor");
        assert_eq!(metric, 1000.0 * in_rows, "{}", stage.name());
    }
    for &route in Route::ALL {
        let delivered =
            |row: &&&ContactRow| on_measured_days(row, Stage::Delivered) && row.contact.route == Some(route);
        let in_rows = unwanted.iter().filter(delivered).count() as f64;
        assert_eq!(numerator(&metrics, "route-share", route.name()), in_rows, "{}", route.name());
    }
    let of_probes = |of: fn(&recsafe::measure::ProbeSlate) -> u32| {
        lived.recorder.probes.iter().map(|slate| f64::from(of(slate))).sum::<f64>()
    };
    let by_clicks =
        |script: &str| (0..=10).map(|n| numerator(&metrics, "flood", &format!("{script}:clicks-{n}"))).sum::<f64>();
    assert_eq!(by_clicks("curious") + by_clicks("interested"), of_probes(|slate| slate.harmful));
}

const KINDS: [&str; 13] = [
    "none",
    "hide-minors-from-suggestions",
    "restrict-messages",
    "private-by-default",
    "warning",
    "message-rate-limit",
    "classifier",
    "review-capacity",
    "report-button",
    "strikes",
    "network-removal",
    "removal-wave",
    "return-barrier",
];
const RANKERS: [&str; 5] = ["blend", "mutuals", "similar-audience", "popular", "random"];

/// What waits in the queue is what came in and is not over; every report filed comes to one end.
fn check_queue(lived: &Lived) {
    let days = &lived.recorder.enforcement.days;
    for pair in days.windows(2) {
        let (before, queue) = (pair[0].queue.waiting, &pair[1].queue);
        let over = queue.decided + queue.expired + queue.settled;
        assert_eq!(before + queue.arrived, queue.waiting + over, "{queue:?}");
        assert_eq!(queue.waits.values().sum::<u64>(), queue.decided);
        assert!(queue.acted <= queue.resolved && queue.true_acted <= queue.true_resolved);
    }
    let queue = &lived.world.casework.queue;
    assert_eq!(days.last().unwrap().queue.waiting, queue.len() as u64);
}

/// Every account stands in one place, and whatever was done to it on a measured day has its row.
fn check_accounts(lived: &Lived) {
    let (world, record) = (&lived.world, &lived.recorder.enforcement);
    for id in world.people.ids() {
        let standing = world.observed.accounts.standing[id.row()];
        let removed = world.people.removed[id.row()];
        assert_eq!(standing == Standing::Removed, removed.is_some(), "{id:?}");
        let for_a_time = world.casework.ends.contains_key(&id);
        assert_eq!(matches!(standing, Standing::Limited | Standing::Suspended), for_a_time, "{id:?}");
        if let Some(day) = removed {
            let removals = record.actions.iter().filter(|action| {
                (action.target, action.day) == (id, day) && matches!(action.kind, Kind::Removed | Kind::NetworkRemoved)
            });
            assert_eq!(removals.count(), 1, "{id:?} was removed once on day {day}");
        }
        if removed.is_some() {
            let graph = &world.observed.graph;
            assert!(graph.followees(id).is_empty() && graph.followers(id).is_empty() && world.links.of(id).is_empty());
        }
    }
    let returned = |from: AccountId| world.people.returned_from.iter().filter(|&&of| of == Some(from)).count();
    for id in world.people.ids() {
        let back = returned(id);
        assert!(back <= 1 && (back == 0 || world.people.removed[id.row()].is_some()), "one comes back once");
        let waits = world.casework.departures.iter().filter(|departure| departure.account == id).count();
        assert!(back + waits <= 1, "who is back does not come back again");
    }
}

/// Sums of rows of actions are the numbers that metrics are made of.
fn check_actions(lived: &Lived) {
    let (metrics, record) = (totals(&lived.recorder), &lived.recorder.enforcement);
    let of_probe = |id: AccountId| lived.world.probe_rows().contains(&id.row());
    let count = |wanted: fn(&Action) -> bool| {
        let measured = |action: &&Action| action.day >= 0 && !of_probe(action.target);
        record.actions.iter().filter(measured).filter(|action| wanted(action)).count() as f64
    };
    assert_eq!(
        numerator(&metrics, "action-precision", "posts"),
        count(|it| it.kind.is_of_a_post() && it.truly_violating)
    );
    assert_eq!(
        numerator(&metrics, "action-precision", "accounts"),
        count(|it| it.kind.is_a_sanction() && it.truly_violating)
    );
    let removed = count(|it| matches!(it.kind, Kind::Removed | Kind::NetworkRemoved));
    assert_eq!(numerator(&metrics, "accounts-removed", "all"), 300_000.0 * removed);
    assert_eq!(numerator(&metrics, "authority-reports", "all"), count(|it| it.kind == Kind::ReportedToAuthorities));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn contacts_are_conserved_under_any_settings(
        seed in 0_u64..1_000_000,
        (kind, ranker) in (0..KINDS.len(), 0..RANKERS.len()),
        (budget, accept, displacement) in (0.0..20.0, 0.0..1.0, 0.0..=1.0),
        (retry, forget, leave) in (1_u32..12, 1_u32..10, 0.0..0.6),
        (efficacy, coverage) in (0.0..=1.0, 0.0..=1.0),
    ) {
        let rule = if kind == 0 {
            String::new()
        } else {
            format!("interventions = [{{ kind = \"{}\", efficacy = {efficacy}, coverage = {coverage} }}]", KINDS[kind])
        };
        let lived = live(seed, &format!(
            "[population]\naccounts = 250\nminors = 0.3\npredators = 0.05\n[people]\nranker = {{ kind = \"{}\" }}\n[feed]\ncandidates = 30\n\
             [behavior]\ndisplacement = {displacement}\n[behavior.contact]\nbudget = {budget}\naccept = {accept}\nretry = {retry}\nforget = {forget}\nleave = {leave}\n\
             [[arm]]\nname = \"a\"\n{rule}\n[[probe]]\nscript = \"curious\"\ncount = 3\n[[probe]]\nscript = \"interested\"\ncount = 3\n",
            RANKERS[ranker]
        ));
        let rows = lived.contacts();
        prop_assert!(!rows.is_empty());
        rows.iter().for_each(check_one);
        check_pairs(&rows);
        check_sums(&lived, &rows);
    }
    #[test]
    fn accounts_reports_and_decisions_end_in_one_state(
        seed in 0_u64..1_000_000,
        kind in 0..KINDS.len(),
        (capacity, base, severe) in (0.0..2_000.0, -4.0..2.0, 0.0..=1.0),
        (expiry, strikes, appeals) in (0_u32..6, 1_u32..4, 0.0..=1.0),
        (hazard, returns, efficacy) in (0.0..0.05, 0.0..=1.0, 0.0..=1.0),
    ) {
        let rule = if kind == 0 {
            String::new()
        } else {
            let day = if KINDS[kind] == "removal-wave" { ", day = 2" } else { "" };
            format!("interventions = [{{ kind = \"{}\", efficacy = {efficacy}{day} }}]", KINDS[kind])
        };
        let lived = live(seed, &format!(
            "[population]\naccounts = 250\nminors = 0.3\npredators = 0.08\n[feed]\ncandidates = 30\n\
             [behavior]\nreport = 0.8\nreport_mistaken = 0.02\n[behavior.return]\nprobability = {returns}\ndelay = 2.0\n\
             [enforcement]\nreview_capacity = {capacity}\nreview_base = {base}\nsevere_removed = {severe}\nreview_expiry = {expiry}\n\
             strikes = {strikes}\nappeals = {appeals}\nappeal_days = 2\nlimited_days = 2\nsuspended_days = 2\nconstant_hazard = {hazard}\n\
             [[arm]]\nname = \"a\"\n{rule}\n[[probe]]\nscript = \"minor-decoy\"\ncount = 2\n"
        ));
        check_queue(&lived);
        check_accounts(&lived);
        check_actions(&lived);
        lived.contacts().iter().for_each(check_one);
    }
}
