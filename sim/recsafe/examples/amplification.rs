//! The amplification paradox: recommendations for a new user who accepts every recommendation
//! (Ribeiro, Veselovsky and West 2023).
//!
//! `cargo run --release --example amplification -- --help`

use clap::Parser;
use indicatif::ProgressBar;
use recsafe_analysis::Appearance;
use recsafe_evidence::replication::amplification::{Amplification, Parameters, run};
use recsafe_evidence::replication::{judge, table};

/// Reproduce the amplification paradox (Ribeiro, Veselovsky and West, ICWSM 2023)
///
/// A user-based collaborative filter (ranker `neighbours`) recommends items to a new user. The
/// table gives the share of the most extreme topic among these items, in percent, by the topic of
/// the user's first item.
#[derive(Debug, Parser)]
#[command(name = "amplification")]
struct Args {
    #[command(flatten)]
    parameters: Parameters,
    /// Use the published numbers of worlds and walks: 100 and 300
    #[arg(long, conflicts_with_all = ["matrices", "walks"])]
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
    let bar = ProgressBar::new(u64::from(parameters.matrices));
    let rows = run(&parameters, args.seed, threads, &|done, _| {
        bar.set_position(u64::from(done));
        true
    });
    bar.finish_and_clear();
    let case_result = judge(&Amplification, args.full, &rows);
    print!("{}", table(&case_result, Appearance { width: 140, colour: false }));
}
