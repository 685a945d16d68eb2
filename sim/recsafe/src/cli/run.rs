//! `recsafe run`: runs an experiment into a results folder, and says what came of it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::experiment_file::Source;
use super::{Failure, compare};
use crate::run::{Options, Outcome, run};

/// Run an experiment.
///
/// Every arm meets the same seeds: the same worlds and the same luck. Results go to results/<name>/ unless --out names the folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe run experiments/quickstart.toml
  recsafe run experiments/quickstart.toml --seeds 8 --resume
  recsafe run experiments/quickstart.toml --set population.accounts=2000 --out /tmp/small")]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// The results folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads; all cores if not given. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Run only these arms, and the baseline.
    #[arg(long, value_name = "a,b", value_delimiter = ',')]
    arms: Option<Vec<String>>,
    /// Run what is missing in a folder that holds results already.
    #[arg(long, conflicts_with = "overwrite")]
    resume: bool,
    /// Take away results that are in the folder already.
    #[arg(long)]
    overwrite: bool,
    /// Show no progress and no summary.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = args.source.read()?;
    for name in args.arms.iter().flatten() {
        if !experiment.arms.iter().any(|arm| arm.name == *name) {
            let names = experiment.arms.iter().map(|arm| arm.name.as_str());
            return Err(Failure::input(
                format!("--arms: there is no arm `{name}`"),
                recsafe_config::names::suggestion(name, names),
            ));
        }
    }
    let folder = args.out.clone().unwrap_or_else(|| PathBuf::from("results").join(&experiment.about.name));
    let threads = super::threads(args.threads);
    let options = Options {
        out: folder.clone(),
        threads,
        arms: args.arms.clone(),
        resume: args.resume,
        overwrite: args.overwrite,
        quiet: args.quiet,
    };
    let stop = stop_on_ctrl_c();
    let outcome = match run(&experiment, &options, &stop) {
        Ok(outcome) => outcome,
        Err(error) => {
            let failure = Failure::from(error);
            if let Failure::Work(_) = failure {
                eprintln!("Finished runs are kept in {}; `--resume` goes on from there.", folder.display());
            }
            return Err(failure);
        }
    };
    if outcome.stopped {
        let done = outcome.kept + outcome.made;
        eprintln!("Stopped. {done} of {} runs are kept in {}.", outcome.planned, folder.display());
        eprintln!("To go on:  recsafe run {} --out {} --resume", args.source.file.display(), folder.display());
        return Err(Failure::Stopped);
    }
    let compared = compare::write(&folder)?;
    if !args.quiet {
        summary(&outcome, &compared, &folder, out)?;
    }
    Ok(())
}

/// Raises a flag at the first Ctrl-C; a second one ends the program at once.
pub(super) fn stop_on_ctrl_c() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    let handler = move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        eprintln!("\nStopping after the present day; Ctrl-C again ends at once.");
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        eprintln!("Ctrl-C will end the program at once: {error}");
    }
    stop
}

fn summary(
    outcome: &Outcome,
    compared: &compare::Compared,
    folder: &std::path::Path,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let manifest = &outcome.manifest;
    let wall: f64 = manifest.runs.iter().map(|run| run.wall_s).sum();
    let impressions: u64 = manifest.runs.iter().map(|run| run.impressions).sum();
    let peak = manifest.runs.iter().map(|run| run.peak_bytes).max().unwrap_or(0);
    writeln!(out, "{}\n", compared.answer())?;
    compared.table(super::colour(&std::io::stdout()), super::width(), out)?;
    writeln!(out)?;
    writeln!(
        out,
        "{} runs ({} new), {:.1} million impressions, {:.1} million a second and worker, {:.0} MB at most, {:.1} per account and day",
        outcome.planned,
        outcome.made,
        impressions as f64 / 1e6,
        impressions as f64 / 1e6 / wall.max(1e-9),
        peak as f64 / 1e6,
        manifest.impressions_per_account_day.unwrap_or(0.0),
    )?;
    writeln!(out, "Results: {}\nMore:    recsafe compare {}", folder.display(), folder.display())?;
    Ok(())
}
