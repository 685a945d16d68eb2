//! `recsafe report`: the page of a results folder.

use std::io::Write;
use std::path::PathBuf;

use super::Failure;
use crate::report;
use crate::store::{Folder, Holding};

/// Write the report of a results folder again: one self-contained page, report.html.
///
/// `recsafe run` writes it too. The page loads nothing from the network, and prints well.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe report results/quickstart
  recsafe report results/quickstart --open")]
pub(super) struct Args {
    /// The results folder.
    dir: PathBuf,
    /// Open it in the browser.
    #[arg(long)]
    open: bool,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let page = args.dir.join(report::PAGE);
    let folder = Folder::new(&args.dir);
    let Holding::Results(_) = folder.holding()? else { return Err(super::compare::no_results(&args.dir)) };
    let held = folder.lock()?; // a run that is at work writes the page itself
    let Some(bytes) = report::write(&args.dir, &held)? else {
        return Err(super::compare::no_results(&args.dir));
    };
    super::remarks::remark(&args.dir)?;
    writeln!(out, "{} ({:.1} MB)", page.display(), bytes as f64 / 1e6)?;
    if args.open {
        open(&page)?;
    }
    Ok(())
}

/// Opens a file with what the system opens such files with.
fn open(page: &std::path::Path) -> Result<(), Failure> {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(opener).arg(page).spawn();
    started
        .map(|_| ())
        .map_err(|error| Failure::input(format!("cannot start {opener}: {error}"), "open the page by hand"))
}
