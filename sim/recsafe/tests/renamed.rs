//! A folder of an earlier program, with other names of settings, metrics and interventions, can be
//! resumed without repeating runs.
//!
//! The earlier names are invented: this test gives current names other ids, as after a renaming.
//! The test has a separate process, because these names apply to the whole process.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use recsafe_config::plan::RunParts;
use recsafe_config::{Experiment, Input, Plan, Run};
use recsafe_engine::measure::metrics;
use recsafe_names::{Names, Row, kind};
use recsafe_results::{Folder, checksum, read, run_id, write};
use recsafe_run::{Options, RunSettings, State, run, verify};
use recsafe_stats::rows::MetricRow;
use serde_json::Value as Json;

const FILE: &str = r#"
[experiment]
name = "test"
days = 2
warm_up_days = 1
seeds = 2
[population]
accounts = 300
[output]
exposures = 0.1
[[probe]]
script = "clicker"
[[arm]]
name = "as-is"
[[arm]]
name = "limited"
interventions = [{ kind = "daily-limit", slates = 2, audience = "minors", efficacy = 0.5 }]
"#;

/// Renamed items. Each item has a kind, a current name, and a name in the earlier program, which
/// equals the id.
const EARLIER: [(&str, &str, &str); 12] = [
    (kind::SETTING, "population.accounts", "world.size"),
    (kind::SETTING, "harm.threshold", "damage.from"),
    (kind::SETTING, "harm.severe", "damage.severe"),
    (kind::SETTING, "output.exposures", "output.impressions"),
    (kind::SETTING, "probe.script", "probe.plan"),
    ("value:probe.script", "clicker", "tempted"),
    ("entry:feed.ranker", "value-model", "weighted"),
    ("entry:interventions", "daily-limit", "cap"),
    ("knob:interventions.daily-limit", "slates", "most"),
    ("knob:interventions.*", "audience", "reach"),
    (kind::METRIC, "dose", "exposure"),
    (kind::GROUP, "minor", "teen"),
];

/// Returns the current names after these renamings.
fn after_renaming(today: &Names) -> Names {
    let id = |row: &Row| {
        EARLIER.iter().find(|(kind, name, _)| row.kind == *kind && row.name.as_deref() == Some(*name)).map(|it| it.2)
    };
    // Knobs and words are listed under the ids of their owners.
    let kind = |kind: &str| kind.replace(".daily-limit", ".cap").replace(".value-model", ".weighted");
    let word = |kind: &str| kind.replace("value:probe.script", "value:probe.plan").replace("*.population", "*.reach");
    let renamed = |row: &Row| Row {
        kind: word(&kind(&row.kind)),
        id: id(row).map_or_else(|| row.id.clone(), str::to_owned),
        ..row.clone()
    };
    Names::of(today.rows().iter().map(renamed).collect()).unwrap()
}

/// Returns the names of the earlier program, where each name equals its id. The table also accepts
/// current names, because the types of probes and output write current names.
fn before_renaming(names: &Names) -> Names {
    let today = |row: &Row| row.name.clone().filter(|name| *name != row.id).into_iter().collect();
    let first = |row: &Row| Row { name: Some(row.id.clone()), older: today(row), ..row.clone() };
    Names::of(names.rows().iter().map(first).collect()).unwrap()
}

fn experiment() -> Experiment {
    let input = Input { text: FILE.to_owned(), metrics: metrics::known(), ..Input::default() };
    Experiment::read(&input).unwrap_or_else(|problems| panic!("{}", problems.render(false, 100)))
}

fn json(path: &Path) -> Json {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn keep(path: &Path, value: &Json) {
    std::fs::write(path, serde_json::to_vec_pretty(value).unwrap()).unwrap();
}

/// Writes the settings and metrics of a run as the earlier program did. Returns the checksums.
fn write_run_as_before(folder: &Path, names: &Names) -> Vec<(&'static str, String)> {
    let settings = folder.join("settings.json");
    let mut stored = json(&settings);
    for key in ["world", "before", "policy"] {
        stored[key] = names.canonical(&stored[key]);
    }
    stored["probes"] = names.canonical_section("probe", &stored["probes"]);
    stored["output"] = names.canonical_section("output", &stored["output"]);
    keep(&settings, &stored);
    let metrics = folder.join("metrics.parquet");
    let id = |kind: &str, name: &str| names.id(kind, name).to_owned();
    let before = |row: MetricRow| MetricRow {
        metric: id(kind::METRIC, &row.metric).into(),
        group: id(kind::GROUP, &row.group),
        ..row
    };
    let rows: Vec<MetricRow> = read(&metrics).unwrap();
    write(&metrics, rows.into_iter().map(before)).unwrap();
    [("settings.json", settings), ("metrics.parquet", metrics)]
        .map(|(name, path)| (name, checksum(&path).unwrap()))
        .into()
}

/// Writes a whole folder as the earlier program did.
fn write_as_before(out: &Path, names: &Names) {
    let mut manifest = json(&out.join("manifest.json"));
    for run in 0..manifest["runs"].as_array().unwrap().len() {
        let id = run_id(manifest["runs"][run]["hash"].as_str().unwrap());
        let folder = out.join(format!("runs/run={id}"));
        let record = folder.join("run.json");
        let mut stored = json(&record);
        for (file, sum) in write_run_as_before(&folder, names) {
            stored["files"][file] = sum.clone().into();
            manifest["runs"][run]["files"][file] = sum.into();
        }
        keep(&record, &stored);
    }
    for key in ["harm", "cost"] {
        let (metric, group) = manifest["experiment"][key].as_str().unwrap().split_once('@').unwrap();
        manifest["experiment"][key] =
            format!("{}@{}", names.id(kind::METRIC, metric), names.id(kind::GROUP, group)).into();
    }
    for arm in manifest["arms"].as_array_mut().unwrap() {
        arm["settings"] = names.canonical(&arm["settings"]);
    }
    keep(&out.join("manifest.json"), &manifest);
}

#[test]
fn a_folder_of_earlier_names_goes_on_and_no_run_is_made_again() {
    let today = Names::parse(include_str!("../../names/names.csv")).unwrap();
    let names = after_renaming(&today);
    names.clone().make_present().unwrap();
    let (experiment, folder) = (experiment(), tempfile::tempdir().unwrap());
    let plan = Plan::new(&experiment);
    let hash_before = |run: &Run| {
        let stored = RunSettings::of(&experiment, run);
        let parts = RunParts {
            version: &stored.version,
            world: &names.canonical(&stored.world),
            before: &names.canonical(&stored.before),
            policy: &names.canonical(&stored.policy),
            days: stored.days,
            probes: &names.canonical_section("probe", &serde_json::json!(stored.probes)),
            output: &names.canonical_section("output", &stored.output),
            seed: run.seed,
        };
        parts.hash_under(&before_renaming(&names))
    };
    for run in &plan.runs {
        assert_eq!(hash_before(run), run.hash, "the earlier program has the same hashes");
    }

    let options = Options::new(folder.path().join("out"), 2);
    let made = run(&experiment, &options, &AtomicBool::new(false)).unwrap().finished;
    assert_eq!(made, 4);
    let (before, manifest) = (means(&options.out), Folder::new(&options.out).manifest().unwrap());
    write_as_before(&options.out, &names);
    let text = std::fs::read_to_string(options.out.join("manifest.json")).unwrap();
    assert!(["exposure@teen", "\"cap\"", "\"damage\"", "\"reach\""].iter().all(|word| text.contains(word)), "{text}");

    // The folder is read as if today's program had written it.
    let read = Folder::new(&options.out).manifest().unwrap().unwrap();
    let written = manifest.unwrap();
    assert_eq!((&read.experiment, &read.arms), (&written.experiment, &written.arms));
    for (run, entry) in plan.runs.iter().zip(&read.runs) {
        let stored = RunSettings::kept(&Folder::new(&options.out).run_path(entry)).unwrap();
        assert_eq!(stored, RunSettings::of(&experiment, run));
        assert_eq!(stored.hash(), run.hash);
        assert_eq!(
            stored.resolved().unwrap().arm.world.population,
            experiment.arms[run.arm].points[0].world.population
        );
    }
    assert_eq!(means(&options.out), before);
    let found = verify(&Folder::new(&options.out)).unwrap();
    let bad = |state: &State| matches!(state, State::Damaged | State::OtherSettings | State::NotRun);
    assert!(found.iter().all(|finding| !bad(&finding.state)), "{found:?}");

    let outcome = run(&experiment, &Options { resume: true, ..options.clone() }, &AtomicBool::new(false)).unwrap();
    assert_eq!((outcome.reused, outcome.finished, outcome.manifest.others.len()), (4, 0, 0));
    assert_eq!(means(&options.out), before);
}

/// Returns the means by metric, group and arm.
fn means(out: &Path) -> Vec<(String, String, String, Option<f64>)> {
    let compared = Folder::new(out).compared(&[], None).unwrap().unwrap();
    assert_eq!(compared.question.harm.to_string(), "dose@minor");
    let rows: Vec<_> = compared.rows.into_iter().map(|row| (row.metric, row.group, row.arm, row.mean)).collect();
    assert!(rows.iter().any(|row| row.0 == "dose" && row.1 == "minor" && row.3.is_some()));
    rows
}
