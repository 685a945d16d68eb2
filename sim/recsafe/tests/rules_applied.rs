//! Activity of interventions: the number of days on which each intervention affected an account.
//! The number is 0 for an intervention that cannot have an effect.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_config::{Experiment, Input};
use recsafe_engine::RecordShares;
use recsafe_engine::measure::metrics;
use recsafe_engine::{DayReport, Scenario, Simulation};
use recsafe_run::scenario;

const KEPT: RecordShares = RecordShares { exposures: 0.0, contacts: 1.0 };
const DAYS: u32 = 6;

fn experiment(rules: &str) -> Experiment {
    let text = format!(
        "[experiment]\nname = \"test\"\ndays = {DAYS}\nwarm_up_days = 2\n[population]\naccounts = 400\nminors = 0.25\npredators = 0.05\n[[arm]]\nname = \"a\"\ninterventions = [{rules}]\n"
    );
    let read = Experiment::read(&Input { text, metrics: metrics::known(), ..Input::default() });
    read.unwrap_or_else(|problems| panic!("{}", problems.render(false, 100)))
}

/// Returns the arm's scenario and its simulation before the measured days.
fn begun(experiment: &Experiment) -> (Scenario, Simulation) {
    let scenario = Scenario { record_shares: KEPT, ..scenario(experiment, 0, 0) };
    let simulation = Simulation::new(&scenario, 1).unwrap();
    (scenario, simulation)
}

fn live_on(mut simulation: Simulation) -> Vec<(String, u64)> {
    assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
    simulation.finish().rules_applied()
}

fn lived(rules: &str, threads: usize) -> Vec<(String, u64)> {
    let experiment = experiment(rules);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| live_on(begun(&experiment).1))
}

fn days(applied: &[(String, u64)]) -> Vec<u64> {
    applied.iter().map(|(_, days)| *days).collect()
}

#[test]
fn a_rule_applies_on_the_days_on_which_it_says_something_and_one_that_reaches_nobody_on_none() {
    let applied = lived(
        "{ kind = \"daily-limit\" }, { kind = \"daily-limit\", name = \"late\", start_day = 4 }, { kind = \"daily-limit\", name = \"nobody\", coverage = 0 }, { kind = \"restrict-messages\", audience = \"adults\" }, { kind = \"removal-wave\", day = 3 }",
        2,
    );
    let names: Vec<&str> = applied.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["daily-limit", "late", "nobody", "restrict-messages", "removal-wave"]);
    assert_eq!(days(&applied), [6, 2, 0, 0, 1]);
}

#[test]
fn rules_of_every_family_apply_in_a_lively_world() {
    let kinds = [
        "demote-predicted-harm",
        "remove-from-recommendation",
        "chronological-feed",
        "no-personalisation",
        "frequency-cap",
        "age-appropriate-sources",
        "hide-minors-from-suggestions",
        "limit-search-of-minors",
        "restrict-messages",
        "message-warning",
        "hide-follower-lists",
        "private-by-default",
        "classifier",
        "review-capacity",
        "report-button",
        "trusted-flaggers",
        "quiet-hours",
        "age-assurance",
    ];
    for kind in kinds {
        assert!(days(&lived(&format!("{{ kind = \"{kind}\" }}"), 2))[0] > 0, "{kind} affected no account");
    }
}

#[test]
fn the_days_are_the_same_for_any_number_of_threads_and_across_a_checkpoint() {
    let rules = "{ kind = \"demote-predicted-harm\", coverage = 0.02 }, { kind = \"limit-search-of-minors\", coverage = 0.1 }, { kind = \"message-warning\", efficacy = 0.3 }";
    let one = lived(rules, 1);
    assert_eq!(one, lived(rules, 2));
    let experiment = experiment(rules);
    let (scenario, mut simulation) = begun(&experiment);
    while simulation.day() < 3 {
        simulation.step().unwrap();
    }
    let retained = postcard::to_stdvec(simulation.checkpoint()).unwrap();
    let again = Simulation::resumed(&scenario, postcard::from_bytes(&retained).unwrap()).unwrap(); // as after a crash
    assert_eq!(live_on(again), one);
}

#[test]
fn a_run_without_rules_has_none_that_applied() {
    assert!(lived("", 1).is_empty());
}
