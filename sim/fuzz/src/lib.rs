//! What the fuzz targets share.
#![deny(missing_docs)]

use std::path::{Path, PathBuf};

use recsafe_config::input::Purpose;
use recsafe_config::{Experiment, Input, KnownMetric, MetricFacts, Plan};

/// Runs of an experiment up to which its plan is made too: a plan of a million runs is right and takes long.
const PLANNED: usize = 64;

/// An input of a target that reads experiments.
#[must_use]
pub fn input(text: &str, set: Vec<String>, file: &Path) -> Input {
    let groups = || ["all", "minor", "minor:declared-adult"].map(str::to_owned).to_vec();
    let facts = |id: &str| MetricFacts { id: id.to_owned(), groups: groups(), ..MetricFacts::default() };
    let metric = |id: &str| KnownMetric::from(facts(id));
    let metrics = ["dose", "engagement", "prevalence"].map(metric).to_vec();
    Input { file: file.to_owned(), text: text.to_owned(), set, metrics, ..Input::default() }
}

/// Reads it for both purposes. What is good must have a plan; what is not must be told in words, and not in too many.
///
/// # Panics
/// If a problem is told without a word, or in a text that nobody would read.
pub fn read(input: &Input) {
    for purpose in [Purpose::Run, Purpose::Optimise] {
        match Experiment::read(&Input { purpose, ..input.clone() }) {
            Ok(experiment) => plan(&experiment),
            Err(problems) => {
                let told = problems.render(false, 100);
                assert!(!told.trim().is_empty(), "a problem without a word");
                assert!(told.len() < 4 << 20, "{} bytes of problems", told.len());
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

/// A folder of this process for files that have to be read from a disk.
///
/// # Panics
/// If it cannot be made.
#[must_use]
pub fn scratch() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = root.join(format!("recsafe-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a fuzz target needs a folder to write to");
    folder
}
