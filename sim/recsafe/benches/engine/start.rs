//! Generation of a world: people and follows.

use criterion::{BenchmarkId, Criterion, Throughput};
use recsafe_engine::World;

use crate::worlds::{settings, sizes};

/// Measures the generation of accounts, including their follows.
pub fn generation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generation");
    group.sample_size(10);
    for accounts in sizes() {
        let settings = settings(accounts, &[]);
        group.throughput(Throughput::Elements(u64::from(accounts)));
        group.bench_function(BenchmarkId::new("accounts", accounts), |bench| {
            bench.iter(|| World::generate(&settings.world, 1));
        });
    }
    group.finish();
}
