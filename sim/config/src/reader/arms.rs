//! `[[arm]]`: names, settings, packages and rules, before points are applied.

use std::path::Path;

use super::Reader;
use super::arguments::Override;
use crate::interventions::{self, Rule};
use crate::names::{is_good, suggestion};
use crate::packages;
use crate::problem::Problem;
use crate::tree::{Entry, Node};

/// An arm before points are applied.
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) set: Vec<Entry>,
    pub(super) rules: Vec<Rule>,
}

impl Reader<'_> {
    pub(super) fn drafts(&mut self, root: &Node) -> Vec<Draft> {
        let Some(arms) = root.get("arm") else {
            return vec![Draft { name: "as-is".to_owned(), set: Vec::new(), rules: Vec::new() }];
        };
        let Some(items) = arms.list().filter(|items| !items.is_empty()) else {
            let problem = Problem::at(
                &arms.place,
                "`arm` must be a list of at least one arm",
                format!("found {}", arms.describe()),
            );
            self.problems
                .add(problem.help("write each arm as [[arm]] with a name, or leave `arm` out for one arm, as-is"));
            return Vec::new();
        };
        let mut drafts: Vec<Draft> = Vec::new();
        for node in items {
            let draft = self.draft(node);
            if drafts.iter().any(|other| other.name == draft.name) {
                let place = node.get("name").map_or(&node.place, |name| &name.place);
                self.problems.add(
                    Problem::at(place, format!("two arms are called \"{}\"", draft.name), "the second one")
                        .help("each arm needs a name of its own"),
                );
            }
            drafts.push(draft);
        }
        drafts
    }

    fn draft(&mut self, node: &Node) -> Draft {
        const KEYS: [&str; 4] = ["name", "set", "policies", "interventions"];
        for entry in node.table().unwrap_or_default() {
            if !KEYS.contains(&entry.key.as_str()) {
                let problem = Problem::at(&entry.key_place, format!("an arm has no `{}`", entry.key), "not known here");
                self.problems.add(problem.help(format!("{}; settings go into `set`", suggestion(&entry.key, KEYS))));
            }
        }
        let name = node.get("name").and_then(Node::text).unwrap_or_default().to_owned();
        if !is_good(&name) {
            let place = node.get("name").map_or(&node.place, |name| &name.place);
            let message = if node.get("name").is_none() {
                "an arm needs a `name`".to_owned()
            } else {
                format!("\"{name}\" cannot name an arm")
            };
            self.problems.add(
                Problem::at(place, message, "here")
                    .help("small letters, digits, `.`, `_`, `-`, beginning with a letter or digit; at most 100"),
            );
        }
        let mut set = packages::table(node, "set", self.problems);
        let mut rules = Vec::new();
        for package in packages::list(node, "policies", self.problems) {
            self.add_package(&package, &mut set, &mut rules);
        }
        for rule in packages::list(node, "interventions", self.problems) {
            rules.extend(Rule::read(&rule, self.problems));
        }
        interventions::check(&rules, self.problems);
        Draft { name, set, rules }
    }

    fn add_package(&mut self, named: &Node, set: &mut Vec<Entry>, rules: &mut Vec<Rule>) {
        let Some(name) = named.text() else {
            self.problems.add(Problem::at(
                &named.place,
                "a policy package is named by a text",
                format!("found {}", named.describe()),
            ));
            return;
        };
        let folder = self.input.file.parent().unwrap_or(Path::new(""));
        if let Some(package) = packages::load(name, &named.place, folder, self.problems) {
            set.extend(package.set);
            rules.extend(package.interventions.iter().filter_map(|rule| Rule::read(rule, self.problems)));
        }
    }

    /// A path that begins with `arm.` must name one of the arms.
    pub(super) fn known_arm(&mut self, set: &Override, drafts: &[Draft]) {
        let Some(rest) = set.path.strip_prefix("arm.") else { return };
        if !drafts.iter().any(|draft| rest.strip_prefix(draft.name.as_str()).is_some_and(|rest| rest.starts_with('.')))
        {
            let found = rest.split('.').next().unwrap_or_default();
            let help = suggestion(found, drafts.iter().map(|draft| draft.name.as_str()));
            self.problems.add(Problem::at(&set.key, format!("`{}` names no arm", set.path), "no such arm").help(help));
        }
    }
}
