//! Where files are in a results folder, and what they are called.

use std::path::{Path, PathBuf};

use recsafe_config::manifest::RunEntry;

/// The file that says what the folder holds.
pub(super) const MANIFEST: &str = "manifest.json";

/// Checksums of the files that no other file has one of, in a part of a study that is whole. Its name says whose it is.
pub(super) const SEAL: &str = "recsafe.sha256";

/// The folder of all runs.
pub(super) const RUNS: &str = "runs";

/// The folder of all checkpoints.
pub(super) const CHECKPOINTS: &str = "checkpoints";

/// What a run's folder says of itself.
pub(super) const RECORD: &str = "run.json";

/// What decides a run, in its folder.
pub const SETTINGS: &str = "settings.json";

/// The folder of everything that is not whole yet. Its name says whose it is.
pub(super) const ASIDE: &str = ".recsafe-aside";

/// The folder that keeps the experiment file and the files that it names.
pub const INPUTS: &str = "experiment";

/// The folder of the winner of a search: a results folder of its own.
pub const WINNER: &str = "winner";

/// What is at the root of every results folder, or may be, beside the files of the whole experiment.
pub(super) const FIXED: [&str; 7] = [MANIFEST, SEAL, RUNS, CHECKPOINTS, WINNER, INPUTS, ASIDE];

/// Files of the whole experiment, at the folder's root.
pub(super) const ROOT_FILES: [&str; 11] = [
    "runs.parquet",
    "points.parquet",
    "metrics.parquet",
    "daily.parquet",
    "comparison.parquet",
    "candidates.parquet",
    "sensitivity.parquet",
    "report.html",
    "report-brief.html",
    "report-against.html",
    "report-brief-against.html",
];

/// What the name of a run's folder begins with. The letter keeps readers of partitioned tables from taking a hash for a number.
const RUN_PREFIX: &str = "run=r";

/// Digits of a run's hash that its name keeps: enough to tell a million million runs apart.
const DIGITS: usize = 16;

/// The name of a run in tables, made of the hash of what decides it: `r` and 16 hexadecimal digits.
#[must_use]
pub fn run_id(hash: &str) -> String {
    format!("r{}", hash.get(..DIGITS).unwrap_or(hash))
}

/// The folder of the run with this hash, from the root.
pub(super) fn run_folder(hash: &str) -> PathBuf {
    Path::new(RUNS).join(format!("run={}", run_id(hash)))
}

/// Whether this is the name of a run's folder.
pub(super) fn names_a_run(name: &str) -> bool {
    name.strip_prefix(RUN_PREFIX).is_some_and(|digits| digits.len() == DIGITS && is_hex(digits))
}

/// Whether a text is a SHA-256 in hexadecimal.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 64 && is_hex(text)
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Where the files of a run are, from the root.
#[must_use]
pub fn run_place(run: &RunEntry) -> PathBuf {
    if run.earlier { earlier_run_folder(&run.arm, run.point, run.seed) } else { run_folder(&run.hash) }
}

/// Where a run was in the layout of version 0.1.0: by arm, point and seed.
fn earlier_run_folder(arm: &str, point: u32, seed: u64) -> PathBuf {
    Path::new(RUNS).join(format!("arm={arm}")).join(format!("point={point}")).join(format!("seed={seed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_by_a_letter_and_the_start_of_its_hash() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(run_id(&hash), "r0123456789abcdef");
        assert_eq!(run_folder(&hash), Path::new("runs/run=r0123456789abcdef"));
        assert!(names_a_run("run=r0123456789abcdef") && is_hash(&hash));
        for other in
            ["run=0123456789abcdef", "run=r0123", "run=r0123456789abcdeg", "arm=as-is", "run=r0123456789ABCDEF"]
        {
            assert!(!names_a_run(other), "{other}");
        }
        assert!(!is_hash("../../../etc/passwd") && !is_hash(&hash[1..]) && !is_hash(&hash.to_uppercase()));
    }
}
