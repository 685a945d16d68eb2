//! How often each rule applied: on how many days it said something about somebody, and never where it could not.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe::engine::lifetime::{Lifetime, Lived, generate_world, measure, warm_up};
use recsafe::engine::{DayCounts, Rules};
use recsafe::measure::{Kept, metrics};
use recsafe_config::{Experiment, Input};

const KEPT: Kept = Kept { exposures: 0.0, contacts: 1.0 };
const DAYS: u32 = 6;

fn experiment(rules: &str) -> Experiment {
    let text = format!(
        "[experiment]\nname = \"test\"\ndays = {DAYS}\nwarm_up_days = 2\n[population]\naccounts = 400\nminors = 0.25\npredators = 0.05\n[[arm]]\nname = \"a\"\ninterventions = [{rules}]\n"
    );
    let read = Experiment::read(&Input { text, metrics: metrics::known(), ..Input::default() });
    read.unwrap_or_else(|problems| panic!("{}", problems.render(false, 100)))
}

fn begun(experiment: &Experiment) -> (Lifetime, Rules) {
    let (before, settings) = (&experiment.before[0], &experiment.arms[0].points[0]);
    let rules = Rules::new(before, before).unwrap();
    let world = generate_world(&before.of_world(), 1);
    let (warm, _) = warm_up(world, &rules, before.warm_up_days, KEPT, &mut |_: &DayCounts| true).unwrap();
    let rules = Rules::new(settings, settings).unwrap();
    (Lifetime::measured(warm, &rules, &[], KEPT), rules)
}

fn lived(rules: &str, threads: usize) -> Vec<(String, u64)> {
    let experiment = experiment(rules);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| {
        let (lifetime, rules) = begun(&experiment);
        let lived = lifetime.live(&rules, DAYS as i32, &mut |_: &DayCounts| true).unwrap();
        lived.close().rules_applied()
    })
}

fn days(applied: &[(String, u64)]) -> Vec<u64> {
    applied.iter().map(|(_, days)| *days).collect()
}

#[test]
fn a_rule_applies_on_the_days_on_which_it_says_something_and_one_that_reaches_nobody_on_none() {
    let applied = lived(
        "{ kind = \"daily-limit\" }, { kind = \"daily-limit\", name = \"late\", start_day = 4 }, { kind = \"daily-limit\", name = \"nobody\", coverage = 0 }, { kind = \"restrict-messages\", population = \"adults\" }, { kind = \"removal-wave\", day = 3 }",
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
        "warning",
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
        assert!(days(&lived(&format!("{{ kind = \"{kind}\" }}"), 2))[0] > 0, "{kind} never applied");
    }
}

#[test]
fn the_days_are_the_same_for_any_number_of_threads_and_across_a_checkpoint() {
    let rules = "{ kind = \"demote-predicted-harm\", coverage = 0.02 }, { kind = \"limit-search-of-minors\", coverage = 0.1 }, { kind = \"warning\", efficacy = 0.3 }";
    let one = lived(rules, 1);
    assert_eq!(one, lived(rules, 2));
    let experiment = experiment(rules);
    let (lifetime, first) = begun(&experiment);
    let half = lifetime.live(&first, 3, &mut |_: &DayCounts| true).unwrap();
    let settings = &experiment.arms[0].points[0];
    let again = Rules::new(settings, settings).unwrap(); // as after a crash
    let whole = half.live(&again, DAYS as i32, &mut |_: &DayCounts| true).unwrap();
    assert_eq!(whole.close().rules_applied(), one);
}

#[test]
fn a_run_without_rules_has_none_that_applied() {
    let experiment = experiment("");
    let (before, settings) = (&experiment.before[0], &experiment.arms[0].points[0]);
    let rules = Rules::new(settings, settings).unwrap();
    let world = generate_world(&before.of_world(), 1);
    let lived: Lived = measure(world, &rules, &[], 2, KEPT, &mut |_: &DayCounts| true).unwrap();
    assert!(lived.rules_applied().is_empty());
}
