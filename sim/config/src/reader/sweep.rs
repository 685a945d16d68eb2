//! `[sweep]`: a grid over dotted paths.

use super::arms::Draft;
use super::{MOST_SETTINGS, Reader};
use crate::layers::{Layers, Setter};
use crate::packages;
use crate::problem::Problem;
use crate::tree::{Entry, Node};

/// What is swept.
pub(super) struct Sweep {
    /// Dotted paths.
    pub(super) paths: Vec<String>,
    /// A value for each path, by point; one point without any if nothing is swept.
    pub(super) points: Vec<Vec<Setter>>,
}

impl Reader<'_> {
    /// The swept paths and the points of their grid, the first path slowest.
    pub(super) fn sweep(&mut self, root: &Node, drafts: &[Draft]) -> Sweep {
        let mut sweep = Sweep { paths: Vec::new(), points: vec![Vec::new()] };
        for entry in packages::table(root, "sweep", self.problems) {
            if entry.key == "sample" {
                self.sample(&entry.node);
            } else {
                self.axis(&Setter::of(&entry), drafts, &mut sweep);
            }
        }
        sweep
    }

    /// One path with its values; tables of paths are opened, since a dotted key without quotes is one.
    fn axis(&mut self, axis: &Setter, drafts: &[Draft], sweep: &mut Sweep) {
        if let Some(entries) = axis.node.table() {
            if entries.iter().any(|entry| ["low", "high", "scale"].contains(&entry.key.as_str())) {
                let message = format!("the sweep of `{}` is a range, and a range has to be sampled", axis.path);
                let problem = Problem::at(&axis.node.place, message, "found a range");
                self.problems.add(
                    problem.help("sampling does not exist in this version: list the values, such as [0.1, 0.5, 1.0]"),
                );
                return;
            }
            for entry in entries {
                let inner =
                    |entry: &Entry| Setter { path: format!("{}.{}", axis.path, entry.key), ..Setter::of(entry) };
                self.axis(&inner(entry), drafts, sweep);
            }
            return;
        }
        let Some(values) = axis.node.list().filter(|values| !values.is_empty()) else {
            let found = if axis.node.list().is_some() { "an empty list".to_owned() } else { axis.node.describe() };
            let message = format!("the sweep of `{}` must be a list of at least one value", axis.path);
            self.problems
                .add(Problem::at(&axis.node.place, message, format!("found {found}")).help("such as [0.5, 1.0, 2.0]"));
            return;
        };
        if self.can_be_swept(axis, values, drafts, sweep) {
            let set = |node: &Node| Setter { node: node.clone(), ..axis.clone() };
            let with = |point: &Vec<Setter>, node| point.iter().cloned().chain([set(node)]).collect();
            sweep.points =
                sweep.points.iter().flat_map(|point| values.iter().map(move |node| with(point, node))).collect();
            sweep.paths.push(axis.path.clone());
        }
    }

    fn can_be_swept(&mut self, axis: &Setter, values: &[Node], drafts: &[Draft], sweep: &Sweep) -> bool {
        if sweep.points.len().saturating_mul(values.len()) > MOST_SETTINGS {
            self.problems.add(Problem::at(
                &axis.node.place,
                format!("the sweep has more than {MOST_SETTINGS} points"),
                "with this list",
            ));
            return false;
        }
        if sweep.paths.contains(&axis.path) {
            self.problems.add(Problem::at(&axis.key, format!("`{}` is swept twice", axis.path), "the second one"));
            return false;
        }
        if axis.path.starts_with("arm.") {
            return self.names_an_arm(axis, drafts);
        }
        if !values.iter().all(|node| self.may_differ(&axis.path, &axis.key, node)) {
            return false;
        }
        if drafts.is_empty() {
            // No arm will meet these values, since all are wrong: tried out on the defaults, so that mistakes show.
            for node in values {
                Layers::default().set(&Setter { node: node.clone(), ..axis.clone() }, self.problems);
            }
        }
        true
    }

    fn sample(&mut self, node: &Node) {
        if node.get("method").and_then(Node::text) != Some("grid") {
            let place = node.get("method").map_or(&node.place, |method| &method.place);
            let found = node.get("method").unwrap_or(node).describe();
            let problem =
                Problem::at(place, "the only method of a sweep in this version is \"grid\"", format!("found {found}"));
            self.problems.add(problem.help("leave `sample` out: every combination of the listed values is run"));
        }
    }
}
