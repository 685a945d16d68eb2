//! Resolving: one set of settings for each arm and point, layer over layer.

use serde_json::{Value as Json, json};

use super::arguments::Override;
use super::arms::Draft;
use super::{Reader, from_json};
use crate::conflicts;
use crate::experiment::{Arm, Settings};
use crate::interventions::{self, Rule};
use crate::layers::Layers;
use crate::names::suggestion;
use crate::problem::Problem;
use crate::table;

impl Reader<'_> {
    pub(super) fn arm(
        &mut self,
        base: &Layers,
        draft: &Draft,
        of_arms: &[Override],
        points: &[Vec<Override>],
    ) -> Option<Arm> {
        let settings: Vec<Option<Settings>> =
            points.iter().map(|point| self.resolve(base, Some(draft), of_arms, point)).collect();
        Some(Arm { name: draft.name.clone(), points: settings.into_iter().collect::<Option<_>>()? })
    }

    /// One resolved set: the file's settings, the point's, the arm's own, then what `--set` and the point say of the arm. Without
    /// an arm, what holds during the warm-up: the point's world settings, and the file's own policy.
    pub(super) fn resolve(
        &mut self,
        base: &Layers,
        draft: Option<&Draft>,
        of_arms: &[Override],
        point: &[Override],
    ) -> Option<Settings> {
        let mut layers = base.clone();
        for set in point.iter().filter(|set| !set.path.starts_with("arm.") && (draft.is_some() || is_world(&set.path)))
        {
            layers.set(&set.path, &set.key, &set.node, self.problems);
        }
        let mut rules = Vec::new();
        if let Some(draft) = draft {
            for entry in &draft.set {
                layers.set(&entry.key, &entry.key_place, &entry.node, self.problems);
            }
            rules.clone_from(&draft.rules);
            for set in of_arms.iter().chain(point).filter(|set| set.path.starts_with("arm.")) {
                self.set_in_arm(set, draft, &mut layers, &mut rules);
            }
            interventions::check(&rules, self.problems);
        }
        conflicts::check(&layers, self.problems);
        self.settings(&layers, rules)
    }

    /// `arm.NAME.RULE.KNOB` or `arm.NAME.SECTION.SETTING`, if the arm is this one.
    fn set_in_arm(&mut self, set: &Override, draft: &Draft, layers: &mut Layers, rules: &mut [Rule]) {
        let rest = set.path.strip_prefix("arm.").unwrap_or_default();
        let Some(inner) = rest.strip_prefix(draft.name.as_str()).and_then(|rest| rest.strip_prefix('.')) else {
            return;
        };
        let named = |rule: &&mut Rule| inner.strip_prefix(rule.name()).is_some_and(|rest| rest.starts_with('.'));
        if let Some(rule) = rules.iter_mut().filter(named).max_by_key(|rule| rule.name().len()) {
            let knob = inner[rule.name().len() + 1..].to_owned();
            rule.set(&knob, &set.key, &set.node, self.problems);
        } else if table::sections().iter().any(|section| inner.starts_with(&format!("{}.", section.name))) {
            layers.set(inner, &set.key, &set.node, self.problems);
        } else {
            let help = suggestion(inner, rules.iter().map(Rule::name));
            self.problems.add(
                Problem::at(
                    &set.key,
                    format!("arm `{}` has no intervention for `{inner}`", draft.name),
                    "no such rule",
                )
                .help(help),
            );
        }
    }

    fn settings(&mut self, layers: &Layers, rules: Vec<Rule>) -> Option<Settings> {
        let rules: Vec<Json> = rules.into_iter().map(|rule| Json::Object(rule.settings)).collect();
        let section = |name: &str| layers.section(name).clone();
        let warm_up_days = layers.get("experiment.warm_up_days").cloned().unwrap_or_default();
        let world = json!({
            "population": section("population"), "graph": section("graph"), "content": section("content"),
            "behavior": section("behavior"), "harm": section("harm"), "warm_up_days": warm_up_days,
        });
        let policy = json!({ "feed": section("feed"), "enforcement": section("enforcement"), "interventions": rules });
        let problems = &mut *self.problems;
        Some(Settings {
            population: from_json(&world["population"], problems)?,
            graph: from_json(&world["graph"], problems)?,
            content: from_json(&world["content"], problems)?,
            behavior: from_json(&world["behavior"], problems)?,
            harm: from_json(&world["harm"], problems)?,
            warm_up_days: from_json(&world["warm_up_days"], problems)?,
            feed: from_json(&policy["feed"], problems)?,
            enforcement: from_json(&policy["enforcement"], problems)?,
            interventions: from_json(&policy["interventions"], problems)?,
            world,
            policy,
        })
    }
}

/// Whether a dotted path names a world setting.
fn is_world(path: &str) -> bool {
    table::rows()
        .iter()
        .any(|row| row.side == table::Side::World && (row.path == path || path.starts_with(&format!("{}.", row.path))))
}
