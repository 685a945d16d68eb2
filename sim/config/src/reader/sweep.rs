//! `[sweep]`: the points of a grid.

use super::arguments::Override;
use super::{MOST_RUNS, Reader};
use crate::packages;
use crate::problem::Problem;
use crate::tree::Node;

impl Reader<'_> {
    /// The swept paths and the points of their grid, the first path slowest.
    pub(super) fn sweep(&mut self, root: &Node) -> (Vec<String>, Vec<Vec<Override>>) {
        let mut points = vec![Vec::new()];
        let mut swept = Vec::new();
        for entry in packages::table(root, "sweep", self.problems) {
            if entry.key == "sample" {
                self.sample(&entry.node);
                continue;
            }
            let Some(values) = entry.node.list().filter(|values| !values.is_empty()) else {
                let problem = Problem::at(
                    &entry.node.place,
                    format!("the sweep of `{}` must be a list of at least one value", entry.key),
                    format!("found {}", entry.node.describe()),
                );
                self.problems.add(problem.help("such as [0.5, 1.0, 2.0]; ranges are not sampled in this version"));
                continue;
            };
            if points.len().saturating_mul(values.len()) > MOST_RUNS {
                self.problems.add(Problem::at(
                    &entry.node.place,
                    format!("the sweep has more than {MOST_RUNS} points"),
                    "this list",
                ));
                continue;
            }
            let set =
                |node: &Node| Override { path: entry.key.clone(), key: entry.key_place.clone(), node: node.clone() };
            points = points
                .iter()
                .flat_map(|point| values.iter().map(|node| [point.clone(), vec![set(node)]].concat()))
                .collect();
            swept.push(entry.key.clone());
        }
        (swept, points)
    }

    fn sample(&mut self, node: &Node) {
        let method = node.get("method").and_then(Node::text);
        if method != Some("grid") {
            let problem = Problem::at(
                &node.place,
                "the only method of a sweep in this version is \"grid\"",
                format!("found {}", node.describe()),
            );
            self.problems.add(problem.help("leave `sample` out: every combination of the listed values is run"));
        }
    }
}
