//! `recsafe dev schema`: the JSON Schema of the experiment file.

use std::io::Write;

use recsafe_config::schema::schema;

use crate::cli::{self, Failure};

/// Print the JSON Schema of experiment files, for completion and checks in editors
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  recsafe dev schema > experiment.schema.json")]
pub(super) struct Args {}

pub(super) fn execute(_: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    cli::json(&schema(), out)
}
