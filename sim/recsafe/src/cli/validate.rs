//! `recsafe validate`: the default world against public evidence.

use std::io::Write;

use super::run::stop_on_ctrl_c;
use super::{Failure, Format};
use crate::validate::setup::Setup;
use crate::validate::{arms_of, evidence, table, validate};

/// Hold the default world against public evidence.
///
/// Runs the default world, the same under a chronological feed and the same with a wave of removals, and prints for each public figure
/// its band and what the model gives. The wave is run with every other seed. Writes no files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe validate
  recsafe validate --accounts 5000 --seeds 4
  recsafe validate --set behavior.contact.budget=8 --format json")]
pub(super) struct Args {
    /// Accounts of each world.
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(10..=100_000_000))]
    accounts: u32,
    /// Seeds, pooled.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// Threads; all cores if not given. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Change a setting: a dotted path and a value. Shows how an assumption moves the figures.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// In which form.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Show no progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let rows = evidence::shipped().map_err(|error| Failure::Work(Box::new(error)))?;
    let experiment = Setup::usual(args.accounts, args.seeds).experiment(&arms_of(&rows), &args.set)?;
    let stop = stop_on_ctrl_c();
    let threads = super::threads(args.threads);
    let Some(validated) = validate(&rows, &experiment, threads, args.quiet, &stop)? else {
        eprintln!("Stopped. Nothing was kept: `recsafe validate` writes no files.");
        return Err(Failure::Stopped);
    };
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &validated).map_err(std::io::Error::from)?;
            Ok(writeln!(out)?)
        }
        Format::Table => Ok(write!(out, "{}", table(&validated, super::appearance()))?),
    }
}
