//! Shared code of the fuzz targets.
#![deny(missing_docs)]

use std::path::{Path, PathBuf};

use recsafe_config::input::Purpose;
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts, Plan};

/// A plan is built only if the experiment has at most this number of runs. A plan of a million runs
/// is valid but takes too long.
const PLANNED: usize = 64;

/// Returns an input for a target that reads experiments.
#[must_use]
pub fn input(text: &str, set: Vec<String>, file: &Path) -> Input {
    let groups = || ["all", "minor", "minor:declared-adult"].map(str::to_owned).to_vec();
    let facts = |id: &str| MetricFacts { id: id.to_owned(), groups: groups(), ..MetricFacts::default() };
    let metric = |id: &str| KnownMetric::from(facts(id));
    let metrics = ["dose", "engagement", "prevalence"].map(metric).to_vec();
    Input { file: file.to_owned(), text: text.to_owned(), set, metrics, ..Input::default() }
}

/// Reads an input twice: for a run and for an optimisation. Builds the plan of a valid input. For
/// an invalid input, checks the length of the message.
///
/// # Panics
/// Panics if the message about an invalid input is empty or longer than 4 MiB, or if a plan has the
/// wrong number of runs.
pub fn read(input: &Input) {
    for purpose in [Purpose::Run, Purpose::Optimise] {
        match Experiment::read(&Input { purpose, ..input.clone() }) {
            Ok(experiment) => plan(&experiment),
            Err(problems) => {
                let message = problems.render(false, 100);
                assert!(!message.trim().is_empty(), "a problem has an empty message");
                assert!(message.len() < 4 << 20, "the messages are {} bytes long", message.len());
            }
        }
    }
}

fn plan(experiment: &Experiment) {
    let settings = experiment.arms.len() * experiment.points.len();
    let seeds = experiment.about.seeds.count() as usize;
    if settings.saturating_mul(seeds) <= PLANNED {
        let plan = Plan::new(experiment);
        assert_eq!(plan.runs.len(), settings * seeds);
    }
}

/// Creates and returns a folder of this process for files that must be read from a disk.
///
/// # Panics
/// Panics if the folder cannot be created.
#[must_use]
pub fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = root.join(format!("recsafe-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
    folder
}
