//! Conservation: for any settings, every contact, account, report and decision is in exactly one
//! state, and the rows of tables add up to the metrics.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/conserved.rs"]
mod conserved;

use proptest::prelude::*;
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts};
use recsafe_engine::RecordShares;
use recsafe_engine::{DayReport, LifetimeOutput, Scenario, Simulation};
use recsafe_run::scenario;

const DAYS: u32 = 9;

/// Simulates a small world with these additional lines of an experiment file.
fn live(seed: u64, rest: &str) -> LifetimeOutput {
    let text = format!("[experiment]\nname = \"test\"\n{rest}");
    let experiment = Experiment::read(&Input { text, ..known() }).unwrap();
    let record_shares = RecordShares { exposures: 0.0, contacts: 0.2 };
    let mut scenario = Scenario { record_shares, days: DAYS, ..scenario(&experiment, 0, 0) };
    scenario.world.warm_up_days = 3;
    let mut simulation = Simulation::new(&scenario, seed).unwrap();
    assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
    simulation.finish()
}

/// Returns an input with the metrics that `[experiment]` uses by default.
fn known() -> Input {
    let metric = |id: &str, group: &str| {
        let (id, groups) = (id.to_owned(), vec![group.to_owned()]);
        KnownMetric::from(MetricFacts { id, groups, ..MetricFacts::default() })
    };
    Input { metrics: vec![metric("dose", "minor"), metric("engagement", "all")], ..Input::default() }
}

const KINDS: [&str; 13] = [
    "none",
    "hide-minors-from-suggestions",
    "restrict-messages",
    "private-by-default",
    "message-warning",
    "message-rate-limit",
    "classifier",
    "review-capacity",
    "report-button",
    "strikes",
    "network-removal",
    "removal-wave",
    "ban-evasion-detection",
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
        let lifetime_output = live(seed, &format!(
            "[population]\naccounts = 250\nminors = 0.3\npredators = 0.05\n[people]\nranker = {{ kind = \"{}\" }}\n[feed]\ncandidates = 30\n\
             [behavior]\ndisplacement = {displacement}\n[behavior.contact]\nbudget = {budget}\naccept = {accept}\nretry_after_days = {retry}\nlist_retention_days = {forget}\nleave = {leave}\n\
             [[arm]]\nname = \"a\"\n{rule}\n[[probe]]\nscript = \"clicker\"\ncount = 3\n[[probe]]\nscript = \"lingerer\"\ncount = 3\n",
            RANKERS[ranker]
        ));
        prop_assert!(!lifetime_output.contacts().is_empty());
        conserved::check(&lifetime_output, false);
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
        let lifetime_output = live(seed, &format!(
            "[population]\naccounts = 250\nminors = 0.3\npredators = 0.08\n[feed]\ncandidates = 30\n\
             [behavior]\nreport = 0.8\nfalse_reports = 0.02\n[behavior.return]\nprobability = {returns}\ndelay = 2.0\n\
             [enforcement]\nreview_capacity = {capacity}\nreview_base = {base}\nimmediate_removal = {severe}\nreview_expiry = {expiry}\n\
             strikes = {strikes}\nappeal_probability = {appeals}\nappeal_days = 2\nlimited_days = 2\nsuspended_days = 2\nconstant_hazard = {hazard}\n\
             [[arm]]\nname = \"a\"\n{rule}\n[[probe]]\nscript = \"minor-decoy\"\ncount = 2\n"
        ));
        conserved::check(&lifetime_output, false);
    }
}
