//! Golden worlds: `golden.toml` contains hashes of every value of three small experiments. If a
//! hash changes, results of users change.
//!
//! Columns, metrics and words in cells are identified by canonical ids, so renaming them changes no
//! hash.
//!
//! `make golden` renews the hashes, but only if `CHANGELOG.md` says which results change. The
//! hashes are computed from the values of columns. The bytes of files are not hashed, because they
//! also depend on the version of the Parquet writer.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/in_batches.rs"]
#[allow(dead_code, reason = "each test file uses a part")]
mod in_batches;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use in_batches::{InBatches, Sizes};
use polars::prelude::{Column, DataFrame, DataType, ParquetReader, SerReader};
use recsafe_common::catalogue::Chosen;
use recsafe_config::plan::VERSION;
use recsafe_config::release::{Results, results};
use recsafe_config::{Experiment, Input};
use recsafe_engine::measure::metrics;
use recsafe_engine::{DayReport, LifetimeOutput, Named, Rules, Scenario, Simulation};
use recsafe_names::{Names, cells, kind};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::settings::PolicySettings;
use recsafe_results::{run_place, write};
use recsafe_run::{Options, run};
use recsafe_stats::rows::OF_A_RUN;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const WORLDS: [(&str, &str); 3] = [
    ("default", include_str!("golden/default.toml")),
    ("contact", include_str!("golden/contact.toml")),
    ("learning", include_str!("golden/learning.toml")),
];
/// Number of hexadecimal digits of a stored hash.
const DIGITS: usize = 16;

/// Hashes by world and by column or metric.
type Hashes = BTreeMap<String, BTreeMap<String, String>>;

/// The stored hashes.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Golden {
    /// Version of the program.
    version: String,
    /// The results number, as in `sim/config/worlds/results.toml`. Each change of results increases
    /// the number by 1.
    results: u32,
    /// Hash of the section "Results change" of `CHANGELOG.md`.
    said: String,
    worlds: Hashes,
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn minted() -> Option<Golden> {
    let text = std::fs::read_to_string(folder().join("tests/golden.toml")).ok()?;
    Some(toml::from_str(&text).unwrap())
}

/// Returns the section "Results change" of the first release in the changelog. This release is in
/// preparation.
fn said() -> String {
    let changes = std::fs::read_to_string(folder().join("../../CHANGELOG.md")).unwrap();
    let newest = changes.split("\n## ").nth(1).unwrap();
    let part = newest.split("\n### ").find_map(|part| part.strip_prefix("Results change")).unwrap_or_default();
    part.trim().to_owned()
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))[..DIGITS].to_owned()
}

fn experiment(name: &str, text: &str) -> Experiment {
    let input = Input { text: text.to_owned(), metrics: metrics::known(), ..Input::default() };
    Experiment::read(&input).unwrap_or_else(|problems| panic!("{name}: {}", problems.render(false, 100)))
}

/// Runs a world and returns hashes of its results.
fn hashes(name: &str, text: &str) -> BTreeMap<String, String> {
    let experiment = experiment(name, text);
    let out = tempfile::tempdir().unwrap();
    let options = Options::new(out.path().join("out"), 2);
    let manifest = run(&experiment, &options, &AtomicBool::new(false)).unwrap().manifest;
    let mut found: BTreeMap<String, Sha256> = BTreeMap::new();
    for arm in &experiment.arms {
        let path = options.out.join(run_place(manifest.run(&arm.name, 0, 1).unwrap()));
        for table in OF_A_RUN {
            take(table.name, &read(&path.join(table.file())), &mut found);
        }
    }
    digits(found)
}

fn digits(found: BTreeMap<String, Sha256>) -> BTreeMap<String, String> {
    found.into_iter().map(|(what, hash)| (what, hex::encode(hash.finalize())[..DIGITS].to_owned())).collect()
}

/// Simulates every arm of a world with rankers that score batches, and returns hashes of the
/// results.
fn hashes_in_batches(name: &str, text: &str, sizes: &Sizes) -> BTreeMap<String, String> {
    let experiment = experiment(name, text);
    let out = tempfile::tempdir().unwrap();
    let mut found = BTreeMap::new();
    for arm in 0..experiment.arms.len() {
        let scenario = recsafe_run::scenario(&experiment, arm, 0);
        let mut simulation = Simulation::new(&scenario, 1)
            .unwrap()
            .warmed_under(with_batches(&scenario, &scenario.before, sizes))
            .under(with_batches(&scenario, &scenario.policy, sizes));
        assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
        for (table, path) in written(&simulation.finish(), out.path()) {
            take(table, &read(&path), &mut found);
        }
    }
    digits(found)
}

/// Returns the rules of a policy, with a ranker that scores batches.
fn with_batches(scenario: &Scenario, policy: &PolicySettings, sizes: &Sizes) -> Rules {
    let Chosen { kind, .. } = &policy.feed.ranker.0;
    let ranker = ranking::decode(kind, policy.feed.ranker.0.knobs()).unwrap().unwrap();
    let ranker = Named::new(kind, Box::new(InBatches { ranker, sizes: sizes.clone() }) as Box<dyn Ranker>);
    Rules { ranker, ..Rules::new(&scenario.world, policy).unwrap() }
}

/// Writes the tables of a run into a folder and returns their paths.
fn written(lifetime_output: &LifetimeOutput, folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let path = |name: &str| folder.join(name);
    write(&path("metrics"), recsafe_run::metrics(lifetime_output)).unwrap();
    write(&path("daily"), recsafe_run::daily(lifetime_output)).unwrap();
    write(&path("accounts"), recsafe_run::accounts(lifetime_output)).unwrap();
    write(&path("contacts"), recsafe_run::contacts(lifetime_output)).unwrap();
    write(&path("actions"), recsafe_run::actions(lifetime_output)).unwrap();
    write(&path("probes"), recsafe_run::probes(lifetime_output)).unwrap();
    write(&path("exposures"), recsafe_run::exposures(lifetime_output)).unwrap();
    OF_A_RUN.iter().map(|table| (table.name, path(table.name))).collect()
}

#[test]
fn golden_worlds_are_the_same_with_rankers_that_score_batches() {
    let minted = minted().expect("tests/golden.toml is missing: make golden");
    for (name, text) in WORLDS {
        let sizes = Sizes::default();
        let hashes = hashes_in_batches(name, text, &sizes);
        let other = |(what, hash): &(&String, &String)| hashes.get(*what) != Some(*hash);
        let lost: Vec<String> = minted.worlds[name].iter().filter(other).map(|(what, _)| what.clone()).collect();
        assert!(lost.is_empty(), "{name}: batches change results:\n{}", shortly(&lost));
        let sizes = sizes.lock().unwrap();
        let most = sizes.iter().max();
        assert!(most.is_some_and(|most| (20..=64).contains(most)), "{name}: {most:?} requests in the largest batch");
    }
}

fn read(path: &PathBuf) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

/// Adds a table to the hashes. Each metric has a separate hash, so a new metric changes no other
/// hash. Other tables have one hash per column.
fn take(table: &str, frame: &DataFrame, found: &mut BTreeMap<String, Sha256>) {
    let names = Names::present();
    let table = names.id(kind::TABLE, table);
    let of = |column: &Column| {
        let id = names.id(&kind::column(table), column.name()).to_owned();
        let values = values(column, cells::kind_of(Names::present(), table, &id).unwrap_or("no name"));
        (id, values)
    };
    let columns: Vec<(String, Vec<Vec<u8>>)> = frame.columns().iter().map(of).collect();
    let by_metric = columns.iter().find(|(name, _)| name == "metric").map(|(_, names)| names);
    for (name, cells) in &columns {
        for (row, cell) in cells.iter().enumerate() {
            let key = match by_metric {
                Some(metrics) => format!("{table}: {}", String::from_utf8_lossy(&metrics[row][5..])),
                None => format!("{table}.{name}"),
            };
            found.entry(key).or_default().update(cell);
        }
        if by_metric.is_none() {
            found.entry(format!("{table}.{name}")).or_default().update((cells.len() as u64).to_le_bytes());
        }
    }
}

/// Encodes every value of a column as bytes: first whether the value exists, then its content. A
/// name of the kind `kind` is replaced by its id.
fn values(column: &Column, kind: &str) -> Vec<Vec<u8>> {
    fn of<T>(values: impl Iterator<Item = Option<T>>, bytes: impl Fn(T) -> Vec<u8>) -> Vec<Vec<u8>> {
        values.map(|value| value.map_or_else(|| vec![0], |value| [vec![1], bytes(value)].concat())).collect()
    }
    match column.dtype() {
        DataType::UInt32 => of(column.u32().unwrap().iter(), |it| it.to_le_bytes().to_vec()),
        DataType::UInt64 => of(column.u64().unwrap().iter(), |it| it.to_le_bytes().to_vec()),
        DataType::Int32 => of(column.i32().unwrap().iter(), |it| it.to_le_bytes().to_vec()),
        DataType::Float32 => of(column.f32().unwrap().iter(), |it| it.to_bits().to_le_bytes().to_vec()),
        DataType::Float64 => of(column.f64().unwrap().iter(), |it| it.to_bits().to_le_bytes().to_vec()),
        DataType::Boolean => of(column.bool().unwrap().iter(), |it| vec![u8::from(it)]),
        DataType::String => {
            of(column.str().unwrap().iter().map(|it| it.map(|it| Names::present().id(kind, it))), |it| {
                [(it.len() as u32).to_le_bytes().to_vec(), it.as_bytes().to_vec()].concat()
            })
        }
        other => panic!("no table has columns of {other}"),
    }
}

/// Returns the changed and missing entries, as `world: entry`.
fn moved(old: &Hashes, new: &Hashes) -> Vec<String> {
    let now = |world: &str, what: &str| new.get(world).and_then(|hashes| hashes.get(what));
    let of = |(world, hashes): (&String, &BTreeMap<String, String>)| {
        let lost = hashes.iter().filter(|(what, hash)| now(world, what) != Some(*hash));
        lost.map(|(what, _)| format!("{world}: {what}")).collect::<Vec<_>>()
    };
    old.iter().flat_map(of).collect()
}

/// Returns a shortened list.
fn shortly(moved: &[String]) -> String {
    let more = if moved.len() > 12 { format!("\n  and {} more", moved.len() - 12) } else { String::new() };
    format!("  {}{more}", moved.iter().take(12).cloned().collect::<Vec<_>>().join("\n  "))
}

const ADVICE: &str = "If results should not change, the last change has a mistake: `recsafe dev diff` shows where two runs start to differ. If results\n\
should change, add a line to CHANGELOG.md, in the first section (`## `), below `### Results change`. The line says what changes and in\n\
which direction, for example\n\n\
    - Posts of private accounts are for their followers: harmful shares rise.\n\nThen run  make golden";

#[test]
fn golden_worlds_are_as_they_were_minted() {
    let worlds: Hashes = WORLDS.iter().map(|(name, text)| ((*name).to_owned(), hashes(name, text))).collect();
    let old = minted();
    if std::env::var_os("RENEW").is_some() {
        return mint(old.as_ref(), worlds);
    }
    let old = old.expect("tests/golden.toml is missing: make golden");
    let moved = moved(&old.worlds, &worlds);
    assert!(
        moved.is_empty(),
        "results of golden worlds have changed since the last `make golden`:\n{}\n{ADVICE}",
        shortly(&moved)
    );
    assert!(old.worlds == worlds, "a new column or metric has no stored hash: run `make golden`");
}

/// Stores the hashes. If results changed, the changelog must say so, and the results number
/// increases by 1.
fn mint(old: Option<&Golden>, worlds: Hashes) {
    let known = results().unwrap();
    let moved = old.map(|old| moved(&old.worlds, &worlds)).unwrap_or_default();
    let said = hash(said().as_bytes());
    let silent = old.is_some_and(|old| old.said == said);
    assert!(
        moved.is_empty() || !silent,
        "no new hashes were stored, because CHANGELOG.md does not say which results changed:\n{}\n{ADVICE}",
        shortly(&moved)
    );
    let number = old.map_or(known.now, |old| old.results) + u32::from(!moved.is_empty());
    let golden = Golden { version: VERSION.to_owned(), results: number, said, worlds };
    let head = "# Hashes of golden worlds (tests/golden/), minted by `make golden`. `said`: of what CHANGELOG.md says under \"Results change\".\n";
    std::fs::write(folder().join("tests/golden.toml"), format!("{head}{}", toml::to_string(&golden).unwrap())).unwrap();
    std::fs::write(folder().join("../config/worlds/results.toml"), counted(&known, number)).unwrap();
}

/// Returns the table of releases after a change of results. A release gets the new results number
/// only if its version of the program is not yet published.
fn counted(known: &Results, now: u32) -> String {
    let head = "# Which results each release of the world was made with. `make golden` counts `now` up when results change; a release moves along with it\n# until its version of the program is out.\n";
    let releases = known.release.iter().map(|made| {
        let results = if made.version == VERSION { now } else { made.results };
        format!("\n[[release]]\nworld = \"{}\"\nversion = \"{}\"\nresults = {results}\n", made.world, made.version)
    });
    format!("{head}now = {now}\n{}", releases.collect::<String>())
}

#[test]
fn releases_count_the_results_that_were_minted() {
    let (golden, known) = (minted().unwrap(), results().unwrap());
    assert_eq!(
        golden.results, known.now,
        "sim/config/worlds/results.toml does not match the golden worlds: run `make golden`"
    );
    assert_eq!(
        counted(&known, known.now),
        std::fs::read_to_string(folder().join("../config/worlds/results.toml")).unwrap()
    );
}

#[test]
fn a_moved_value_is_found_and_a_new_one_moves_nothing() {
    let world = |pairs: &[(&str, &str)]| -> Hashes {
        let hashes = pairs.iter().map(|(what, hash)| ((*what).to_owned(), (*hash).to_owned())).collect();
        BTreeMap::from([("default".to_owned(), hashes)])
    };
    let old = world(&[("accounts.role", "1"), ("metrics: dose", "2")]);
    assert!(moved(&old, &world(&[("accounts.role", "1"), ("metrics: dose", "2"), ("metrics: new", "3")])).is_empty());
    assert_eq!(moved(&old, &world(&[("accounts.role", "1"), ("metrics: dose", "9")])), ["default: metrics: dose"]);
    assert_eq!(moved(&old, &world(&[("metrics: dose", "2")])), ["default: accounts.role"]);
    let known = Results {
        now: 4,
        release: ["0.0.9", VERSION]
            .map(|version| recsafe_config::release::Made {
                world: version.to_owned(),
                version: version.to_owned(),
                results: 4,
            })
            .to_vec(),
    };
    let later: Results = toml::from_str(&counted(&known, 5)).unwrap();
    assert_eq!(
        later.release.iter().map(|made| made.results).collect::<Vec<_>>(),
        [4, 5],
        "only the release in preparation changes"
    );
}
