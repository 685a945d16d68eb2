//! `recsafe validate`: the default world against public evidence.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use recsafe_config::is_of_older_name;
use recsafe_evidence::dock::How;
use recsafe_evidence::setup::Setup;
use recsafe_evidence::{
    VALIDATION_START, Validated, Validation, arms_of, evidence, laws, table, validate, validation_page,
};
use recsafe_results::output_file::{OutputFile, begins_with};

use super::bars::bars;
use super::run::stop_on_ctrl_c;
use super::{Failure, Format};

/// Hold the default world against public evidence, or single mechanisms against theory.
///
/// Runs the default world, the same under a chronological feed and the same with a wave of removals, and prints for each public figure
/// its band and what the model gives. The wave is run with every other seed. Writes no files.
///
/// With --laws it runs worlds in which one mechanism is at work alone and prints what it gives beside its closed form: urns, survival,
/// queues, branching, classifiers, pairing and others. It ends with 1 if any is further from theory than luck allows.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe validate
  recsafe validate --accounts 5000 --seeds 4
  recsafe validate --set behavior.contact.budget=8 --format json
  recsafe validate --laws")]
pub(super) struct Args {
    /// Hold single mechanisms against closed forms, in worlds of their own.
    #[arg(long, conflicts_with_all = ["accounts", "seeds", "set"])]
    laws: bool,
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
    /// Run everything, evidence, laws and published simulations, and write it as a page (Markdown) to this file; needs --date.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["laws", "set", "format"], requires = "date")]
    page: Option<PathBuf>,
    /// The day that stands on the page.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "page")]
    date: Option<String>,
    /// Published simulations in full size on the page.
    #[arg(long, requires = "page")]
    full: bool,
    /// In which form.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Show no progress.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    if args.laws {
        return check_laws(args, out);
    }
    // A page that cannot be written shall not cost half an hour.
    let page = args.page.as_deref().map(page_file).transpose()?;
    let rows = evidence::shipped().map_err(|error| Failure::Work(Box::new(error)))?;
    let experiment = Setup::usual(args.accounts, args.seeds).experiment(&arms_of(&rows), &args.set)?;
    for note in experiment.notes.iter().filter(|note| is_of_older_name(note)) {
        eprintln!("note: {note}");
    }
    let stop = stop_on_ctrl_c();
    let threads = super::threads(args.threads);
    let validated = validate(&rows, &experiment, threads, bars(args.quiet), &stop)?.ok_or_else(stopped)?;
    if let Some(page) = &page {
        return write_page(page, &validated, args, &stop);
    }
    match args.format {
        Format::Json => json(&validated, out),
        Format::Table => Ok(write!(out, "{}", table(&validated, super::appearance()))?),
    }
}

fn write_page(page: &OutputFile, evidence: &[Validated], args: &Args, stop: &AtomicBool) -> Result<(), Failure> {
    let (all, threads, observer) = (laws::all(), super::threads(args.threads), bars(args.quiet));
    let cases = laws::Suite::new(&all)?.judge(threads, &*observer, stop)?.ok_or_else(stopped)?;
    let full = args.full;
    let docked = super::dock::dock_all(&How { full, seed: 1, set: &[], threads, observer: &observer, stop })?;
    let text = validation_page(&Validation {
        date: args.date.as_deref().unwrap_or_default(),
        setup: &format!("worlds of {} accounts, {} seeds pooled", args.accounts, args.seeds),
        evidence,
        laws: &cases,
        docked: &docked,
    });
    page.write(text.as_bytes())?;
    eprintln!("{} written.", page.path().display());
    Ok(())
}

/// The file of the page, which may be there from an earlier time.
fn page_file(path: &Path) -> Result<OutputFile, Failure> {
    Ok(OutputFile::check(path, "a page of validation", |path| begins_with(path, VALIDATION_START))?)
}

fn check_laws(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let (all, stop, threads) = (laws::all(), stop_on_ctrl_c(), super::threads(args.threads));
    let cases = laws::Suite::new(&all)?.judge(threads, &*bars(args.quiet), &stop)?.ok_or_else(stopped)?;
    match args.format {
        Format::Json => json(&cases, out)?,
        Format::Table => write!(out, "{}", laws::table(&cases, super::appearance()))?,
    }
    let outside = cases.iter().filter(|case| case.verdict == laws::Verdict::Outside).count();
    if outside > 0 {
        out.flush()?;
        return Err(Failure::Work(format!("{outside} of {} laws do not hold", cases.len()).into()));
    }
    Ok(())
}

fn stopped() -> Failure {
    eprintln!("Stopped. Nothing was kept: `recsafe validate` writes no files.");
    Failure::Stopped
}

fn json(rows: &impl serde::Serialize, out: &mut dyn Write) -> Result<(), Failure> {
    serde_json::to_writer_pretty(&mut *out, rows).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}
