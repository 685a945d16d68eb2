//! Present names for what a folder says in older ones: a manifest is read as today's program would have written it.

use recsafe_names::{Names, kind};
use recsafe_stats::OutcomeName;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::{ExperimentEntry, Manifest};
use crate::difference::settings_difference;
use crate::table::{OUTPUT, PROBE};

/// Reads what a manifest says of the experiment. Names of arms and of rules are the user's own.
pub(super) fn experiment<'de, D: Deserializer<'de>>(from: D) -> Result<ExperimentEntry, D::Error> {
    let experiment = under_present_names(Json::deserialize(from)?, Names::present());
    ExperimentEntry::deserialize(experiment).map_err(serde::de::Error::custom)
}

/// What a manifest says of the experiment, under present names.
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
            let named = |(path, value): (String, Json)| (names.name(kind::SETTING, &path).to_owned(), value);
            *values = std::mem::take(values).into_iter().map(named).collect();
        }
    }
    experiment
}

/// An outcome under its present names.
fn present_outcome(written: &str, names: &Names) -> String {
    let OutcomeName { metric, group } = written.into();
    let group = group.map(|group| names.name(kind::GROUP, &group).to_owned());
    OutcomeName { metric: names.name(kind::METRIC, &metric).to_owned(), group }.to_string()
}

impl Manifest {
    /// Gives settings of the arms, and metrics, their present names. Where a setting has another name now, what differs from the baseline is
    /// found anew.
    pub fn use_present_names(&mut self, names: &Names) {
        for metric in &mut self.metrics {
            metric.id = names.name(kind::METRIC, &metric.id).to_owned();
        }
        let renamed: Vec<Json> = self.arms.iter().map(|arm| names.present_settings(&arm.settings)).collect();
        if self.arms.iter().zip(&renamed).all(|(arm, settings)| arm.settings == *settings) {
            return;
        }
        let place = self.arms.iter().position(|arm| self.experiment.baseline == arm.name).unwrap_or(0);
        for (arm, settings) in self.arms.iter_mut().zip(&renamed) {
            arm.difference = settings_difference(&renamed[place], settings);
            arm.settings.clone_from(settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_of_an_outcome_are_named_anew() {
        let names =
            Names::parse("kind,id,name,older\nmetric,a,b,\ngroup,c,d,e\n").unwrap_or_else(|fault| panic!("{fault}"));
        let present = |text: &str| present_outcome(text, &names);
        assert_eq!(["a@c", "b@e", "a", "x@y", "@"].map(present), ["b@d", "b@d", "b", "x@y", "@"]);
    }
}
