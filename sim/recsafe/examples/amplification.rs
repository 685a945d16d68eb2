//! The amplification paradox: what a fresh user is offered who takes whatever is offered (Ribeiro, Veselovsky and West 2023).
//!
//! `cargo run --release --workspace --example amplification -- --help`

use clap::Parser;
use indicatif::ProgressBar;
use recsafe::dock::amplification::{PUBLISHED, Parameters, run};
use recsafe::dock::table;

/// The amplification paradox (Ribeiro, Veselovsky and West, ICWSM 2023): the share of the most extreme topic among the items that a
/// user-based collaborative filter offers to a fresh user, in percent, by the topic of the user's first item. Ranker: `neighbours`.
#[derive(Debug, Parser)]
#[command(name = "amplification")]
struct Args {
    #[command(flatten)]
    parameters: Parameters,
    /// As many worlds and walks as published: 100 and 300.
    #[arg(long, conflicts_with_all = ["matrices", "walks"])]
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
    let bar = ProgressBar::new(u64::from(parameters.matrices));
    let rows = run(&parameters, args.seed, threads, &|done, _| bar.set_position(u64::from(done)));
    bar.finish_and_clear();
    println!("Share of FarRight among the items offered, in percent\n{}", table(&rows, &PUBLISHED, 2));
}
