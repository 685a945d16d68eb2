//! `[[probe]]`: groups of scripted test accounts.

use recsafe_common::setting::Knobs;
use recsafe_people::behavior::probes::{self, Probe};
use recsafe_text::suggestion;

use super::Reader;
use crate::layers::{Layers, Setter};
use crate::packages;
use crate::problem::Problem;
use crate::release::Release;
use crate::tree::Node;

/// Maximum number of groups of probes.
const MOST_GROUPS: usize = 1_000;

impl Reader<'_> {
    /// Returns all groups of probes.
    pub(super) fn probes(&mut self, root: &Node) -> Option<Vec<Probe>> {
        let nodes = packages::list(root, "probe", self.problems);
        if let Some(node) = nodes.get(MOST_GROUPS) {
            let message = format!("{} groups of probes are too many: at most {MOST_GROUPS} are allowed", nodes.len());
            self.problems.add(Problem::at(&node.location, message, "one too many"));
            return None;
        }
        nodes.iter().map(|node| self.probe(node)).collect()
    }

    fn probe(&mut self, node: &Node) -> Option<Probe> {
        let Some(entries) = node.table() else {
            self.problems.add(
                Problem::at(&node.location, "a probe must be a table", format!("found {}", node.describe()))
                    .help("write [[probe]]"),
            );
            return None;
        };
        if node.get("script").is_none() {
            let help = suggestion("", probes::entries().iter().map(|entry| entry.id));
            self.problems.add(Problem::at(&node.location, "a probe needs a `script`", "this probe").help(help));
        }
        let defaults = self.beneath.release().map(Release::probe).unwrap_or_default();
        let mut layers = self.beneath.lay(Layers::new("probe", Probe::fields()), &defaults);
        for entry in entries {
            layers.set(&Setter::of(entry), self.problems);
        }
        self.typed(&layers.values().clone().into())
    }
}
