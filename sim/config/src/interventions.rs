//! The rules of an arm: entries of the catalogue with their roll-out, as checked JSON.

use recsafe_common::setting::{Field, Knobs};
use recsafe_platform::interventions::{Rollout, entries};
use serde_json::{Map, Value as Json};

use crate::leaf;
use crate::names::{is_good, suggestion};
use crate::problem::{Place, Problem, Problems};
use crate::tree::Node;

/// One rule with all of its knobs, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) settings: Map<String, Json>,
    pub(crate) place: Place,
}

impl Rule {
    /// Checks one rule of a list.
    pub(crate) fn read(node: &Node, problems: &mut Problems) -> Option<Rule> {
        if node.table().is_none() {
            let message = "an intervention must be a table { kind = \"...\" } with its knobs";
            problems.add(Problem::at(&node.place, message, format!("found {}", node.describe())));
            return None;
        }
        let settings = leaf::kind(node, &entries(), &Rollout::fields(), "interventions", problems)?;
        Some(Rule { settings, place: node.place.clone() })
    }

    /// Its name, or its kind if it has none.
    pub(crate) fn name(&self) -> &str {
        let word = |key| self.settings.get(key).and_then(Json::as_str);
        word("name").or_else(|| word("kind")).unwrap_or_default()
    }

    /// Changes one of its knobs, by dotted path.
    pub(crate) fn set(&mut self, path: &str, key: &Place, node: &Node, problems: &mut Problems) {
        let kind = self.settings.get("kind").and_then(Json::as_str).unwrap_or_default().to_owned();
        let knobs = entries().into_iter().find(|entry| entry.id == kind).map(|entry| entry.knobs).unwrap_or_default();
        let fields: Vec<Field> = Rollout::fields().into_iter().chain(knobs).collect();
        let Some(field) = fields.iter().find(|field| field.name == path) else {
            let help = suggestion(path, fields.iter().map(|field| field.name));
            problems.add(Problem::at(key, format!("`{kind}` has no setting `{path}`"), "not known here").help(help));
            return;
        };
        if let Some(value) = leaf::value(node, field.shape, field.bounds, &format!("{kind}.{path}"), problems) {
            self.settings.insert(path.to_owned(), value);
        }
    }
}

/// Problems of an arm's rules together: names, and ends before starts.
pub(crate) fn check(rules: &[Rule], problems: &mut Problems) {
    for (place, rule) in rules.iter().enumerate() {
        let name = rule.name();
        if !is_good(name) {
            let message = format!("\"{name}\" cannot name an intervention");
            problems.add(
                Problem::at(&rule.place, message, "named here")
                    .help("small letters, digits, `.`, `_`, `-`; at most 100"),
            );
        }
        if rules[..place].iter().any(|other| other.name() == name) {
            let message = format!("`{name}` stands twice in this arm");
            problems
                .add(Problem::at(&rule.place, message, "the second one").help("give one of them a `name` of its own"));
        }
        let day = |key| rule.settings.get(key).and_then(Json::as_i64);
        if let (Some(start), Some(end)) = (day("start_day"), day("end_day"))
            && end <= start
        {
            let message = format!("`{name}` ends before it starts: end_day {end} must be above start_day {start}");
            problems.add(Problem::at(&rule.place, message, "never acts"));
        }
    }
}
