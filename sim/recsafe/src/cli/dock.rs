//! `recsafe dock`: published simulations made again.

use std::io::Write;

use clap::builder::PossibleValuesParser;
use recsafe_evidence::dock::{Case, DockError, Docked, How, cases, judge, table};

use super::bars::bars;
use super::run::stop_on_ctrl_c;
use super::{Failure, Format};

/// Make published simulations again and hold them against what was published.
///
/// Two are experiments (experiments/docking/), two are short programs on the shipped rankers. Parameters are those published; none is
/// tuned to a row. What is the same, what differs and why: experiments/docking/README.md. Writes no files, and ends with 1 if a row is missed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe dock
  recsafe dock takedown-delay --full
  recsafe dock infiltration --set population.bots.flooding=4
  recsafe dock takedown-delay --set 'enforcement.takedown_half_life=[0.5, 4, 1e9]'
  recsafe dock --format json")]
pub(super) struct Args {
    /// One case; all if not given.
    #[arg(value_parser = PossibleValuesParser::new(names()))]
    case: Option<String>,
    /// In full size: as many replications as published, or nearly. Else fewer, enough for the tolerances.
    #[arg(long)]
    full: bool,
    /// Change a setting of a case that is an experiment: a dotted path and a value.
    #[arg(long, value_name = "PATH=VALUE", requires = "case")]
    set: Vec<String>,
    /// Seed of all luck.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..1_000_000_000))]
    seed: u64,
    /// Threads; all cores if not given. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// In which form.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Show no progress.
    #[arg(long)]
    quiet: bool,
}

fn names() -> Vec<&'static str> {
    cases().iter().map(|case| case.about().name).collect()
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let stop = stop_on_ctrl_c();
    let Args { full, seed, .. } = *args;
    let observer = bars(args.quiet);
    let how =
        How { full, seed, set: &args.set, threads: super::threads(args.threads), observer: &observer, stop: &stop };
    let mut all: Vec<Docked> = Vec::new();
    for case in cases() {
        if args.case.as_ref().is_some_and(|name| name != case.about().name) {
            continue;
        }
        let docked = dock(case.as_ref(), &how)?;
        if matches!(args.format, Format::Table) {
            writeln!(out, "{}", table(&docked, super::appearance()))?;
            out.flush()?; // each case as soon as it is there
        }
        all.push(docked);
    }
    if matches!(args.format, Format::Json) {
        serde_json::to_writer_pretty(&mut *out, &all).map_err(std::io::Error::from)?;
        writeln!(out)?;
    }
    let (published, met) = all.iter().map(Docked::score).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    if met < published {
        out.flush()?;
        return Err(Failure::Work(format!("{} of {published} published rows are missed", published - met).into()));
    }
    Ok(())
}

/// Runs every case.
pub(super) fn dock_all(how: &How) -> Result<Vec<Docked>, Failure> {
    cases().iter().map(|case| dock(case.as_ref(), how)).collect()
}

fn dock(case: &dyn Case, how: &How) -> Result<Docked, Failure> {
    let Some(rows) = case.run(how).map_err(|error| failure(error, case))? else {
        eprintln!("Stopped. Nothing was kept: `recsafe dock` writes no files.");
        return Err(Failure::Stopped);
    };
    Ok(judge(case, how.full, &rows))
}

fn failure(error: DockError, case: &dyn Case) -> Failure {
    match error {
        DockError::Input(problems) => problems.into(),
        DockError::Run(error) => error.into(),
        error @ DockError::NoFigure(_) => Failure::Work(format!("{}: {error}", case.about().name).into()),
        DockError::NoSettings(about) => Failure::input(
            format!("{} has no settings for --set", case.about().name),
            format!("its parameters are {}", about.parameters),
        ),
    }
}
