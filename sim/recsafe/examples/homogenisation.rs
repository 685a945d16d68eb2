//! Homogenisation: whether recommenders make similar users more alike (Chaney et al. 2018;
//! Lucherini et al. 2021).
//!
//! `cargo run --release --example homogenisation -- --help`

use clap::Parser;
use indicatif::ProgressBar;
use recsafe_analysis::Appearance;
use recsafe_evidence::replication::homogenisation::{Homogenisation, Parameters, run};
use recsafe_evidence::replication::{judge, table};

/// Reproduce homogenisation by recommenders (Chaney, Stewart and Engelhardt, `RecSys` 2018)
///
/// The setup is the replication by Lucherini and others (2021). Each recommender pairs users whom
/// it considers most similar. The table gives the Jaccard index of the items of such pairs, minus
/// the index of the same pairs under the ideal recommender. Rankers: popularity, content, random.
#[derive(Debug, Parser)]
#[command(name = "homogenisation")]
struct Args {
    #[command(flatten)]
    parameters: Parameters,
    /// Use the published number of worlds: 400
    #[arg(long, conflicts_with = "replications")]
    full: bool,
    /// Seed of all random draws
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of threads, which does not change results [default: all cores]
    #[arg(long)]
    threads: Option<usize>,
}

fn main() {
    let args = Args::parse();
    let parameters = if args.full { args.parameters.full_size() } else { args.parameters };
    let threads = args.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let bar = ProgressBar::new(u64::from(parameters.replications));
    let rows = run(&parameters, args.seed, threads, &|done, _| {
        bar.set_position(u64::from(done));
        true
    });
    bar.finish_and_clear();
    let case_result = judge(&Homogenisation, args.full, &rows);
    print!("{}", table(&case_result, Appearance { width: 140, colour: false }));
}
