//! Replications of published simulations: every published row is reproduced.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::recsafe;

fn replicate(arguments: &[&str]) -> serde_json::Value {
    let arguments = [&["dev", "replicate", "--format", "json", "--quiet"], arguments].concat();
    serde_json::from_slice(&recsafe(&arguments).assert().success().get_output().stdout).unwrap()
}

#[test]
fn every_published_row_and_order_is_met() {
    let cases = replicate(&[]);
    let names: Vec<&str> = cases.as_array().unwrap().iter().map(|case| case["case"].as_str().unwrap()).collect();
    assert_eq!(names, ["takedown-delay", "infiltration", "amplification", "homogenisation"]);
    for case in cases.as_array().unwrap() {
        let met = |row: &&serde_json::Value| row["met"] == true;
        let judged: Vec<_> =
            case["rows"].as_array().unwrap().iter().filter(|row| !row["published"].is_null()).collect();
        assert!(judged.len() >= 4 && judged.iter().all(met), "{case}");
        assert!(case["orders"].as_array().unwrap().iter().all(|order| order["met"] == true), "{case}");
    }
}

#[test]
fn a_parameter_can_be_changed_and_a_row_missed() {
    let more = ["dev", "replicate", "infiltration", "--quiet", "--set", "population.bots.infiltration=[0.1]", "--set"];
    let small = ["experiment.seeds=1", "--set", "experiment.days=10", "--set", "population.accounts=800"];
    let output = recsafe(&[&more[..], &small[..]].concat()).assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("quality.infiltration-0.1") && text.contains("missed"), "{text}");
}

#[test]
fn a_program_has_no_settings_and_says_what_it_has() {
    let output = recsafe(&["dev", "replicate", "amplification", "--set", "x=1"]).assert().code(2).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("amplification has no settings") && words.contains("--example amplification"), "{text}");
    recsafe(&["dev", "replicate", "nothing"]).assert().code(2);
}
