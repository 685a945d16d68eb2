//! Time and memory of whole runs, as CSV on standard output. These are the raw numbers of
//! `docs/performance.md`.
//!
//! `make performance` measures all cases, which takes an hour and a half. To measure some of them,
//! use `cargo run --release --example performance -- NAME...`. No other programs should run
//! meanwhile.
#![allow(clippy::expect_used, reason = "a bench may fail")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod beside;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use beside::program;
use recsafe_engine::phase::Phase;
use recsafe_results::Folder;

/// A measured case.
struct Case {
    name: &'static str,
    /// The number of measurements.
    times: u32,
    threads: u32,
    experiment: Experiment,
}

enum Experiment {
    /// A shipped experiment, by name.
    Shipped(&'static str),
    /// Days of warm-up and measured days, seeds, accounts, and more lines of the file.
    Made { days: (u32, u32), seeds: u32, accounts: u32, more: &'static str },
}

use Experiment::{Made, Shipped};

/// Three interventions that act on every feed request: on the candidates, the scores and the slate.
const RULES: &str = "[[arm]]\nname = \"rules\"\ninterventions = [{ kind = \"demote-predicted-harm\" }, { kind = \"remove-from-recommendation\" }, { kind = \"frequency-cap\" }]\n";

const FACTORIZATION: &str = "[feed]\nranker = { kind = \"factorization\" }\n";
const COLLABORATIVE: &str = "[feed]\nranker = { kind = \"collaborative\" }\n";
const BANDIT: &str = "[feed]\nranker = { kind = \"bandit\" }\n";

/// A sweep of two settings with 64 points and four arms.
const SWEEP: &str = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"newest\"\nset = { \"feed.ranker\" = { kind = \"chronological\" } }\n\
    [[arm]]\nname = \"demote\"\ninterventions = [{ kind = \"demote-predicted-harm\" }]\n\
    [[arm]]\nname = \"cap\"\ninterventions = [{ kind = \"frequency-cap\" }]\n\
    [sweep]\n\"behavior.interest_drift\" = [0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035]\n\
    \"content.borderline\" = [0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16]\n";

const fn made(days: (u32, u32), seeds: u32, accounts: u32, more: &'static str) -> Experiment {
    Made { days, seeds, accounts, more }
}

const fn case(name: &'static str, times: u32, threads: u32, experiment: Experiment) -> Case {
    Case { name, times, threads, experiment }
}

const CASES: [Case; 14] = [
    case("10k", 5, 1, made((1, 2), 1, 10_000, "")),
    case("100k", 5, 1, made((4, 3), 1, 100_000, "")),
    case("100k-2-threads", 5, 2, made((4, 3), 1, 100_000, "")),
    case("100k-rules", 5, 1, made((4, 3), 1, 100_000, RULES)),
    case("100k-factorization", 2, 1, made((4, 3), 1, 100_000, FACTORIZATION)),
    case("100k-collaborative", 2, 1, made((4, 3), 1, 100_000, COLLABORATIVE)),
    case("100k-bandit", 2, 1, made((4, 3), 1, 100_000, BANDIT)),
    case("1M", 1, 1, made((1, 2), 1, 1_000_000, "")),
    case("1M-rules", 1, 1, made((1, 2), 1, 1_000_000, RULES)),
    case("large", 1, 2, Shipped("large")),
    case("10M", 1, 2, made((1, 2), 1, 10_000_000, "")),
    case("quickstart", 5, 2, Shipped("quickstart")),
    case("sweep", 1, 2, made((7, 28), 8, 2_000, SWEEP)),
    case("sweep-1-seed", 1, 2, made((7, 28), 1, 2_000, SWEEP)),
];

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = names.iter().find(|name| CASES.iter().all(|case| case.name != **name)) {
        let known: Vec<&str> = CASES.iter().map(|case| case.name).collect();
        eprintln!("error: there is no case `{unknown}`\nCases: {}", known.join(", "));
        return ExitCode::from(2);
    }
    println!(
        "case,time,threads,runs,accounts,days,impressions,wall_s,cpu_s,feed_impressions,feed_s,generation_s,peak_bytes"
    );
    for case in CASES.iter().filter(|case| names.is_empty() || names.iter().any(|name| name == case.name)) {
        for time in 1..=case.times {
            println!("{}", measured(case, time));
        }
    }
    ExitCode::SUCCESS
}

/// Runs one case, and returns a CSV row with its time and memory. Feed impressions and feed time
/// are for measured days only, because the warm-up can have other interventions.
fn measured(case: &Case, time: u32) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be created");
    let (file, out) = (file(&case.experiment, folder.path()), folder.path().join("out"));
    let began = Instant::now();
    let mut command = Command::new(program());
    command.arg("run").arg(&file).arg("--out").arg(&out).args(["--quiet", "--threads", &case.threads.to_string()]);
    let output = command.output().expect("the program can be started");
    let wall = began.elapsed().as_secs_f64();
    assert!(output.status.success(), "{}: {}", case.name, String::from_utf8_lossy(&output.stderr));
    let manifest = Folder::new(&out).manifest().expect("the manifest can be read").expect("a manifest was written");
    let number = |path: &str| {
        manifest.arms[0].setting(path).and_then(serde_json::Value::as_u64).expect("the manifest has all settings")
    };
    let (runs, warm_ups) = (&manifest.runs, &manifest.warm_ups);
    let feed_impressions: u64 = runs.iter().map(|run| run.impressions).sum();
    let impressions = feed_impressions + warm_ups.iter().map(|warm_up| warm_up.impressions).sum::<u64>();
    let cpu = runs.iter().map(|run| run.cpu_s).chain(warm_ups.iter().map(|warm_up| warm_up.cpu_s)).sum::<f64>();
    let feed: f64 = runs.iter().map(|run| run.phases_s[Phase::Feed.name()]).sum();
    let generation: f64 = warm_ups.iter().map(|warm_up| warm_up.generation_s).sum();
    let peak = runs.iter().map(|run| run.peak_bytes).max().unwrap_or(0);
    let measured = manifest.experiment.days;
    format!(
        "{},{time},{},{},{},{}+{measured},{impressions},{wall:.2},{cpu:.2},{feed_impressions},{feed:.2},{generation:.2},{peak}",
        case.name,
        case.threads,
        runs.len(),
        number("population.accounts"),
        number("warm_up_days"),
    )
}

/// Returns the path of a case's experiment file, and writes the file if it is not a shipped one.
fn file(experiment: &Experiment, folder: &Path) -> PathBuf {
    let (days, seeds, accounts, more) = match experiment {
        Shipped(name) => {
            return Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../experiments/{name}.toml"));
        }
        Made { days, seeds, accounts, more } => (days, seeds, accounts, more),
    };
    let file = folder.join("performance.toml");
    let (warm_up, measured) = days;
    let text = format!(
        "[experiment]\nname = \"performance\"\nwarm_up_days = {warm_up}\ndays = {measured}\nseeds = {seeds}\n[population]\naccounts = {accounts}\n{more}"
    );
    std::fs::write(&file, text).expect("the file can be written");
    file
}
