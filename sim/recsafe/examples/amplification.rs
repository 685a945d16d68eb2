//! The amplification paradox: what a fresh user is offered who takes whatever is offered (Ribeiro, Veselovsky and West 2023).
//!
//! `cargo run --release --example amplification -- --help`

use clap::Parser;
use indicatif::ProgressBar;
use recsafe_analysis::Appearance;
use recsafe_evidence::dock::amplification::{Amplification, Parameters, run};
use recsafe_evidence::dock::{judge, table};

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
    let rows = run(&parameters, args.seed, threads, &|done, _| {
        bar.set_position(u64::from(done));
        true
    });
    bar.finish_and_clear();
    let docked = judge(&Amplification, args.full, &rows);
    print!("{}", table(&docked, Appearance { width: 140, colour: false }));
}
