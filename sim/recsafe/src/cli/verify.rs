//! `recsafe verify`: whether a results folder is whole.

use std::io::Write;
use std::path::PathBuf;

use super::{Failure, Format};
use crate::compare::{plain_table, trimmed};
use crate::store::{Finding, Folder, State, verify};

/// Check that a results folder is whole: every planned run there, every file as it was written.
///
/// Exit code 0 if it is, 1 if not. `recsafe run FILE --resume` makes again what is missing or damaged.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recsafe verify results/quickstart")]
pub(super) struct Args {
    /// The results folder.
    dir: PathBuf,
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let findings = verify(&Folder::new(&args.dir))?;
    match args.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&findings).map_err(std::io::Error::from)?;
            writeln!(out, "{text}")?;
        }
        Format::Table => table(&findings, args, out)?,
    }
    let whole = findings.iter().all(|finding| finding.state == State::Whole);
    if whole { Ok(()) } else { Err(Failure::Stopped) }
}

/// What is not whole, and how many files are.
fn table(findings: &[Finding], args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let is_whole = |finding: &&Finding| finding.state == State::Whole;
    let whole = findings.iter().filter(is_whole).count();
    if whole == findings.len() {
        return Ok(writeln!(
            out,
            "{}: all {whole} files are as they were written, and no planned run is missing.",
            args.dir.display()
        )?);
    }
    let mut table = plain_table(super::appearance());
    table.set_header(["file or run", "state"]);
    for finding in findings.iter().filter(|finding| !is_whole(finding)) {
        table.add_row([finding.path.as_str(), finding.state.word()]);
    }
    writeln!(
        out,
        "{}\n\n{whole} files are as they were written. `recsafe run FILE --resume` makes the others again.",
        trimmed(&table)
    )?;
    Ok(())
}
