//! Tests of notes about parts without effect. Such parts are interventions that cannot apply, arms
//! that are equal to the baseline, and outcomes that have no value or cannot differ between arms.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::PathBuf;

use recsafe_config::lack::lack;
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts, Problems};
use recsafe_people::behavior::probes::Script;
use recsafe_platform::interventions::Occurrence;
use recsafe_scenario::{Need, Who};

/// Returns some metrics with requirements.
fn metrics() -> Vec<KnownMetric> {
    let metric = |id: &str, group: &str, needs: Vec<Need>, moved_by: Vec<Need>| KnownMetric {
        facts: MetricFacts {
            id: id.to_owned(),
            groups: vec![group.to_owned(), "all".to_owned()],
            default_group: group.to_owned(),
            ..MetricFacts::default()
        },
        needs,
        moved_by,
    };
    let feed = Need::Happens(Occurrence::Feed);
    vec![
        metric("dose", "minor", vec![], vec![feed]),
        metric("engagement", "all", vec![feed], vec![]),
        metric("weekly", "all", vec![Need::Days(7)], vec![]),
        metric("requests", "all", vec![], vec![Need::Accounts(Who::Predators)]),
        metric("audit", "clicker", vec![Need::Probes(Script::Control)], vec![]),
        metric("boxes", "all", vec![Need::Inboxes], vec![]),
        metric("against-time", "all", vec![Need::Reference], vec![]),
        metric("checks", "all", vec![], vec![Need::Rule("checks-age")]),
    ]
}

fn read(rest: &str, set: &[&str]) -> Result<Experiment, Problems> {
    let text = format!("[experiment]\nname = \"test\"\n{rest}");
    let set = set.iter().map(|&set| set.to_owned()).collect();
    Experiment::read(&Input { file: PathBuf::from("e.toml"), text, set, metrics: metrics(), ..Input::default() })
}

fn notes(rest: &str, set: &[&str]) -> Vec<String> {
    read(rest, set).unwrap_or_else(|problems| panic!("{}", problems.render(false, 100))).notes
}

const ARMS: &str =
    "[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\ninterventions = [{ kind = \"restrict-messages\", KNOBS }]\n";

fn with(knobs: &str) -> String {
    ARMS.replace("KNOBS", knobs)
}

#[test]
fn a_rule_that_can_reach_nobody_is_noted_with_arm_name_and_reason() {
    let adults = with("audience = \"adults\"");
    let reason =
        "its `audience` is \"adults\", but it acts only on accounts that are treated as under-13, 13-15, 16-17";
    assert_eq!(notes(&adults, &[]), [format!("arm `b`: intervention `restrict-messages` cannot apply: {reason}")]);
    let named = notes(&with("name = \"guard\", coverage = 0"), &[]);
    assert_eq!(named, ["arm `b`: intervention `guard` cannot apply: its `coverage` is 0"]);
    assert_eq!(notes(&with("start_day = 28"), &[]).len(), 1, "the last of 28 days is day 27");
    assert_eq!(notes(&with("start_day = 27, coverage = 0.1"), &[]), Vec::<String>::new());
}

#[test]
fn a_rule_for_minors_is_noted_in_a_world_without_minors_unless_a_check_of_age_or_a_probe_makes_one() {
    let none = ["population.minors=0", "experiment.harm=engagement"];
    let found = notes(&with("coverage = 1"), &none);
    assert!(found.len() == 1 && found[0].contains("this world has none"), "{found:?}");
    let checked = with("coverage = 1 }, { kind = \"age-assurance\"");
    assert_eq!(notes(&checked, &none), Vec::<String>::new(), "some adults are treated as 16 or 17");
    let probed = format!("{}[[probe]]\nscript = \"minor-decoy\"\n", with("coverage = 1"));
    assert_eq!(notes(&probed, &none), Vec::<String>::new(), "a decoy declares 13 to 15");
}

#[test]
fn rules_are_noted_where_nothing_happens_that_they_could_change() {
    let quiet = ["behavior.contact.known_messages=0", "behavior.contact.stranger_messages=0", "population.predators=0"];
    let found = notes(&with("coverage = 1"), &quiet);
    assert!(found[0].ends_with("nobody sends first messages"), "{found:?}");
    assert_eq!(notes(&with("coverage = 1"), &quiet[..2]), Vec::<String>::new(), "predators write");
    let kinds = [
        ("daily-limit", vec!["behavior.sessions=0"]),
        ("hide-minors-from-suggestions", vec!["behavior.following.visits=0", "population.predators=0"]),
        ("limit-search-of-minors", vec!["behavior.searching.accounts=0", "behavior.contact.target_searches=0"]),
        (
            "block-niche-search",
            vec!["behavior.searching.searches=0", "behavior.searching.searches_minors=0", "population.predators=0"],
        ),
        ("hide-follower-lists", vec!["behavior.following.browse=0", "behavior.intents.contacting=0"]),
        ("removal-wave", vec!["behavior.intents.seller=0", "behavior.intents.buyer=0"]),
        ("ban-evasion-detection", vec!["behavior.return.probability=0"]),
    ];
    for (kind, mut set) in kinds {
        let text = ARMS.replace("restrict-messages\", KNOBS", &format!("{kind}\""));
        assert_eq!(notes(&text, &[]), Vec::<String>::new(), "{kind}");
        set.extend(["experiment.harm=boxes", "experiment.cost=boxes", "feed.quotas.inbox=1"]); // available in all these worlds
        let found = notes(&text, &set);
        assert!(found.iter().any(|note| note.contains("cannot apply")), "{kind}: {found:?}");
    }
}

#[test]
fn a_rule_that_applies_at_one_point_of_a_sweep_is_not_noted() {
    let sweep = |low| format!("{}[sweep]\n\"arm.b.restrict-messages.coverage\" = [0.0, {low}]\n", with("efficacy = 1"));
    assert_eq!(notes(&sweep("0.5"), &[]), Vec::<String>::new());
    let single = sweep("0.5").replace("[0.0, 0.5]", "[0.0]");
    assert_eq!(notes(&single, &[]).len(), 1);
}

#[test]
fn an_arm_with_the_settings_of_the_baseline_is_noted() {
    let same = "[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\nset = { \"feed.slate\" = 10 }\n";
    assert_eq!(notes(same, &[]), ["arm `b` has the same settings as the baseline `a`, so their results are identical"]);
    assert_eq!(notes(&same.replace("= 10", "= 9"), &[]), Vec::<String>::new());
    assert_eq!(notes(same, &["arm.b.feed.slate=9"]), Vec::<String>::new());
}

#[test]
fn thousands_of_idle_rules_are_a_few_sentences() {
    let arm = |number| {
        format!("[[arm]]\nname = \"a{number}\"\ninterventions = [{{ kind = \"daily-limit\", coverage = 0 }}]\n")
    };
    let found = notes(&(0..60).map(arm).collect::<String>(), &[]);
    assert_eq!(found.len(), 21);
    assert!(found[20].ends_with("more arms or interventions make no difference"), "{}", found[20]);
}

/// Returns message, help and underlined text of the only problem of an experiment.
fn problem(rest: &str, set: &[&str]) -> (String, String, String) {
    let problems = read(rest, set).unwrap_err().0;
    assert_eq!(problems.len(), 1, "{problems:?}");
    let location = problems[0].location.clone().unwrap();
    let marked = location.source.text()[location.span].to_owned();
    (problems[0].message.clone(), problems[0].help.clone().unwrap(), marked)
}

#[test]
fn a_declared_outcome_that_cannot_have_a_value_is_a_problem_where_it_stands() {
    let (message, help, marked) = problem("harm = \"weekly\"\ndays = 5\n", &[]);
    assert_eq!(message, "`weekly` cannot have a value: it needs 7 measured days, but the experiment has 5");
    assert_eq!(
        (help.as_str(), marked.as_str()),
        ("set `experiment.days` to 7 or more, or name another outcome", "\"weekly\"")
    );
    assert!(read("harm = \"weekly\"\ndays = 7\n", &[]).is_ok());
    for (outcome, rest, reason) in [
        ("dose", "population.minors=0", "there are no minors in this world"),
        ("engagement", "behavior.sessions=0", "nobody looks at the feed"),
        ("audit", "feed.slate=10", "there are no `control` probes"),
        ("boxes", "feed.slate=10", "there are no inboxes"),
        ("against-time", "feed.slate=10", "no arm without interventions has a chronological or random feed"),
    ] {
        let (message, _, marked) = problem(&format!("cost = \"{outcome}\"\nharm = \"requests\"\n"), &[rest]);
        assert_eq!(message, format!("`{outcome}` cannot have a value: {reason}"));
        assert_eq!(marked, format!("\"{outcome}\""));
    }
    let probe = |script: &str| format!("[[probe]]\nscript = \"{script}\"\n");
    let audit = format!("harm = \"audit\"\n{}", probe("control"));
    assert!(problem(&audit, &[]).0.ends_with("there are no `clicker` probes"));
    assert!(read(&format!("{audit}{}", probe("clicker")), &[]).is_ok());
}

#[test]
fn a_declared_outcome_that_is_0_in_every_arm_is_a_problem() {
    let (message, ..) = problem("harm = \"requests\"\n", &["population.predators=0"]);
    assert_eq!(
        message,
        "`requests` cannot differ between arms, because it is 0 in all of them: there are no predators in this world"
    );
    let (message, help, _) = problem("harm = \"checks\"\n", &[]);
    assert!(message.ends_with("no arm has an intervention of the kind `age-assurance`, `age-inference`"), "{message}");
    assert!(help.starts_with("add an intervention such as `age-assurance`"), "{help}");
    let checked = "harm = \"checks\"\n[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\ninterventions = [{ kind = \"age-inference\" }]\n";
    assert!(read(checked, &[]).is_ok());
}

#[test]
fn an_outcome_that_nobody_declared_or_that_some_arms_have_is_noted_only() {
    let found = notes("", &["population.minors=0"]);
    assert_eq!(
        found,
        [
            "`dose@minor` cannot have a value: there are no minors in this world; to use another outcome, set `experiment.harm`"
        ]
    );
    let one_arm =
        "harm = \"dose\"\n[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\nset = { \"population.minors\" = 0.0 }\n";
    assert_eq!(notes(one_arm, &[]), ["`dose` cannot have a value in arm `b`: there are no minors in this world"]);
    let swept = "harm = \"dose\"\n[sweep]\n\"population.minors\" = [0.0, 0.1]\n";
    assert!(notes(swept, &[])[0].contains("in arm `as-is` at some points"));
}

#[test]
fn a_limit_of_a_search_that_cannot_have_a_value_is_a_problem() {
    let search = "[[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\ninterventions = [{ kind = \"daily-limit\" }]\n[optimise]\narm = \"b\"\nknobs = { \"daily-limit.slates\" = [1, 2] }\nlimits = { \"boxes\" = { low = 0.1 } }\n";
    let (message, _, marked) = problem(search, &[]);
    assert_eq!((message.as_str(), marked.as_str()), ("`boxes` cannot have a value: there are no inboxes", "\"boxes\""));
    assert!(read(search, &["feed.quotas.inbox=1"]).is_ok());
}

#[test]
fn an_outcome_without_a_lack_lacks_nothing() {
    let experiment = read("", &[]).unwrap();
    for outcome in ["dose", "dose@minor", "dose@all", "engagement", "requests", "weekly"] {
        assert_eq!(lack(outcome, &metrics(), &experiment), None, "{outcome}");
    }
    assert_eq!(lack("no-such-metric", &metrics(), &experiment), None);
}
