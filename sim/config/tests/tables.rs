//! If a table of settings in a file lacks keys, the defaults of these keys apply. The place of the
//! table in the file does not matter.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::PathBuf;

use recsafe_common::setting::{Entry, Field, Shape};
use recsafe_config::explain::explain;
use recsafe_config::leaf::defaults;
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts, Settings, table};
use recsafe_platform::suggestions::ranking as people_ranking;
use recsafe_platform::{interventions, ranking};
use serde_json::{Map, Value as Json, json};

/// Returns the settings of the arms of an experiment. `rest` is the text of the file after the
/// experiment's name.
fn arms(rest: &str) -> Vec<Settings> {
    let known = |id: &str| {
        let (id, groups) = (id.to_owned(), vec!["all".to_owned(), "minor".to_owned()]);
        KnownMetric::from(MetricFacts { id, groups, ..MetricFacts::default() })
    };
    let text = format!("[experiment]\nname = \"test\"\n{rest}");
    let metrics = ["dose", "engagement"].map(known).to_vec();
    let input = Input { file: PathBuf::from("experiment.toml"), text, metrics, ..Input::default() };
    let read =
        Experiment::read(&input).unwrap_or_else(|problems| panic!("{}\n{}", problems.render(false, 100), input.text));
    read.arms.into_iter().map(|arm| arm.points[0].clone()).collect()
}

/// Returns every number inside a table of `fields`: the key of the table, the key of the number,
/// and a value other than the default.
fn inner_numbers(fields: &[Field]) -> Vec<(&'static str, &'static str, Json)> {
    let numbers = |table: &Field| {
        let name = table.name;
        let other = |field: Field| {
            let default = field.default.as_f64()?;
            let whole = matches!(field.shape, Shape::Integer);
            let (low, high) = (field.bounds.low, field.bounds.high);
            let more = if whole { default + 1.0 } else { default + (high - default) / 100.0 };
            let value = if default < high { more } else { low };
            let value = if whole { json!(value as i64) } else { json!(value) };
            matches!(field.shape, Shape::Number | Shape::Integer).then_some((name, field.name, value))
        };
        table.inside().unwrap_or_default().into_iter().filter_map(other).collect::<Vec<_>>()
    };
    fields.iter().flat_map(numbers).collect()
}

/// Returns the defaults of `fields`, but with `value` for one number inside a table.
fn but_for(fields: &[Field], table: &str, key: &str, value: &Json) -> Map<String, Json> {
    let mut expected = defaults(fields);
    expected[table][key] = value.clone();
    expected
}

fn knobs_of(found: &Json, fields: &[Field]) -> Map<String, Json> {
    fields.iter().map(|field| (field.name.to_owned(), found[field.name].clone())).collect()
}

#[test]
fn a_partial_table_of_a_rule_keeps_the_rest() {
    let mut tried = 0;
    for Entry { id, knobs, .. } in interventions::entries() {
        for (table, key, value) in inner_numbers(&knobs) {
            let expected = but_for(&knobs, table, key, &value);
            let rule = format!(
                "[[arm]]\nname = \"a\"\ninterventions = [{{ kind = \"{id}\", {table} = {{ {key} = {value} }} }}]"
            );
            assert_eq!(
                knobs_of(&arms(&rule)[0].policy_json()["interventions"][0], &knobs),
                expected,
                "{id}.{table}.{key}"
            );
            let partial = json!({ table: { key: value } });
            let result = |knobs: Json| format!("{:?}", interventions::decode(id, knobs).unwrap().unwrap());
            assert_eq!(result(partial), result(expected.into()), "{id}.{table}.{key}, decoded");
            tried += 1;
        }
    }
    assert!(tried >= 4, "only {tried}: reset-engagement-weights has four weights");
}

#[test]
fn a_partial_table_of_a_ranker_keeps_the_rest_whether_its_kind_is_named_or_not() {
    let mut tried = 0;
    for (section, entries) in [("feed", ranking::entries()), ("people", people_ranking::entries())] {
        for Entry { id, knobs, .. } in entries {
            for (table, key, value) in inner_numbers(&knobs) {
                let expected = but_for(&knobs, table, key, &value);
                let set = format!("{{ kind = \"{id}\", {table} = {{ {key} = {value} }} }}");
                let named = format!("[{section}]\nranker = {set}");
                let by_arm = format!("[[arm]]\nname = \"a\"\nset = {{ \"{section}.ranker\" = {set} }}");
                let retained = format!(
                    "[{section}]\nranker = {{ kind = \"{id}\" }}\n[[arm]]\nname = \"a\"\nset = {{ \"{section}.ranker\" = {{ {table} = {{ {key} = {value} }} }} }}"
                );
                for text in [named, by_arm, retained] {
                    assert_eq!(knobs_of(&arms(&text)[0].policy_json()[section]["ranker"], &knobs), expected, "{text}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried >= 4, "only {tried}: value-model has four weights");
}

#[test]
fn a_partial_table_of_a_section_keeps_the_rest_in_a_file_and_in_an_arm() {
    let mut tried = 0;
    for section in table::sections().into_iter().filter(|section| section.side != table::Side::Experiment) {
        let fields = (section.fields)();
        for (table, key, value) in inner_numbers(&fields) {
            let path = format!("{}.{table}.{key}", section.name);
            if path.contains("graph.") || path.contains("interactions.") || path == "behavior.contact.refuse" {
                continue; // tables of files need a file; the sum of refuse and block is limited
            }
            let expected: Json = but_for(&fields, table, key, &value)[table].clone();
            let in_file = format!("[{}]\n{table} = {{ {key} = {value} }}", section.name);
            let in_arm = format!(
                "[[arm]]\nname = \"a\"\nset = {{ \"{}\" = {{ {table} = {{ {key} = {value} }} }} }}",
                section.name
            );
            for text in [in_file, in_arm] {
                let settings = &arms(&text)[0];
                let world = section.side == table::Side::World;
                let side = if world { settings.world_json() } else { settings.policy_json() };
                assert_eq!(side[section.name][table], expected, "{text}");
            }
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried}");
}

#[test]
fn what_explains_a_table_says_the_defaults_that_hold_there() {
    let text = explain("reset-engagement-weights", &[]).unwrap();
    assert!(text.contains("weights.share = 0.0") && !text.contains("share = 2"), "{text}");
    let text = explain("value-model", &[]).unwrap();
    assert!(text.contains("weights.share = 2.0"), "{text}");
}
