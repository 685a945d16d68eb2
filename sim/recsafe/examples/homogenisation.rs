//! Homogenisation: do recommenders make users alike who are taken for similar (Chaney et al. 2018; Lucherini et al. 2021)?
//!
//! `cargo run --release --example homogenisation -- --help`

use clap::Parser;
use indicatif::ProgressBar;
use recsafe_analysis::Appearance;
use recsafe_evidence::dock::homogenisation::{Homogenisation, Parameters, run};
use recsafe_evidence::dock::{judge, table};

/// Homogenisation (Chaney, Stewart and Engelhardt, `RecSys` 2018, as replicated by Lucherini and others 2021): the Jaccard index of the
/// items of users whom a recommender takes for most similar, less that of the same users under the ideal recommender. Rankers: popularity,
/// content, random.
#[derive(Debug, Parser)]
#[command(name = "homogenisation")]
struct Args {
    #[command(flatten)]
    parameters: Parameters,
    /// As many worlds as published: 400.
    #[arg(long, conflicts_with = "replications")]
    full: bool,
    /// Seed of all luck.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; by default one for each core. The numbers are the same for any.
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
    let docked = judge(&Homogenisation, args.full, &rows);
    print!("{}", table(&docked, Appearance { width: 140, colour: false }));
}
