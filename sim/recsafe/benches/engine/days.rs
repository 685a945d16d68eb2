//! Benches of whole days, by phase and by ranker, and of writing a run's tables. One element is one
//! account on one day.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use recsafe_engine::phase::Phase;
use recsafe_results::{Data, write_open};

use crate::worlds::{begun, settings, sizes};

/// The default ranker and rankers that learn.
const RANKERS: [&str; 4] = ["value-model", "factorization", "collaborative", "bandit"];

/// Measures each phase of a day on one thread, and whole days with rankers that learn.
pub fn phases(criterion: &mut Criterion) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread can be started");
    let mut group = criterion.benchmark_group("day");
    group.sample_size(10);
    for accounts in sizes() {
        group.throughput(Throughput::Elements(u64::from(accounts)));
        let mut simulation = begun(&settings(accounts, &[]), 5);
        let mut live = |phase: Option<Phase>, days: u64| -> Duration {
            let mut time = Duration::ZERO;
            for _ in 0..days {
                let today = pool.install(|| simulation.step().expect("these rankers cannot fail"));
                time += phase.map_or(today.times.total(), |phase| today.times.of(phase));
            }
            time
        };
        for &phase in Phase::ALL {
            group.bench_function(BenchmarkId::new(phase.name(), accounts), |bench| {
                bench.iter_custom(|days| live(Some(phase), days));
            });
        }
        for ranker in RANKERS {
            let set = format!("feed.ranker={{ kind = \"{ranker}\" }}");
            let mut simulation = begun(&settings(accounts, &[&set]), 5);
            group.bench_function(BenchmarkId::new(format!("whole, {ranker}"), accounts), |bench| {
                bench.iter(|| pool.install(|| simulation.step().expect("these rankers cannot fail")));
            });
        }
    }
    group.finish();
}

/// Measures writing and syncing rows of a table like `exposures.parquet`.
pub fn writing(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("rows.parquet");
    let mut group = criterion.benchmark_group("writing");
    group.sample_size(10);
    for rows in sizes() {
        group.throughput(Throughput::Elements(u64::from(rows)));
        group.bench_function(BenchmarkId::new("rows", rows), |bench| {
            bench.iter(|| {
                let columns = vec![
                    ("account".to_owned(), Data::U32((0..rows).map(Some).collect())),
                    ("severity".to_owned(), Data::F64((0..rows).map(|row| Some(f64::from(row))).collect())),
                    ("viewed".to_owned(), Data::Bool((0..rows).map(|row| Some(row % 3 == 0)).collect())),
                ];
                write_open(&path, "a bench", columns).expect("the table can be written");
            });
        });
    }
    group.finish();
}
