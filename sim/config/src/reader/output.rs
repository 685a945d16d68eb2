//! `[output]`: the records of a run.

use super::Reader;
use crate::checkpoint::{Every, FORM};
use crate::layers::Layers;
use crate::problem::Problem;
use crate::table::Output;

impl Reader<'_> {
    /// Returns the settings of `[output]`. If a setting is invalid, adds problems and returns
    /// `None`.
    pub(super) fn output(&mut self, base: &Layers) -> Option<Output> {
        let output: Output = self.typed(base.section("output"))?;
        let Some(text) = &output.checkpoint_every else { return Some(output) };
        if text.parse::<Every>().is_ok() {
            return Some(output);
        }
        let message = format!("`output.checkpoint_every` must be {FORM}");
        let problem = match base.location("output.checkpoint_every") {
            Some(location) => Problem::at(location, message, format!("found \"{text}\"")),
            None => Problem::of(message),
        };
        self.problems.add(problem.help("remove it to save no checkpoints"));
        None
    }
}
