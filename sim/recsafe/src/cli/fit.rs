//! fit
use super::Failure;
use std::io::Write;
/// Fit.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}
pub(super) fn execute(_: &Args, _: &mut dyn Write) -> Result<(), Failure> {
    Ok(())
}
