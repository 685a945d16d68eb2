//! Conservation: whatever the settings, every contact is in one state, and the rows of tables add up to the metrics.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use recsafe::engine::Rules;
use recsafe::engine::lifetime::{Lived, generate_world, measure, warm_up};
use recsafe::measure::{ContactRow, Kept, Measured, totals};
use recsafe_config::{Experiment, Input};
use recsafe_people::contacts::{Ended, Route, STAGES, Stage};
use recsafe_people::generate::WorldSettings;
use recsafe_people::role::Role;

const DAYS: u32 = 9;

/// Lives through a small world with these further lines of an experiment file.
fn live(seed: u64, rest: &str) -> Lived {
    let text = format!("[experiment]\nname = \"test\"\n{rest}");
    let experiment = Experiment::read(&Input { text, ..known() }).unwrap();
    let settings = &experiment.arms[0].points[0];
    let world = WorldSettings {
        population: &settings.population,
        graph: &settings.graph,
        content: &settings.content,
        behavior: &settings.behavior,
    };
    let kept = Kept { exposures: 0.0, contacts: 0.2 };
    let before = Rules::new(settings, &experiment.before[0]).unwrap();
    let (world, _) = warm_up(generate_world(&world, seed), &before, 3, kept, &mut |_| true).unwrap();
    let rules = Rules::new(settings, settings).unwrap();
    measure(world, &rules, &experiment.probes, DAYS, kept, &mut |_| true).unwrap().unwrap()
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
            Ended::Blocked | Ended::Reported | Ended::Removed => assert!(delivered),
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

const KINDS: [&str; 6] = [
    "none",
    "hide-minors-from-suggestions",
    "restrict-messages",
    "private-by-default",
    "warning",
    "message-rate-limit",
];
const RANKERS: [&str; 5] = ["blend", "mutuals", "similar-audience", "popular", "random"];

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
}
