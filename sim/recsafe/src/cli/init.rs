//! `recsafe init`: writes a first, commented experiment file.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use recsafe_config::starter::STARTER;

use super::Failure;

/// Write a commented starter file, experiment.toml, that runs as it is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recsafe init my-study && recsafe run my-study/experiment.toml")]
pub(super) struct Args {
    /// Folder to write it into.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    std::fs::create_dir_all(&args.dir)?;
    let path = args.dir.join("experiment.toml");
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => file.write_all(STARTER.as_bytes())?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::input(
                format!("{} is there already", path.display()),
                "name another folder: recsafe init DIR",
            ));
        }
        Err(error) => return Err(error.into()),
    }
    let file = super::command_line::path(&path);
    writeln!(out, "Wrote {}.\nCheck it:  recsafe check {file}\nRun it:    recsafe run {file}", path.display())?;
    Ok(())
}
