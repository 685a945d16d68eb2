//! Translation of older names in a manifest to current names.

use std::collections::BTreeSet;

use recsafe_names::{Names, kind};
use recsafe_stats::OutcomeName;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::{ArmEntry, ExperimentEntry, Manifest};
use crate::difference::settings_difference;
use crate::table::{OUTPUT, PROBE};

/// Deserializes the experiment of a manifest under current names. Names of arms and interventions
/// are unchanged, because the user chose these names.
pub(super) fn experiment<'de, D: Deserializer<'de>>(from: D) -> Result<ExperimentEntry, D::Error> {
    let experiment = under_present_names(Json::deserialize(from)?, Names::present());
    ExperimentEntry::deserialize(experiment).map_err(serde::de::Error::custom)
}

/// Returns the experiment of a manifest under current names.
#[must_use]
pub fn under_present_names(mut experiment: Json, names: &Names) -> Json {
    for key in ["harm", "cost"] {
        if let Some(Json::String(outcome)) = experiment.get_mut(key) {
            *outcome = present_outcome(outcome, names);
        }
    }
    for (key, section) in [("probes", PROBE), ("output", OUTPUT)] {
        if let Some(part) = experiment.get_mut(key) {
            *part = names.present_section(section, part);
        }
    }
    for point in experiment.get_mut("points").and_then(Json::as_array_mut).into_iter().flatten() {
        if let Some(Json::Object(values)) = point.get_mut("values") {
            let named = |(path, value): (String, Json)| names.present_at_path(&path, &value);
            *values = std::mem::take(values).into_iter().map(named).collect();
        }
    }
    experiment
}

/// Returns an outcome under its current names.
fn present_outcome(written: &str, names: &Names) -> String {
    let OutcomeName { metric, group } = written.into();
    let group = group.map(|group| names.name(kind::GROUP, &group).to_owned());
    OutcomeName { metric: names.name(kind::METRIC, &metric).to_owned(), group }.to_string()
}

impl Manifest {
    /// Translates the names of metrics and of the arms' settings to current names. If a setting was
    /// renamed, the differences from the baseline are computed again.
    pub fn use_present_names(&mut self, names: &Names) {
        for metric in &mut self.metrics {
            let present = names.resolve(kind::METRIC, &metric.id);
            if present.is_old {
                metric.title.clear(); // it has the older name, so readers use the current title
            }
            metric.id = present.name.to_owned();
        }
        for run in self.runs.iter_mut().chain(&mut self.others) {
            let rules = self.arms.iter().find(|arm| arm.name == run.arm).map_or(&[][..], ArmEntry::rules);
            let own: BTreeSet<&str> = rules.iter().filter_map(|rule| rule.get("name")?.as_str()).collect();
            for (rule, _) in run.rules_applied.iter_mut().flatten().filter(|(rule, _)| !own.contains(rule.as_str())) {
                *rule = names.name(kind::INTERVENTION, rule).to_owned(); // an intervention without a name is listed under its kind
            }
        }
        let renamed: Vec<Json> = self.arms.iter().map(|arm| names.present_settings(&arm.settings)).collect();
        self.use_present_paths(names, &renamed);
        if self.arms.iter().zip(&renamed).all(|(arm, settings)| arm.settings == *settings) {
            return;
        }
        let index = self.arms.iter().position(|arm| self.experiment.baseline == arm.name).unwrap_or(0);
        for (arm, settings) in self.arms.iter_mut().zip(&renamed) {
            arm.difference = settings_difference(&renamed[index], settings);
            arm.settings.clone_from(settings);
        }
    }
}

impl Manifest {
    /// Translates swept paths about arms to current names. `arms` are the settings of the arms
    /// under current names.
    fn use_present_paths(&mut self, names: &Names, arms: &[Json]) {
        let rules: Vec<(String, Vec<Json>)> = self
            .arms
            .iter()
            .zip(arms)
            .map(|(arm, settings)| {
                (arm.name.clone(), settings.get("interventions").and_then(Json::as_array).cloned().unwrap_or_default())
            })
            .collect();
        for point in &mut self.experiment.points {
            let named = |(path, value): (String, Json)| in_arm(names, &rules, &path, &value).unwrap_or((path, value));
            point.values = std::mem::take(&mut point.values).into_iter().map(named).collect();
        }
    }
}

/// Translates a path about an arm, and its value, to current names. If the path begins with the
/// names of several arms, it is about the arm with the longest name.
fn in_arm(names: &Names, arms: &[(String, Vec<Json>)], path: &str, value: &Json) -> Option<(String, Json)> {
    let inside = |arm: &str| path.strip_prefix("arm.")?.strip_prefix(arm)?.strip_prefix('.');
    let fitting = arms.iter().filter_map(|(arm, rules)| Some((rules, inside(arm)?)));
    let (rules, inner) = fitting.min_by_key(|(_, inner)| inner.len())?;
    let front = &path[..path.len() - inner.len()];
    let named = |rule: &Json| rule.get("name").and_then(Json::as_str).map(str::to_owned);
    let kind = |rule: &Json| rule.get("kind").and_then(Json::as_str).unwrap_or_default().to_owned();
    let of_rule = |word: &str| Some(inner.strip_prefix(word)?.strip_prefix('.')?.to_owned());
    let by_name = rules.iter().find_map(|rule| {
        let name = named(rule)?;
        Some((kind(rule), name.clone(), of_rule(&name)?))
    });
    let by_kind = || {
        let (word, knob) = inner.split_once('.')?;
        let present = names.name(kind::INTERVENTION, word);
        let found = rules.iter().find(|rule| kind(rule) == present)?;
        Some((kind(found), present.to_owned(), knob.to_owned()))
    };
    if let Some((kind, rule, knob)) = by_name.or_else(by_kind) {
        let (knob, value) = names.present_knob(&kind, &knob, value);
        return Some((format!("{front}{rule}.{knob}"), value));
    }
    let (set, setting) = inner.strip_prefix("set.").map_or(("", inner), |setting| ("set.", setting));
    let (setting, value) = names.present_at_path(setting, value);
    Some((format!("{front}{set}{setting}"), value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn swept_paths_about_arms_are_named_by_what_their_rules_are() {
        let rows = "setting,feed.slate,feed.size,\nsetting,interventions,interventions,\nsetting,feed.ranker,feed.model,\n\
                    entry:interventions,cap,daily-limit,\nknob:interventions.cap,most,limit,\nknob:interventions.*,who,audience,\n\
                    value:interventions.*.who,kids,minors,\nentry:feed.ranker,blend,blend,\nknob:feed.ranker.blend,like,likes,\n";
        let names = Names::parse(&format!("kind,id,name,older\n{rows}")).unwrap_or_else(|fault| panic!("{fault}"));
        let rules = json!([{ "kind": "daily-limit" }, { "kind": "daily-limit", "name": "x.y" }]);
        let arms = [("a".to_owned(), Vec::new()), ("a.b".to_owned(), rules.as_array().cloned().unwrap_or_default())];
        let translate =
            |path: &str, value: Json| in_arm(&names, &arms, path, &value).unwrap_or((path.to_owned(), value));
        for (path, value, now, value_now) in [
            ("arm.a.b.cap.most", json!(1), "arm.a.b.daily-limit.limit", json!(1)),
            ("arm.a.b.x.y.who", json!("kids"), "arm.a.b.x.y.audience", json!("minors")),
            ("arm.a.b.set.feed.slate", json!(1), "arm.a.b.set.feed.size", json!(1)),
            ("arm.a.feed.ranker.like", json!(1), "arm.a.feed.model.likes", json!(1)),
            (
                "arm.a.feed.ranker",
                json!({ "kind": "blend", "like": 2 }),
                "arm.a.feed.model",
                json!({ "kind": "blend", "likes": 2 }),
            ),
            ("arm.c.feed.slate", json!(1), "arm.c.feed.slate", json!(1)),
            ("feed.slate", json!(1), "feed.slate", json!(1)),
        ] {
            assert_eq!(translate(path, value), (now.to_owned(), value_now), "{path}");
        }
    }

    #[test]
    fn both_parts_of_an_outcome_are_named_anew() {
        let names =
            Names::parse("kind,id,name,older\nmetric,a,b,\ngroup,c,d,e\n").unwrap_or_else(|fault| panic!("{fault}"));
        let present = |text: &str| present_outcome(text, &names);
        assert_eq!(["a@c", "b@e", "a", "x@y", "@"].map(present), ["b@d", "b@d", "b", "x@y", "@"]);
    }
}
