//! `recsafe dev diff` reports a difference between two runs exactly where they diverge.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::{Results, Study, recsafe};

const ARMS: &str = r#"
[[arm]]
name = "as-is"
[[arm]]
name = "same"
[[arm]]
name = "demote"
interventions = [{ kind = "demote-predicted-harm", start_day = 4 }]
[[arm]]
name = "private"
interventions = [{ kind = "private-by-default", start_day = 3 }]
[[arm]]
name = "wave"
interventions = [{ kind = "removal-wave", day = 5 }]
"#;

fn path(results: &Results) -> &str {
    results.0.to_str().unwrap()
}

/// Returns the output for two arms of one folder, and asserts the exit code.
fn diff(results: &Results, arms: &str, code: i32) -> serde_json::Value {
    let arguments = ["dev", "diff", path(results), path(results), "--arm", arms, "--format", "json"];
    let out = recsafe(&arguments).assert().code(code).get_output().stdout.clone();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn arms_part_on_the_day_and_in_the_step_of_their_rule() {
    let results = Study::small(7, 1, ARMS).run("out", &[]);
    for (arm, day, step) in [
        ("demote", 4, "people suggestions, feed and search"),
        ("private", 3, "account defaults"),
        ("wave", 5, "enforcement"),
    ] {
        let found = diff(&results, &format!("as-is,{arm}"), 1);
        let parting = &found["parting"];
        assert_eq!((parting["day"].as_i64(), parting["step"].as_str()), (Some(day), Some(step)), "{arm}: {parting}");
        assert_ne!(parting["a"], parting["b"], "{arm}");
        assert!(found["settings"]["policy.interventions"].is_object(), "{found}");
        assert!(found["tables"].as_array().unwrap().iter().any(|table| !table["difference"].is_null()), "{arm}");
    }
    let account = diff(&results, "as-is,private", 1)["parting"]["account"].as_u64().unwrap();
    assert!(account < 600);
}

#[test]
fn equal_runs_are_equal_and_a_run_folder_can_be_named() {
    let study = Study::small(5, 2, ARMS);
    let (results, again) = (study.run("out", &["--arms", "same"]), study.run("again", &["--arms", "same"]));
    let found = diff(&results, "as-is,same", 0);
    assert!(found["parting"].is_null() && found["settings"].as_object().unwrap().is_empty());
    let run = |results: &support::Results| results.run("as-is", 0, 2).display().to_string();
    let out = recsafe(&["dev", "diff", &run(&results), &run(&again)]).assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(out).unwrap().contains("the runs are equal"));
}

#[test]
fn worlds_that_differ_part_when_they_are_made_and_in_the_warm_up() {
    let study = Study::small(3, 2, "[[arm]]\nname = \"as-is\"\n");
    let results = study.run("out", &[]);
    let seeds: Vec<String> = (1..=2).map(|seed| results.run("as-is", 0, seed).display().to_string()).collect();
    let parted = |a: &str, b: &str| -> serde_json::Value {
        let out = recsafe(&["dev", "diff", a, b, "--format", "json"]).assert().code(1).get_output().stdout.clone();
        serde_json::from_slice::<serde_json::Value>(&out).unwrap()["parting"].clone()
    };
    assert_eq!(parted(&seeds[0], &seeds[1])["step"], "world generation");
    let warmer = study.run("warmer", &["--set", "feed.exploration=0.5"]);
    let found = parted(path(&results), path(&warmer));
    assert_eq!(
        (found["day"].as_i64(), found["step"].as_str()),
        (Some(-3), Some("people suggestions, feed and search"))
    );
    let longer = study.run("longer", &["--set", "experiment.days=4"]);
    let found = parted(path(&results), path(&longer));
    assert_eq!((found["day"].as_i64(), found["column"].as_str()), (Some(3), Some("measured days")));
}

#[test]
fn tables_that_no_simulation_explains_are_said_to_be_damaged() {
    let results = Study::small(2, 2, "[[arm]]\nname = \"as-is\"\n").run("out", &[]);
    let run = |seed: u64| results.run("as-is", 0, seed);
    let copy = results.0.join("copy");
    std::fs::create_dir(&copy).unwrap();
    for entry in std::fs::read_dir(run(1)).unwrap().flatten() {
        std::fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
    }
    std::fs::copy(run(2).join("daily.parquet"), copy.join("daily.parquet")).unwrap();
    let out = recsafe(&["dev", "diff", run(1).to_str().unwrap(), copy.to_str().unwrap()])
        .assert()
        .code(1)
        .get_output()
        .stdout
        .clone();
    assert!(String::from_utf8(out).unwrap().contains("or are damaged (see recsafe verify)"));
}

#[test]
fn the_page_says_where_and_what() {
    let results = Study::small(7, 1, ARMS).run("out", &[]);
    let out = recsafe(&["dev", "diff", path(&results), path(&results), "--arm", "as-is,private"]).assert().code(1);
    let text = String::from_utf8(out.get_output().stdout.clone()).unwrap();
    let named = ["as-is", "private"].iter().fold(text.replace(path(&results), "RESULTS"), |text, arm| {
        text.replace(&results.run_name(arm, 0, 1), &format!("runs/run=r<hash of {arm}>"))
    });
    insta::assert_snapshot!(named);
}

#[test]
fn what_is_not_there_is_named() {
    let results = Study::small(2, 1, ARMS).run("out", &["--arms", "same"]);
    let message = |arguments: &[&str]| {
        let out = recsafe(&[&["dev", "diff", path(&results), path(&results)], arguments].concat()).assert().code(2);
        String::from_utf8(out.get_output().stderr.clone()).unwrap()
    };
    assert!(message(&["--arm", "as-was"]).contains("nearest name: `as-is`"));
    assert!(message(&["--seed", "9"]).contains("seeds: 1"));
    assert!(message(&["--arm", "a,b,c"]).contains("--arm takes one or two arms"));
    std::fs::remove_file(results.run("same", 0, 1).join("settings.json")).unwrap();
    let gone = message(&["--arm", "as-is,same"]);
    assert!(gone.contains("settings.json cannot be used"), "{gone}");
}
