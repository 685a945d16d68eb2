//! Exchange network and enforcement: differences that result from all mechanisms together.
//! `laws.rs` checks single mechanisms against closed forms.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use polars::prelude::DataFrame;
use support::{Results, Study};

/// A world without any activity except enforcement.
const STILL: &str = "[behavior]\nsessions = 0.0\nfalse_reports = 0.0\n[behavior.contact]\nknown_messages = 0.0\n[content]\nposting_share = 0.0\nexchange_posts = 0.0\n";

fn still(accounts: u32, days: u32, seeds: u32, rest: &str) -> Study {
    Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = {days}\nwarm_up_days = 0\nseeds = {seeds}\n[population]\naccounts = {accounts}\n{rest}"
    ))
}

fn integers(table: &DataFrame, column: &str) -> Vec<Option<i64>> {
    let column = table.column(column).unwrap().cast(&polars::prelude::DataType::Int64).unwrap();
    column.i64().unwrap().iter().collect()
}

fn texts(table: &DataFrame, column: &str) -> Vec<Option<String>> {
    table.column(column).unwrap().str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}

/// Returns the values of a metric by day.
fn daily(results: &Results, arm: &str, seed: u64, metric: &str, group: &str) -> Vec<f64> {
    let table = results.table(arm, seed, "daily");
    let (metrics, groups) = (texts(&table, "metric"), texts(&table, "group"));
    let values = table.column("value").unwrap().f64().unwrap();
    let rows = metrics.iter().zip(&groups).zip(values.iter());
    let wanted = rows.filter(|((m, g), _)| m.as_deref() == Some(metric) && g.as_deref() == Some(group));
    wanted.map(|(_, value)| value.unwrap()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn every_removal_at_the_constant_hazard_has_its_action() {
    let rest = format!(
        "predators = 0.5\n{STILL}[behavior.return]\nprobability = 0.0\n[enforcement]\nconstant_hazard = 0.1\nreview_capacity = 0.0\n"
    );
    let results = still(400, 7, 1, &rest).run("out", &[]);
    let removed = integers(&results.table("as-is", 1, "accounts"), "removed_day");
    let actions = results.table("as-is", 1, "actions");
    let hazards =
        texts(&actions, "source").iter().filter(|source| source.as_deref() == Some("constant-hazard")).count();
    assert!(hazards > 100, "about half of 400 accounts are removed in a week");
    assert_eq!(hazards, removed.iter().flatten().count(), "every removal has its action");
}

#[test]
fn harmful_posts_with_a_half_life_are_taken_down_and_others_stay() {
    let arms = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"half-life\"\nset = { \"enforcement.takedown_half_life\" = 1.0 }\n";
    let results = busy(14, 2, arms);
    let both = |metric: &str| ["as-is", "half-life"].map(|arm| results.mean(arm, 2, metric, "all"));
    let [before, after] = both("prevalence");
    // The fall is small: new posts stay up until the end of the day, and many views are of new
    // posts.
    assert!(after < before, "{before} to {after}");
    let actions = results.table("half-life", 1, "actions");
    let rightly = actions.column("truly_violating").unwrap().bool().unwrap().clone();
    let sources = texts(&actions, "source");
    let by_half_life =
        || sources.iter().zip(rightly.iter()).filter(|(source, _)| source.as_deref() == Some("constant-hazard"));
    assert!(by_half_life().count() > 0 && by_half_life().all(|(_, rightly)| rightly == Some(true)));
}

/// Returns a world with many predators and much enforcement.
fn busy(days: u32, seeds: u32, arms: &str) -> Results {
    Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = {days}\nseeds = {seeds}\n[population]\naccounts = 2000\nminors = 0.2\npredators = 0.03\n\
         [feed]\ncandidates = 60\n[behavior]\nmax_requests = 2\n[behavior.contact]\nbudget = 1.0\n[enforcement]\nreview_capacity = 40.0\nreview_base = -2.5\n{arms}"
    ))
    .run("out", &[])
}

fn rule(name: &str, rule: &str) -> String {
    format!("[[arm]]\nname = \"{name}\"\ninterventions = [{{ {rule} }}]\n")
}

#[test]
fn more_reviewers_shorten_the_wait_and_cost_hours() {
    let oldest = "set = { \"enforcement.review_priority\" = \"oldest\" }\n";
    let arms = format!(
        "[[arm]]\nname = \"as-is\"\n{oldest}[[arm]]\nname = \"more\"\n{oldest}interventions = [{{ kind = \"review-capacity\", capacity_factor = 4.0 }}]\n"
    );
    let results = busy(21, 2, &arms);
    let both = |metric: &str| ["as-is", "more"].map(|arm| results.mean(arm, 2, metric, "all"));
    let [few, many] = both("queue-wait-median");
    assert!(many < few, "{many} days with four times the reviewers, {few} without");
    let [few, many] = both("review-hours");
    assert!(many > 3.0 * few && many < 4.5 * few, "{many} hours against {few}");
    let [few, many] = both("queue-length");
    assert!(many < few);
}

#[test]
fn a_wave_decays_back_as_far_as_return_goes() {
    // No other mechanism removes accounts. The expected share of active accounts after a month is
    // (1 - w) + w (1 - e) r (1 - b) / (1 - b r). The wave removes the share w. With probability e,
    // a removed holder never tries to return. Otherwise, the holder tries to return with
    // probability r. Each attempt is rejected with probability b, and a rejected holder tries again
    // with probability r.
    let wave = "{ kind = \"removal-wave\", day = 2, false_positive_rate = 0.1 }";
    let barrier = "{ kind = \"ban-evasion-detection\", detection = 0.9, false_positive_rate = 0.5 }";
    let still = "set = { \"enforcement.review_capacity\" = 0.0, \"enforcement.appeal_probability\" = 0.0 }\n";
    let arms = format!(
        "[[arm]]\nname = \"as-is\"\n{still}[[arm]]\nname = \"wave\"\n{still}interventions = [{wave}]\n\
         [[arm]]\nname = \"barred\"\n{still}interventions = [{wave}, {barrier}]\n"
    );
    let seeds = 3;
    let results = busy(33, seeds, &format!("[behavior.return]\ndelay = 3.0\n{arms}"));
    let active = |arm: &str, day: usize| {
        let at = |seed| daily(&results, arm, seed, "exchange-active", "exchange")[day];
        mean(&(1..=u64::from(seeds)).map(at).collect::<Vec<_>>())
    };
    let (before, struck, back, barred) =
        (active("wave", 1), active("wave", 2), active("wave", 32), active("barred", 32));
    let accounts = 30.0 * f64::from(seeds);
    let (share, exit, again): (f64, f64, f64) = (0.7, 0.5 * 0.1 + 0.5 * 0.5, 0.7);
    let after = |b: f64| (1.0 - share) + share * (1.0 - exit) * again * (1.0 - b) / (1.0 - b * again);
    for (obtained, expected) in
        [(struck / before, 1.0 - share), (back / before, after(0.0)), (barred / before, after(0.9))]
    {
        let error = (expected * (1.0 - expected) / accounts).sqrt();
        assert!((obtained - expected).abs() < 3.5 * error, "{obtained} +- {error}, {expected} by theory");
    }
    let cost = |arm: &str| results.mean(arm, seeds.into(), "wrongly-restricted", "all");
    assert!(
        cost("wave") > cost("as-is") && cost("barred") > cost("wave"),
        "both interventions restrict ordinary people"
    );
    let share = |arm: &str| results.mean(arm, seeds.into(), "predator-recidivism", "exchange");
    assert!(share("barred") < share("wave"));
}

#[test]
fn a_better_classifier_finds_more_at_the_same_false_alarms() {
    let arms =
        format!("[[arm]]\nname = \"as-is\"\n{}", rule("better", "kind = \"classifier\", content = 1.5, account = 1.5"));
    let results = busy(21, 3, &arms);
    for kind in ["posts", "accounts"] {
        let [before, after] = ["as-is", "better"].map(|arm| results.mean(arm, 3, "action-recall", kind));
        assert!(after > before, "recall of {kind}: {before} to {after}");
    }
    // Thresholds do not change, so accounts and posts without violations are flagged as often as
    // before. The number of mistakes does not grow, and their share falls.
    let [before, after] = ["as-is", "better"].map(|arm| results.mean(arm, 3, "action-precision", "posts"));
    assert!(after >= before, "{before} to {after}");
}

#[test]
fn network_removal_hits_the_exchange_but_not_what_ordinary_accounts_post() {
    let arms = format!(
        "[[arm]]\nname = \"as-is\"\n{}",
        rule("network", "kind = \"network-removal\", per_tie = 0.9, min_score = 0.0")
    );
    let results = busy(28, 3, &arms);
    let both = |metric: &str, group: &str| ["as-is", "network"].map(|arm| results.mean(arm, 3, metric, group));
    let [before, after] = both("exchange-active", "exchange");
    assert!(after < before, "{before} to {after} of the exchange accounts remain");
    let [before, after] = both("exchanges", "predator");
    assert!(after < before, "{before} to {after} exchanges");
    let [before, after] = both("wrongly-restricted", "all");
    assert!(after > before, "some ordinary accounts have ties to removed accounts: {before} to {after}");
    let [before, after] = both("prevalence", "minor");
    assert!(after > 0.5 * before, "most harmful posts come from elsewhere: {before} to {after}");
}

#[test]
fn easier_reporting_and_harsher_strikes_do_what_they_say() {
    let arms = format!(
        "[[arm]]\nname = \"as-is\"\n{}{}",
        rule("button", "kind = \"report-button\", times = 4.0"),
        rule("harsh", "kind = \"strikes\", strikes = 1, immediate_removal = 1.0")
    );
    let results = busy(21, 3, &arms);
    let rate = |arm: &str| results.mean(arm, 3, "report-rate", "all");
    assert!(rate("button") > 2.0 * rate("as-is"), "{} to {}", rate("as-is"), rate("button"));
    let waiting = |arm: &str| results.mean(arm, 3, "queue-length", "all");
    assert!(waiting("button") > waiting("as-is"), "more reports wait for the same reviewers");
    let removed = |arm: &str, group: &str| results.mean(arm, 3, "accounts-removed", group);
    assert!(removed("harsh", "all") > removed("as-is", "all"));
    assert!(removed("harsh", "user") > removed("as-is", "user"), "it hits ordinary accounts as well");
}

#[test]
fn mistaken_reports_outnumber_the_true() {
    let study = Study::new("[experiment]\nname = \"test\"\ndays = 14\nseeds = 4\n[population]\naccounts = 3000\n");
    let share = study.run("out", &[]).mean("as-is", 4, "true-report-share", "all");
    assert!(share > 0.02 && share < 0.5, "{share} of reports are true");
}

#[test]
fn without_predators_there_is_content_harm_and_neither_contact_nor_exchange() {
    let results = Study::small(14, 2, "").run("out", &["--set", "population.predators=0"]);
    let with = Study::small(14, 2, "").run("out", &["--set", "population.predators=0.005"]);
    let prevalence = |results: &Results| results.mean("as-is", 2, "prevalence", "minor");
    assert!(prevalence(&results) > 0.2 * prevalence(&with), "{} and {}", prevalence(&results), prevalence(&with));
    assert_eq!(results.metric("as-is", 1, "exchanges", "predator"), None);
    assert_eq!(results.metric("as-is", 1, "contact-reach", "minor"), Some(0.0));
}

#[test]
fn what_is_remembered_does_not_grow_with_days() {
    // The numbers of open cases, of removed accounts whose holders can return, and of strikes are
    // at most the numbers that are added in a few weeks.
    let results = busy(60, 1, "");
    let waiting = daily(&results, "as-is", 1, "queue-length", "all");
    let (early, late) = (mean(&waiting[10..25]), mean(&waiting[45..60]));
    assert!(late < 1.5 * early + 10.0, "{early} items wait in the third week, {late} in the last");
}
