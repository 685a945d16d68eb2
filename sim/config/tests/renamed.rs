//! Renaming does not change hashes. A plan has the same hashes under the current table of names and
//! under a different table.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use recsafe_config::plan::{RunParts, VERSION};
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts, Plan, Run};
use recsafe_names::{Names, Row};
use serde_json::{Map, Value as Json, json};

const FILE: &str = r#"
[experiment]
name = "test"
seeds = 2
[content]
harm_assignment = "independent"
[[probe]]
script = "clicker"
[[arm]]
name = "a"
[[arm]]
name = "b"
set = { "feed.ranker" = { kind = "value-model", weights = { like = 2.0 } }, "population.minors" = 0.3 }
interventions = [
  { kind = "demote-predicted-harm", weight = 0.5, audience = "minors" },
  { kind = "hide-flagged-accounts", name = "minors", from = "minors" },
]
[sweep]
"population.accounts" = [500, 600]
"#;

fn experiment() -> Experiment {
    let known = |id: &str, group: &str| KnownMetric {
        facts: MetricFacts { id: id.to_owned(), groups: vec![group.to_owned()], ..MetricFacts::default() },
        ..KnownMetric::default()
    };
    let metrics = vec![known("dose", "minor"), known("engagement", "all")];
    let input = Input { text: FILE.to_owned(), metrics, ..Input::default() };
    Experiment::read(&input).unwrap_or_else(|problems| panic!("{}", problems.render(false, 100)))
}

/// Returns the hashes of the experiment's runs for a program that uses these names.
fn hashes_under(names: &Names, experiment: &Experiment, named: impl Fn(Json) -> Json) -> Vec<String> {
    let hash = |run: &Run| {
        let settings = &experiment.arms[run.arm].points[run.point];
        let parts = RunParts {
            version: VERSION,
            world: &named(settings.world_json()),
            before: &named(experiment.before[run.point].policy_json()),
            policy: &named(settings.policy_json()),
            days: experiment.about.days,
            probes: &json!(experiment.probes),
            output: &experiment.output.deciding(),
            seed: run.seed,
        };
        parts.hash_under(names)
    };
    Plan::new(experiment).runs.iter().map(hash).collect()
}

fn hashes(experiment: &Experiment) -> Vec<String> {
    Plan::new(experiment).runs.into_iter().map(|run| run.hash).collect()
}

/// Returns the current table of names, with different names in some lines.
fn edited(edits: &[(&str, &str)]) -> Names {
    let mut text = Names::present().to_csv().unwrap();
    for (line, now) in edits {
        assert!(text.contains(&format!("\n{line}\n")), "{line}");
        text = text.replace(&format!("\n{line}\n"), &format!("\n{now}\n"));
    }
    Names::parse(&text).unwrap()
}

#[test]
fn a_plan_has_the_same_hashes_under_new_names() {
    let experiment = experiment();
    let names = edited(&[
        ("setting,population.accounts,population.accounts,", "setting,population.accounts,population.size,"),
        ("setting,harm.threshold,harm.threshold,", "setting,harm.threshold,severity.harmful,"), // in a renamed section
        ("setting,harm.severe,harm.severe,", "setting,harm.severe,severity.severe,"),
        ("setting,graph.follows,graph.follows,", "setting,graph.follows,population.follows,"), // moved to another section
        ("setting,feed.ranker,feed.ranker,", "setting,feed.ranker,feed.model,"),
        ("entry:feed.ranker,value-model,value-model,", "entry:feed.ranker,value-model,weighted-sum,"),
        (
            "knob:feed.ranker.value-model,weights.like,weights.like,",
            "knob:feed.ranker.value-model,weights.like,weights.of_likes,",
        ),
        ("value:content.harm,independent,independent,", "value:content.harm,independent,by-chance,"),
        (
            "entry:interventions,demote-predicted-harm,demote-predicted-harm,",
            "entry:interventions,demote-predicted-harm,downrank,",
        ),
        (
            "knob:interventions.demote-predicted-harm,weight,weight,",
            "knob:interventions.demote-predicted-harm,weight,strength,",
        ),
        ("knob:interventions.*,population,audience,", "knob:interventions.*,population,reach,audience"),
        ("value:interventions.*.population,minors,minors,", "value:interventions.*.population,minors,under-18,"),
    ]);
    let policy = names.present_settings(&experiment.arms[1].points[0].policy_json());
    let rule = &policy["interventions"][0];
    assert_eq!(
        (&rule["kind"], &rule["strength"], &rule["reach"]),
        (&json!("downrank"), &json!(0.5), &json!("under-18"))
    );
    let rule = &policy["interventions"][1];
    assert_eq!((&rule["name"], &rule["from"]), (&json!("minors"), &json!("minors")), "these are other words");
    assert_eq!(policy["feed"]["model"]["kind"], "weighted-sum");
    let world = names.present_settings(&experiment.arms[1].points[1].world_json());
    assert_eq!((&world["population"]["size"], &world["severity"]["severe"]), (&json!(600), &json!(0.8)));
    assert_eq!((&world["content"]["harm_assignment"], world.get("harm")), (&json!("by-chance"), None));
    let renamed = hashes_under(&names, &experiment, |settings| names.present_settings(&settings));
    assert_eq!(renamed, hashes(&experiment));
}

/// Renames every word of a path.
fn altered(path: &str) -> String {
    path.split('.').map(|word| format!("new_{word}")).collect::<Vec<_>>().join(".")
}

/// Reverses the order of the keys in every table.
fn reversed(value: &Json) -> Json {
    match value {
        Json::Object(table) => {
            table.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect::<Map<_, _>>().into()
        }
        Json::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

#[test]
fn new_names_for_everything_and_another_order_of_declarations_move_no_hash() {
    let experiment = experiment();
    let today = |row: &Row| row.name.clone().into_iter().filter(|name| *name != row.id).collect();
    let anew = |row: &Row| Row { name: Some(altered(&row.id)), older: today(row), ..row.clone() };
    let names = Names::of(Names::present().rows().iter().map(anew).collect()).unwrap();
    let anew = |settings: Json| reversed(&names.present_settings(&settings));
    assert!(!anew(experiment.arms[0].points[0].policy_json()).to_string().contains("\"feed\""));
    assert_eq!(hashes_under(&names, &experiment, anew), hashes(&experiment));
    assert_ne!(
        hashes_under(Names::present(), &experiment, anew),
        hashes(&experiment),
        "to today's program these names say nothing"
    );
}

#[test]
fn what_today_s_program_holds_comes_back_from_its_canonical_form() {
    let experiment = experiment();
    for settings in experiment.before.iter().chain(experiment.arms.iter().flat_map(|arm| &arm.points)) {
        for part in [&settings.world_json(), &settings.policy_json()] {
            let canonical = Names::present().canonical(part);
            assert_eq!(Names::present().present_settings(&canonical).to_string(), part.to_string());
            assert_eq!(Names::present().present_settings(part).to_string(), part.to_string());
        }
    }
    let probes = json!(experiment.probes);
    let canonical = Names::present().canonical_section("probe", &probes);
    assert_eq!(Names::present().present_section("probe", &canonical).to_string(), probes.to_string());
}

#[test]
fn what_a_run_keeps_of_itself_has_the_hash_of_the_plan() {
    let experiment = experiment();
    assert_eq!(hashes_under(Names::present(), &experiment, |settings| settings), hashes(&experiment));
}
