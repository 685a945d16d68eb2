//! Interventions of an arm: entries of the catalogue with their targeting and timing.

use recsafe_common::setting::Knobs;
use recsafe_platform::interventions::{Targeting, entries};
use serde_json::Value as Json;

use crate::layers::{Layers, Setter, in_order};
use crate::leaf;
use crate::names::{NAMING, is_good};
use crate::problem::{Location, Problem, Problems};
use crate::release::Beneath;
use crate::tree::Node;

/// An intervention with all of its knobs and its position in the file.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    kind: &'static str,
    knobs: Layers,
    location: Location,
}

impl Rule {
    /// Checks an intervention of a list.
    pub(crate) fn read(node: &Node, beneath: &mut Beneath, problems: &mut Problems) -> Option<Rule> {
        let Some(table) = node.table() else {
            let message = "an intervention must be a table: { kind = \"...\" }, optionally with knobs";
            let problem = Problem::at(&node.location, message, format!("found {}", node.describe()));
            problems.add(match node.text() {
                Some(text) => problem.help(format!("write {{ kind = \"{text}\" }}")),
                None => problem,
            });
            return None;
        };
        let catalogue = entries();
        let entry = leaf::chosen(node, &catalogue, "interventions", problems)?;
        let fields = Targeting::fields().into_iter().chain(entry.knobs.clone()).collect();
        let defaults = beneath.release().map(|release| release.rule(entry.id)).unwrap_or_default();
        let knobs = beneath.lay(Layers::new(entry.id, fields), &defaults);
        let mut rule = Rule { kind: entry.id, knobs, location: node.location.clone() };
        for setter in in_order(table.iter().filter(|entry| entry.key != "kind").map(Setter::of).collect()) {
            rule.knobs.set(&setter, problems);
        }
        Some(rule)
    }

    /// Returns the kind.
    pub(crate) fn kind(&self) -> &str {
        self.kind
    }

    /// Returns the name, or the kind if the intervention has no name.
    pub(crate) fn name(&self) -> &str {
        self.knobs.get("name").and_then(Json::as_str).unwrap_or(self.kind)
    }

    /// Sets a knob by its dotted path.
    pub(crate) fn set(&mut self, setter: &Setter, problems: &mut Problems) {
        self.knobs.set(setter, problems);
    }

    /// Returns the JSON `{ kind, knob, ... }`.
    pub(crate) fn json(&self) -> Json {
        let kind = std::iter::once(("kind".to_owned(), Json::from(self.kind)));
        Json::Object(kind.chain(self.knobs.values().clone()).collect())
    }

    fn location(&self, knob: &str) -> &Location {
        self.knobs.location(knob).unwrap_or(&self.location)
    }
}

/// Checks the interventions of an arm together. Names must be unique, and an intervention must end
/// after its start.
pub(crate) fn check(rules: &[Rule], problems: &mut Problems) {
    for (number, rule) in rules.iter().enumerate() {
        let name = rule.name();
        if !is_good(name) {
            let problem = Problem::at(
                rule.location("name"),
                format!("\"{name}\" is not a valid name for an intervention"),
                "set here",
            );
            problems.add(problem.help(NAMING));
        }
        if rules[..number].iter().any(|other| other.name() == name) {
            let problem = Problem::at(
                rule.location("name"),
                format!("this arm has two interventions called `{name}`"),
                "the second one",
            );
            problems.add(
                problem.help(format!("give one of them another name: {{ kind = \"{}\", name = \"...\" }}", rule.kind)),
            );
        }
        let day = |key| rule.knobs.get(key).and_then(Json::as_i64);
        if let (Some(start), Some(end)) = (day("start_day"), day("end_day"))
            && end <= start
        {
            let message = format!(
                "intervention `{name}` ends before it starts: `end_day` ({end}) must be after `start_day` ({start})"
            );
            problems.add(Problem::at(rule.location("end_day"), message, "the first day without it"));
        }
    }
}
