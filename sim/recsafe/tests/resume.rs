//! Nothing that was finished is lost, and going on gives the bytes of a run that was never interrupted.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::time::{Duration, Instant};

use support::{Study, differing, recsafe};

const ARMS: &str = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"chronological\"\nset = { \"feed.ranker\" = { kind = \"chronological\" } }\n";

#[test]
fn a_killed_experiment_goes_on_to_the_same_bytes() {
    let study = Study::small(30, 4, ARMS);
    let whole = study.run("whole", &["--threads", "1"]);
    let cut = study.out("cut");
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("recsafe"))
        .args(["run", &study.file(), "--out", cut.to_str().unwrap(), "--threads", "1", "--quiet"])
        .spawn()
        .unwrap();
    let finished =
        || std::fs::read_to_string(cut.join("manifest.json")).map_or(0, |text| text.matches("\"done\"").count());
    let began = Instant::now();
    while finished() < 2 && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_mins(2), "no run was finished");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap(); // SIGKILL: the program can do nothing about it
    child.wait().unwrap();
    let before = finished();
    assert!((2..8).contains(&before), "{before} of 8 runs were finished when it was killed");

    recsafe(&["run", &study.file(), "--out", cut.to_str().unwrap()]).assert().code(2);
    let resumed = study.run("cut", &["--resume"]);
    assert_eq!(differing(&whole.files(), &resumed.files()), Vec::<String>::new());
    assert!(!cut.join(".partial").exists() || std::fs::read_dir(cut.join(".partial")).unwrap().next().is_none());
}

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
fn changed_settings_are_never_mixed_with_old_runs() {
    let study = Study::small(2, 1, ARMS);
    let results = study.run("out", &[]);
    let before = results.files();
    recsafe(&["run", &study.file(), "--out", results.0.to_str().unwrap(), "--resume", "--set", "feed.explore=0.5"])
        .assert()
        .code(2);
    assert_eq!(differing(&before, &results.files()), Vec::<String>::new());
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
