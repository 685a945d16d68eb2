//! Invariants under any settings: every contact, account, report and decision is in exactly one
//! state, and the rows of tables add up to the metrics. Each check panics if it is violated.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_common::ids::AccountId;
use recsafe_common::observed::Standing;
use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::{Action, ContactRow, Kind, Measured, metrics, totals};
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Ended, Route, STAGES, Stage};
use recsafe_people::role::Role;

/// Checks every invariant. `demotes` is true if posts can be demoted as well as taken down. If only
/// a sample of the contacts between ordinary adults is recorded, the sums of contacts with minors
/// are still complete.
pub fn check(lifetime_output: &LifetimeOutput, demotes: bool) {
    check_contacts(lifetime_output);
    check_enforcement(lifetime_output, demotes);
    check_fractions(lifetime_output);
}

/// Checks contacts.
fn check_contacts(lifetime_output: &LifetimeOutput) {
    let rows = lifetime_output.contacts();
    let held = lifetime_output.world.held.values().flatten().copied().collect();
    for row in &rows {
        check_one(row, &held);
    }
    check_pairs(&rows);
    check_sums(lifetime_output, &rows);
}

/// Metrics whose numerator is a sum of measurements or a share, not a count.
const NOT_COUNTED: [&str; 12] = [
    "dose",
    "diversity",
    "novelty",
    "relevance",
    "feed-quality",
    "review-hours",
    "exposure-gini",
    "exposure-top-decile",
    "predator-survival",
    "predator-recidivism",
    "minor-suggestion-ratio",
    "probe-ratio",
];

/// Checks that each value in a table is exactly factor x numerator / denominator, that numerators
/// are counts, and that the factor is the constant of the metric's unit.
fn check_fractions(lifetime_output: &LifetimeOutput) {
    for row in recsafe_run::metrics(lifetime_output) {
        check_fraction(&row.metric, [row.factor, row.numerator, row.denominator], row.value);
    }
    for row in recsafe_run::daily(lifetime_output) {
        check_fraction(&row.metric, [row.factor, row.numerator, row.denominator], row.value);
    }
}

fn check_fraction(metric: &str, [factor, numerator, denominator]: [f64; 3], value: Option<f64>) {
    let expected = (denominator != 0.0).then(|| factor * numerator / denominator);
    assert_eq!(value.map(f64::to_bits), expected.map(f64::to_bits), "{metric}");
    assert_eq!(factor, metrics::find(metric).unwrap().factor, "{metric}");
    let counted = !NOT_COUNTED.contains(&metric);
    assert!(!counted || numerator.fract() == 0.0, "{numerator} is not a count of {metric}");
}

/// Checks the review queue, sanctions, and the rows of actions.
fn check_enforcement(lifetime_output: &LifetimeOutput, demotes: bool) {
    check_queue(lifetime_output);
    check_accounts(lifetime_output);
    check_actions(lifetime_output, demotes);
}

fn numerator(rows: &[Measured], metric: &str, group: &str) -> f64 {
    rows.iter().find(|row| row.metric == metric && row.group == group).map_or(0.0, |row| row.ratio.numerator)
}

/// Returns the days of a contact in the order of the stages.
fn days(row: &ContactRow) -> Vec<Option<i32>> {
    Stage::ALL.iter().map(|&stage| row.contact.day(stage)).collect()
}

/// Checks one contact. `held` contains the pairs of accounts whose first message is delayed.
fn check_one(row: &ContactRow, held: &BTreeSet<(AccountId, AccountId)>) {
    let days = days(row);
    assert!(days.iter().any(Option::is_some), "a contact has a stage: {row:?}");
    let requested = Stage::Requested as usize;
    for later in requested + 1..STAGES {
        assert!(days[later].is_none() || days[later - 1].is_some(), "no stage is skipped: {row:?}");
    }
    // A minor discovered by search can be suggested later, so stages are in order only from the
    // first message on.
    let reached: Vec<i32> = days.iter().flatten().copied().collect();
    let first_message = days[requested].unwrap_or(i32::MAX);
    assert!(
        days[..requested].iter().flatten().all(|&day| day <= first_message),
        "an account is discovered before it gets a message: {row:?}"
    );
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
        let accepted = row.contact.day(Stage::Accepted).is_some();
        let waits = held.contains(&(row.from, row.contact.to));
        assert!(
            accepted || waits || !row.contact.was_tried(),
            "an attempt has ended, was accepted, or is delayed: {row:?}"
        );
    }
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

fn check_sums(lifetime_output: &LifetimeOutput, rows: &[ContactRow]) {
    let people = &lifetime_output.world.people;
    let (metrics, last) = (totals(&lifetime_output.recorder), lifetime_output.recorder.days.len() as i32);
    let unwanted: Vec<&ContactRow> = rows
        .iter()
        .filter(|row| people.role[row.from.row()] == Role::Predator && people.role[row.contact.to.row()] == Role::Minor)
        .collect();
    let on_measured_days = |row: &ContactRow, stage| row.contact.day(stage).is_some_and(|day| (0..last).contains(&day));
    for &stage in Stage::ALL {
        let in_rows = unwanted.iter().filter(|row| on_measured_days(row, stage)).count() as f64;
        let metric = numerator(&metrics, &format!("funnel-{}", stage.name()), "minor");
        assert_eq!(metric, in_rows, "{}", stage.name());
    }
    for &route in Route::ALL {
        let delivered =
            |row: &&&ContactRow| on_measured_days(row, Stage::Delivered) && row.contact.route == Some(route);
        let in_rows = unwanted.iter().filter(delivered).count() as f64;
        assert_eq!(numerator(&metrics, "route-share", route.name()), in_rows, "{}", route.name());
    }
    let of_probes = |of: fn(&recsafe_engine::measure::ProbeSlate) -> u32| {
        lifetime_output.recorder.probes.iter().map(|slate| f64::from(of(slate))).sum::<f64>()
    };
    let by_clicks = |script: &str| {
        (0..=10).map(|n| numerator(&metrics, "late-harmful-share", &format!("{script}:clicks-{n}"))).sum::<f64>()
    };
    let scripts = Script::ALL.iter().map(|script| by_clicks(script.name()));
    assert_eq!(
        scripts.sum::<f64>(),
        of_probes(|slate| slate.harmful),
        "each slate of a probe is in one group by clicks"
    );
}

/// Checks that the queue contains the arrived cases that are not finished, and that every report
/// has one outcome.
fn check_queue(lifetime_output: &LifetimeOutput) {
    let days = &lifetime_output.recorder.enforcement.days;
    for pair in days.windows(2) {
        let (before, queue) = (pair[0].queue.waiting, &pair[1].queue);
        let over = queue.decided + queue.expired + queue.settled;
        assert_eq!(before + queue.arrived, queue.waiting + over, "{queue:?}");
        assert_eq!(queue.waits.values().sum::<u64>(), queue.decided);
        assert!(queue.acted <= queue.resolved && queue.true_acted <= queue.true_resolved);
    }
    let queue = &lifetime_output.world.enforcement_state.queue;
    assert_eq!(days.last().unwrap().queue.waiting, queue.len() as u64);
}

/// Checks that every account has one status, and that every sanction on a measured day has its row.
fn check_accounts(lifetime_output: &LifetimeOutput) {
    let (world, record) = (&lifetime_output.world, &lifetime_output.recorder.enforcement);
    for id in world.people.ids() {
        let standing = world.observed.accounts.standing[id.row()];
        let removed = world.people.removed[id.row()];
        assert_eq!(standing == Standing::Removed, removed.is_some(), "{id:?}");
        let for_a_time = world.enforcement_state.ends.contains_key(&id);
        assert_eq!(matches!(standing, Standing::Limited | Standing::Suspended), for_a_time, "{id:?}");
        if let Some(day) = removed {
            let removals = record.actions.iter().filter(|action| {
                (action.target, action.day) == (id, day) && matches!(action.kind, Kind::Removed | Kind::NetworkRemoved)
            });
            assert_eq!(removals.count(), 1, "{id:?} was removed once on day {day}");
        }
        if removed.is_some() {
            let graph = &world.observed.graph;
            assert!(
                graph.followees(id).is_empty()
                    && graph.followers(id).is_empty()
                    && world.exchange_network.of(id).is_empty()
            );
        }
    }
    let returned = |from: AccountId| world.people.returned_from.iter().filter(|&&of| of == Some(from)).count();
    for id in world.people.ids() {
        let back = returned(id);
        assert!(
            back <= 1 && (back == 0 || world.people.removed[id.row()].is_some()),
            "an account returns at most once"
        );
        let waits = world.enforcement_state.removed_accounts.iter().filter(|departure| departure.account == id).count();
        assert!(back + waits <= 1, "an account that is back does not return again");
    }
}

/// Checks that sums over the rows of actions equal the numerators of metrics.
fn check_actions(lifetime_output: &LifetimeOutput, demotes: bool) {
    let (metrics, record) = (totals(&lifetime_output.recorder), &lifetime_output.recorder.enforcement);
    if metrics.iter().all(|row| row.metric != "action-precision") {
        return; // no account existed when day 0 began: metrics omit empty groups
    }
    let of_probe = |id: AccountId| lifetime_output.world.probe_rows().contains(&id.row());
    let count = |wanted: fn(&Action) -> bool| {
        let measured = |action: &&Action| action.day >= 0 && !of_probe(action.target);
        record.actions.iter().filter(measured).filter(|action| wanted(action)).count() as f64
    };
    // A post can be demoted first, perhaps before day 0, and taken down later. The metric counts
    // such a post once, but the post has two rows.
    let rightly = numerator(&metrics, "action-precision", "posts");
    let rows = count(|it| it.kind.is_of_a_post() && it.truly_violating);
    let second = if demotes { count(|it| it.kind == Kind::PostRemoved && it.truly_violating) } else { 0.0 };
    assert!((rows - second..=rows).contains(&rightly), "{rightly} posts acted on in {rows} rows");
    assert_eq!(
        numerator(&metrics, "action-precision", "accounts"),
        count(|it| it.kind.is_a_sanction() && it.truly_violating)
    );
    let removed = count(|it| matches!(it.kind, Kind::Removed | Kind::NetworkRemoved));
    assert_eq!(numerator(&metrics, "accounts-removed", "all"), removed);
    assert_eq!(numerator(&metrics, "authority-reports", "all"), count(|it| it.kind == Kind::ReportedToAuthorities));
}
