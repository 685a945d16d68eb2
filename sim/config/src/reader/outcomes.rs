//! Checks before the run that the declared outcomes can have a value and can differ between arms.

use super::Reader;
use crate::experiment::Experiment;
use crate::lack::{Lack, lack};
use crate::layers::Layers;
use crate::problem::{Location, Problem};
use crate::tree::Node;

impl Reader<'_> {
    /// Checks the declared outcomes. If the file does not declare an outcome, a problem with the
    /// default outcome is only a note.
    pub(super) fn outcomes(&mut self, experiment: &mut Experiment, base: &Layers, root: &Node) {
        for (key, outcome) in [("harm", experiment.about.harm.clone()), ("cost", experiment.about.cost.clone())] {
            let Some(lack) = lack(&outcome, &self.input.metrics, experiment) else { continue };
            let location =
                base.location(&format!("experiment.{key}")).filter(|_| base.is_set(&format!("experiment.{key}")));
            match location {
                Some(location) if lack.everywhere => self.lacks(lack, location),
                Some(_) => experiment.notes.push(lack.message),
                None => {
                    experiment.notes.push(format!("{}; to use another outcome, set `experiment.{key}`", lack.message));
                }
            }
        }
        let limits = root.get("optimise").and_then(|node| node.get("limits")).and_then(Node::table);
        for entry in limits.unwrap_or_default() {
            if let Some(lack) = lack(&entry.key, &self.input.metrics, experiment).filter(|lack| lack.everywhere) {
                self.lacks(lack, &entry.key_location);
            }
        }
    }

    fn lacks(&mut self, lack: Lack, location: &Location) {
        self.problems.add(Problem::at(location, lack.message, "declared here").help(lack.help));
    }
}
