//! Folders of version 0.1.0, which stored runs by arm, point and seed. Such folders can be read,
//! and they can be converted without repeating a run.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::path::{Path, PathBuf};

use recsafe_results::Folder;
use support::{everything, flat, recsafe};
use tempfile::TempDir;

/// Returns a copy of a folder from version 0.1.0, with its experiment.
fn earlier() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/earlier-layout");
    let copied = std::process::Command::new("cp").arg("-r").arg(from.join(".")).arg(folder.path()).status().unwrap();
    assert!(copied.success());
    let results = folder.path().join("results");
    (folder, results)
}

/// Returns the means of every metric under both arms.
fn means(results: &Path) -> Vec<(String, serde_json::Value, serde_json::Value)> {
    let out = recsafe(&["compare", results.to_str().unwrap(), "--format", "json"]).assert().success();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&out.get_output().stdout).unwrap();
    let row = |row: &serde_json::Value| {
        (
            format!("{}@{} {}", row["metric"], row["group"], row["arm"]),
            row["mean"].clone(),
            row["mean_baseline"].clone(),
        )
    };
    rows.iter().map(row).collect()
}

fn converted(results: &Path) -> String {
    let out = recsafe(&["verify", results.to_str().unwrap(), "--upgrade"]).assert().success();
    flat(&out.get_output().stderr)
}

#[test]
fn a_folder_of_the_earlier_layout_is_read_and_says_how_to_convert_it() {
    let (folder, results) = earlier();
    let (dir, before) = (results.to_str().unwrap().to_owned(), everything(&results));
    assert!(means(&results).len() > 20);
    let verified = recsafe(&["verify", &dir]).assert().success().get_output().clone();
    assert!(flat(&verified.stderr).contains(&format!("To convert it: recsafe verify {dir} --upgrade")));
    recsafe(&["trace", &dir, "--find", "minor"]).assert().success();
    let file = folder.path().join("experiment.toml");
    let refused = recsafe(&["run", file.to_str().unwrap(), "--out", &dir, "--resume"]).assert().code(2);
    let refused = flat(&refused.get_output().stderr);
    assert!(
        refused.contains("has the layout of version 0.1.0") && refused.contains(&format!("verify {dir} --upgrade")),
        "{refused}"
    );
    recsafe(&["run", file.to_str().unwrap(), "--out", &dir]).assert().code(2);
    assert_eq!(everything(&results), before);
}

#[test]
fn a_converted_folder_gives_the_same_means_and_has_nothing_of_the_earlier_layout() {
    let (_folder, results) = earlier();
    let before = means(&results);
    assert!(converted(&results).contains("converted to the present layout: 2."), "as-is and same share their files");
    assert_eq!(means(&results), before);
    assert!(everything(&results).keys().all(|name| !name.contains("arm=")));
    let folder = Folder::new(&results);
    let manifest = folder.manifest().unwrap().unwrap();
    assert!(!manifest.is_earlier() && manifest.runs.len() == 3 && folder.run_folders().unwrap().len() == 2);
    assert_eq!(folder.read_index().unwrap().unwrap().len(), 3);
    for table in ["metrics.parquet", "daily.parquet", "comparison.parquet", "report.html"] {
        assert!(results.join(table).is_file(), "{table}");
    }
    let again = everything(&results);
    assert!(
        converted(&results).contains("converted to the present layout: 0."),
        "a second time there is nothing to do"
    );
    assert_eq!(everything(&results).len(), again.len());
}

#[test]
fn a_conversion_that_was_cut_short_goes_on() {
    let (_folder, results) = earlier();
    let before = means(&results);
    let fresh = {
        let (keep, results) = earlier();
        converted(&results);
        let all = everything(&results);
        drop(keep);
        all
    };
    // The conversion is interrupted before the manifest is written: runs are in both places.
    let whole = everything(&results);
    converted(&results);
    for (name, bytes) in whole.iter().filter(|(name, _)| name.contains("arm=")) {
        std::fs::create_dir_all(results.join(name).parent().unwrap()).unwrap();
        std::fs::write(results.join(name), bytes).unwrap();
    }
    for name in ["runs.parquet", "metrics.parquet"] {
        std::fs::remove_file(results.join(name)).unwrap();
    }
    std::fs::write(results.join("manifest.json"), &whole["manifest.json"]).unwrap();
    converted(&results);
    assert_eq!(means(&results), before);
    // The conversion is interrupted after the manifest is written: the rest of the old folders is
    // deleted.
    for (name, bytes) in whole.iter().filter(|(name, _)| name.contains("arm=newest")) {
        std::fs::create_dir_all(results.join(name).parent().unwrap()).unwrap();
        std::fs::write(results.join(name), bytes).unwrap();
    }
    converted(&results);
    let now = everything(&results);
    assert_eq!(now.keys().collect::<Vec<_>>(), fresh.keys().collect::<Vec<_>>());
    assert!(now.iter().all(|(name, bytes)| !name.ends_with(".parquet") || fresh[name] == *bytes));
}

#[test]
fn a_removal_that_was_cut_short_anywhere_goes_on() {
    let (_folder, first) = earlier();
    let before = everything(&first);
    converted(&first);
    let fresh: Vec<String> = everything(&first).into_keys().collect();
    let old: Vec<&String> = before.keys().filter(|name| name.contains("arm=newest")).collect();
    let path = "runs/arm=newest/point=0/seed=1";
    let (records, tables): (Vec<&String>, Vec<&String>) = old.into_iter().partition(|name| name.ends_with("run.json"));
    let removed: Vec<&String> = tables.into_iter().chain(records).collect();
    assert!(removed.len() > 3);
    for left in 0..=removed.len() {
        let (_folder, results) = earlier();
        converted(&results);
        std::fs::create_dir_all(results.join(path)).unwrap();
        for name in &removed[removed.len() - left..] {
            std::fs::write(results.join(name), &before[*name]).unwrap();
        }
        converted(&results);
        assert_eq!(everything(&results).into_keys().collect::<Vec<_>>(), fresh, "{left} files left");
        assert!(!results.join("runs/arm=newest").exists(), "{left} files left");
    }
}

#[test]
fn a_damaged_run_is_left_where_it_is() {
    let (_folder, results) = earlier();
    let damaged = results.join("runs/arm=newest/point=0/seed=1/daily.parquet");
    std::fs::write(&damaged, "not parquet").unwrap();
    let out = recsafe(&["verify", results.to_str().unwrap(), "--upgrade"]).assert().code(1);
    assert!(flat(&out.get_output().stderr).contains("because of damaged files: 1. They remain in runs/arm=..."));
    assert_eq!(std::fs::read(&damaged).unwrap(), b"not parquet");
    assert_eq!(Folder::new(&results).manifest().unwrap().unwrap().runs.len(), 2);
}

#[test]
fn a_conversion_that_is_killed_at_any_moment_is_made_again() {
    let mut chance = support::Chance::new();
    let whole = {
        let (_folder, results) = earlier();
        converted(&results);
        everything(&results)
    };
    for _ in 0..12 {
        let (_folder, results) = earlier();
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("recsafe"))
            .args(["verify", results.to_str().unwrap(), "--upgrade"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_secs_f64(0.08 * chance.unit()));
        child.kill().unwrap();
        child.wait().unwrap();
        recsafe(&["compare", results.to_str().unwrap()]).assert().success();
        converted(&results);
        let now = everything(&results);
        let names = |all: &std::collections::BTreeMap<String, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&now), names(&whole), "seed {}", chance.seed);
        let is_table = |name: &&String| name.ends_with(".parquet");
        assert!(now.keys().filter(is_table).all(|name| now[name] == whole[name]), "seed {}", chance.seed);
    }
}
