//! A panicking run does not affect other runs and is reported in one line. Only a bug can cause a
//! panic.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use recsafe_config::{Experiment, Input};
use recsafe_engine::measure::metrics;
use recsafe_results::{Folder, RunStatus};
use recsafe_run::{Options, RunError, run};
use support::{Study, differing};

const ARMS: &str = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"broken\"\nset = { \"feed.slate\" = 5 }\n[[arm]]\nname = \"last\"\nset = { \"feed.slate\" = 7 }\n";

fn read(study: &Study) -> Experiment {
    let text = std::fs::read_to_string(study.file()).unwrap();
    Experiment::read(&Input { file: study.file().into(), text, metrics: metrics::known(), ..Input::default() }).unwrap()
}

fn options(out: &Path, threads: usize) -> Options {
    Options { resume: true, ..Options::new(out.to_owned(), threads) }
}

#[test]
fn a_run_that_panics_is_named_with_its_seed_and_day_and_the_others_are_made() {
    recsafe_results::panics::tell_once(|_| ());
    let study = Study::small(3, 2, ARMS);
    let whole = study.run("whole", &[]);
    for threads in [1, 2] {
        let out = study.out(&format!("out-{threads}"));
        let mut experiment = read(&study);
        // The reader refuses this value in a file. The engine divides by it.
        experiment.arms[1].points[0].policy.enforcement.account_rescore_days = 0;
        let error = run(&experiment, &options(&out, threads), &AtomicBool::new(false)).unwrap_err();
        let RunError::Panicked { run: named, message } = &error else { panic!("{error}") };
        assert!(named == "broken, seed 1, day 0" || (threads > 1 && named == "broken, seed 2, day 0"), "{named}");
        assert!(message.contains("divisor of zero") && message.contains("detection.rs:"), "{message}");
        assert!(
            error.to_string().contains("internal error, not a mistake in your file (please report it)")
                && error.to_string().lines().count() == 1
        );

        let manifest = Folder::new(&out).manifest().unwrap().unwrap();
        let retained: Vec<(&str, u64)> = manifest.runs.iter().map(|run| (run.arm.as_str(), run.seed)).collect();
        assert_eq!(retained, [("as-is", 1), ("last", 1), ("as-is", 2), ("last", 2)], "finished runs are kept");
        let index = Folder::new(&out).read_index().unwrap().unwrap();
        let missing = index.iter().filter(|row| row.status == RunStatus::Missing);
        assert_eq!(missing.map(|row| (row.arm.as_str(), row.seed)).collect::<Vec<_>>(), [("broken", 1), ("broken", 2)]);

        // After the fault is fixed, only the missing run is simulated.
        let outcome = run(&read(&study), &options(&out, threads), &AtomicBool::new(false)).unwrap();
        assert_eq!((outcome.reused, outcome.finished), (4, 2));
        drop(outcome); // releases the folder
        let resumed = study.run(&format!("out-{threads}"), &["--resume"]);
        assert_eq!(differing(&whole.files(), &resumed.files()), Vec::<String>::new());
    }
}

#[test]
fn a_warm_up_that_panics_is_named_with_its_seed() {
    recsafe_results::panics::tell_once(|_| ());
    let study = Study::small(2, 1, "");
    let mut experiment = read(&study);
    experiment.before[0].policy.enforcement.account_rescore_days = 0;
    let error = run(&experiment, &options(&study.out("out"), 1), &AtomicBool::new(false)).unwrap_err();
    let RunError::Panicked { run: named, .. } = &error else { panic!("{error}") };
    assert_eq!(named, "warm-up, seed 1, day 0");
    assert!(Folder::new(&study.out("out")).manifest().unwrap().unwrap().runs.is_empty());
}

#[test]
fn a_run_whose_scores_cannot_be_used_is_named_with_day_and_account_and_the_others_are_made() {
    let study = Study::small(3, 1, ARMS);
    for threads in [1, 2] {
        let out = study.out(&format!("out-{threads}"));
        let mut experiment = read(&study);
        // The reader refuses this value in a file, because it is outside the knob's range. All
        // scores are infinite.
        experiment.arms[1].points[0].policy.feed.ranker.0.knobs.insert("negative_weight".to_owned(), 1e300.into());
        let error = run(&experiment, &options(&out, threads), &AtomicBool::new(false)).unwrap_err();
        let RunError::Day { run: named, source } = &error else { panic!("{error}") };
        assert_eq!((named.as_str(), source.day), ("broken, seed 1", 0));
        let (said, begin) = (error.to_string(), format!("broken, seed 1, day 0, account {}", source.account.0));
        assert!(said.starts_with(&format!("{begin}: ranker `value-model`: score 0 of ")), "{said}");
        assert!(said.ends_with(" is -inf, but scores must be finite"), "{said}");
        let manifest = Folder::new(&out).manifest().unwrap().unwrap();
        let retained: Vec<&str> = manifest.runs.iter().map(|run| run.arm.as_str()).collect();
        assert_eq!(retained, ["as-is", "last"], "nothing of the run is kept");
    }
}
