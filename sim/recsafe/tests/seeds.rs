//! Seeds are added until an interval is narrow, and equal runs are simulated once.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use serde_json::Value as Json;
use support::{Study, differing, recsafe};

const ARMS: &str =
    "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"demote\"\ninterventions = [{ kind = \"demote-predicted-harm\" }]\n";

fn manifest(folder: &std::path::Path) -> Json {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

fn rows(folder: &std::path::Path, metric: &str) -> Vec<Json> {
    let out =
        recsafe(&["compare", folder.to_str().unwrap(), "--metric", metric, "--format", "json"]).assert().success();
    serde_json::from_slice(&out.get_output().stdout).unwrap()
}

/// Returns the half-width of an interval as a share of the baseline's mean.
fn width(row: &Json) -> f64 {
    let number = |key: &str| row[key].as_f64().unwrap();
    (number("ci_high") - number("ci_low")) / 2.0 / number("mean_baseline")
}

#[test]
fn seeds_are_added_until_the_interval_is_narrow_and_no_more() {
    let study = Study::small(4, 1, ARMS);
    let results = study.run("out", &["--until-interval", "engagement=6%", "--max-seeds", "40"]);
    let found = rows(&results.0, "engagement").remove(0);
    assert!(width(&found) <= 0.06, "{found}");
    let seeds = manifest(&results.0)["experiment"]["seeds"].as_array().unwrap().len();
    assert!(found["n"] == seeds && (4..40).contains(&seeds), "{found}");
    // The bytes are the same as with this number of seeds from the start.
    let direct = study.run("direct", &["--seeds", &seeds.to_string()]);
    assert_eq!(differing(&results.files(), &direct.files()), Vec::<String>::new());
}

#[test]
fn no_more_seeds_are_run_than_allowed_and_it_is_said() {
    let study = Study::small(2, 1, ARMS);
    let out = study.out("out");
    let arguments = [
        "run",
        &study.file(),
        "--out",
        out.to_str().unwrap(),
        "--until-interval",
        "dose@minor=0.01%",
        "--max-seeds",
        "5",
    ];
    let assert = recsafe(&arguments).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("5 seeds are not enough") && text.contains("Raise --max-seeds"), "{text}");
    assert_eq!(manifest(&out)["runs"].as_array().unwrap().len(), 10);
}

#[test]
fn a_wish_that_cannot_be_is_refused() {
    let study = Study::small(2, 1, ARMS);
    let out = study.out("out");
    let mut said = String::new();
    for target in ["dose", "doze=10%", "dose@nobody=10%", "dose=0%", "dose=ten"] {
        let arguments = ["run", &study.file(), "--out", out.to_str().unwrap(), "--until-interval", target];
        let assert = recsafe(&arguments).assert().code(2);
        said += &String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(!out.exists());
    }
    insta::assert_snapshot!(said);
    let alone = Study::small(2, 1, "");
    recsafe(&["run", &alone.file(), "--until-interval", "dose=10%"]).assert().code(2);
    recsafe(&["run", &study.file(), "--max-seeds", "10"]).assert().code(2);
}

#[test]
fn a_baseline_that_no_point_changes_is_simulated_once() {
    let swept = format!("{ARMS}[sweep]\n\"arm.demote.demote-predicted-harm.weight\" = [0.2, 0.5, 0.9]\n");
    let study = Study::small(3, 2, &swept);
    let results = study.run("out", &[]);
    let runs = manifest(&results.0)["runs"].as_array().unwrap().clone();
    let copied = |arm: &str| runs.iter().filter(|run| run["arm"] == arm && run["status"] == "copied").count();
    assert_eq!((runs.len(), copied("as-is"), copied("demote")), (12, 4, 0));
    let files = results.arm("as-is");
    let at = |point: u32| -> Vec<_> {
        files.iter().filter(|(path, _)| path.starts_with(&format!("point={point}/"))).map(|(_, bytes)| bytes).collect()
    };
    assert_eq!(at(0), at(2));
    assert_eq!(std::fs::read_dir(results.0.join("runs")).unwrap().count(), 8, "equal runs share their files");
    // A lost run that several arms share is repeated once.
    std::fs::remove_dir_all(results.run("as-is", 1, 2)).unwrap();
    assert_eq!(differing(&files, &study.run("out", &["--resume"]).arm("as-is")), Vec::<String>::new());
}

#[test]
fn a_sweep_says_whether_a_change_holds_over_all_points() {
    let swept = format!("{ARMS}[sweep]\n\"enforcement.content_d_prime\" = [1.0, 3.0]\n");
    let results = Study::small(3, 3, &swept).run("out", &[]);
    let folder = results.0.to_str().unwrap();
    let out = recsafe(&["compare", folder, "--robustness", "--metric", "dose", "--format", "json"]).assert().success();
    let found: Vec<Json> = serde_json::from_slice(&out.get_output().stdout).unwrap();
    let points = rows(&results.0, "dose");
    assert_eq!((found.len(), points.len()), (1, 2));
    let falls = points.iter().filter(|row| row["difference"].as_f64().unwrap() < 0.0).count();
    let share = if found[0]["sign"] == "lower" { falls as f64 / 2.0 } else { 1.0 - falls as f64 / 2.0 };
    if let Some(same) = found[0]["same_sign"].as_f64() {
        assert_eq!(same, share);
    }
    let text = recsafe(&["compare", folder]).assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(text).unwrap().contains("OVER ALL SWEEP POINTS"));
}
