//! Going on from what is there: what is run, what is kept, what is refused. What dies on the way, and what is damaged, is in `chaos.rs`.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::time::Duration;

use support::{Study, differing, recsafe};

const ARMS: &str = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"chronological\"\nset = { \"feed.ranker\" = { kind = \"chronological\" } }\n";

#[test]
fn resume_runs_what_is_missing_and_nothing_else() {
    let study = Study::small(3, 2, ARMS);
    let results = study.run("out", &["--arms", "as-is"]);
    let stamp = |path: &str| std::fs::metadata(results.0.join(path)).unwrap().modified().unwrap();
    let kept = "runs/arm=as-is/point=0/seed=1/metrics.parquet";
    let before = stamp(kept);
    let damaged = results.0.join("runs/arm=as-is/point=0/seed=2/daily.parquet");
    std::fs::write(&damaged, "not parquet").unwrap();
    study.run("out", &["--resume"]);
    assert_eq!(stamp(kept), before, "a finished run is not touched");
    assert_ne!(std::fs::read(&damaged).unwrap(), b"not parquet", "a damaged one is made again");
    assert_eq!(results.manifest()["runs"].as_array().unwrap().len(), 4);
    assert_eq!(differing(&results.files(), &study.run("fresh", &[]).files()), Vec::<String>::new());
}

#[test]
fn changed_settings_are_never_mixed_with_old_runs_and_the_setting_is_named() {
    let study = Study::small(2, 1, ARMS);
    let results = study.run("out", &[]);
    let before = results.files();
    for (set, named) in [
        ("feed.explore=0.5", "`feed.explore` was 0.25, is 0.5"),
        ("experiment.days=3", "`days` was 2, is 3"),
        ("output.exposures=0.2", "`output.exposures` was 0.1, is 0.2"),
        ("population.accounts=700", "`population.accounts` was 600, is 700"),
    ] {
        let arguments = ["run", &study.file(), "--out", results.0.to_str().unwrap(), "--resume", "--set", set];
        let told = recsafe(&arguments).assert().code(2).get_output().stderr.clone();
        let told = String::from_utf8(told).unwrap().replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(named), "{told}");
    }
    assert_eq!(differing(&before, &results.files()), Vec::<String>::new());
}

/// The study with a sweep of these values.
fn swept(values: &str) -> String {
    let rest = format!("{ARMS}[sweep]\n\"feed.explore\" = {values}\n");
    std::fs::read_to_string(Study::small(2, 1, &rest).file()).unwrap()
}

#[test]
fn a_point_added_in_the_middle_keeps_the_runs_of_the_others() {
    let study = Study::new(&swept("[0.02, 0.2]"));
    let results = study.run("out", &[]);
    std::fs::write(study.file(), swept("[0.02, 0.1, 0.2]")).unwrap();
    let out = recsafe(&["run", &study.file(), "--out", results.0.to_str().unwrap(), "--resume"]).assert().success();
    let told = String::from_utf8(out.get_output().stdout.clone()).unwrap();
    assert!(told.contains("6 runs (2 new)"), "{told}");
    assert_eq!(differing(&results.files(), &study.run("fresh", &[]).files()), Vec::<String>::new());
}

#[test]
fn an_arm_and_seeds_that_are_added_are_all_that_is_run() {
    let study = Study::small(2, 1, ARMS);
    let results = study.run("out", &[]);
    let more = "[[arm]]\nname = \"random\"\nset = { \"feed.ranker\" = { kind = \"random\" } }\n";
    std::fs::write(study.file(), std::fs::read_to_string(study.file()).unwrap() + more).unwrap();
    let arguments = ["run", &study.file(), "--out", results.0.to_str().unwrap(), "--resume", "--seeds", "2"];
    let out = recsafe(&arguments).assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(out).unwrap().contains("6 runs (4 new)"));
}

#[test]
fn a_manifest_that_is_cut_short_or_gone_is_made_again_from_the_runs() {
    let study = Study::small(2, 2, ARMS);
    let results = study.run("out", &[]);
    let before = results.files();
    let path = results.0.join("manifest.json");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    recsafe(&["compare", results.0.to_str().unwrap()]).assert().code(1);
    let out = recsafe(&["run", &study.file(), "--out", results.0.to_str().unwrap(), "--resume"]).assert().success();
    assert!(String::from_utf8(out.get_output().stderr.clone()).unwrap().contains("is damaged"));
    assert!(String::from_utf8(out.get_output().stdout.clone()).unwrap().contains("4 runs (0 new)"));
    std::fs::remove_file(&path).unwrap();
    study.run("out", &["--resume"]);
    assert_eq!(differing(&before, &results.files()), Vec::<String>::new());
    recsafe(&["verify", results.0.to_str().unwrap()]).assert().success();
}

#[test]
fn verify_names_what_is_damaged_missing_and_unlisted() {
    let study = Study::small(2, 2, ARMS);
    let results = study.run("out", &[]);
    let folder = results.0.to_str().unwrap();
    let all = String::from_utf8(recsafe(&["verify", folder]).assert().success().get_output().stdout.clone()).unwrap();
    assert!(all.contains("all 35 files are as they were written"), "{all}"); // 4 runs of 7 tables and settings; points, comparison, report
    let run = |rest: &str| results.0.join("runs/arm=as-is/point=0").join(rest);
    std::fs::write(run("seed=1/daily.parquet"), "not parquet").unwrap();
    std::fs::remove_file(run("seed=2/probes.parquet")).unwrap();
    std::fs::create_dir_all(run("seed=77")).unwrap();
    let found = recsafe(&["verify", folder, "--format", "json"]).assert().code(1).get_output().stdout.clone();
    let found: Vec<serde_json::Value> = serde_json::from_slice(&found).unwrap();
    let of = |state: &str| -> Vec<&str> {
        found.iter().filter(|it| it["state"] == state).map(|it| it["path"].as_str().unwrap()).collect()
    };
    assert_eq!(of("damaged"), ["runs/arm=as-is/point=0/seed=1/daily.parquet"]);
    assert_eq!(of("missing"), ["runs/arm=as-is/point=0/seed=2/probes.parquet"]);
    assert_eq!(of("unlisted"), ["runs/arm=as-is/point=0/seed=77"]);
    recsafe(&["verify", "/nowhere"]).assert().code(2);
}

#[test]
fn a_folder_in_use_is_refused_and_one_of_the_dead_is_not() {
    let study = Study::small(2, 1, ARMS);
    let out = study.out("out");
    let held = recsafe::store::Folder::new(&out).lock().unwrap();
    let arguments = ["run", &study.file(), "--out", out.to_str().unwrap()];
    let told = recsafe(&arguments).assert().code(2).get_output().stderr.clone();
    assert!(String::from_utf8(told).unwrap().contains("another recsafe is running"));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
    drop(held); // as when the process that holds it dies
    recsafe(&arguments).assert().success();
}

#[test]
fn other_peoples_files_are_never_taken_away() {
    let study = Study::small(2, 1, "");
    let folder = study.out("theirs");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("thesis.txt"), "years of work").unwrap();
    for flag in ["--overwrite", "--resume"] {
        recsafe(&["run", &study.file(), "--out", folder.to_str().unwrap(), flag]).assert().code(2);
    }
    assert_eq!(std::fs::read_to_string(folder.join("thesis.txt")).unwrap(), "years of work");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn an_interrupt_keeps_what_is_finished_and_says_how_to_go_on() {
    let study = Study::small(30, 4, ARMS);
    let out = study.out("out");
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin("recsafe"))
        .args(["run", &study.file(), "--out", out.to_str().unwrap(), "--threads", "1"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while std::fs::read_to_string(out.join("manifest.json")).map_or(0, |text| text.matches("\"done\"").count()) < 1 {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("runs are kept") && told.contains("--resume"), "{told}");
}
