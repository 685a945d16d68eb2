//! `recsafe dev completions`: shell completions.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::cli::{Cli, Failure};

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recsafe dev completions bash > /etc/bash_completion.d/recsafe")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let mut text = Vec::new(); // the generator panics if it cannot write
    generate(args.shell, &mut Cli::command(), "recsafe", &mut text);
    Ok(out.write_all(&text)?)
}
