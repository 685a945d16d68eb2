//! Comparison of an experiment's runs: the question, all rows, and the components of the arms.

use recsafe_config::manifest::{ArmEntry, ExperimentEntry, Manifest};
use recsafe_config::outcomes::known_outcome;
use recsafe_config::want_of_group;
use recsafe_stats::OutcomeName;

use super::answer::{Answer, Findings, answer};
use super::comparison::{Comparison, compare};
use super::contained::contained;
use super::metric::{MetricFacts, MetricValue};
use super::parts::ArmParts;
use super::question::{Outcome, Question};
use super::rules::{Rule, rules};
use super::select::{Selection, UnknownName, select};

/// Comparison of an experiment's runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Every metric and group of every arm at every point, compared with the baseline.
    pub rows: Vec<Comparison>,
    /// The experiment's question.
    pub question: Question,
    /// The baseline that the experiment declares.
    pub declared_baseline: String,
    /// Components of the arms.
    pub parts: Vec<ArmParts>,
    /// Every arm compared with the arms that it contains, for the declared outcomes.
    pub contained: Vec<Comparison>,
    /// The interventions of the arms and the assumptions about them.
    pub rules: Vec<Rule>,
    /// Descriptions of the metrics.
    pub metrics: Vec<MetricFacts>,
    /// All values at the first sweep point. The level of each arm is computed from these values.
    pub first: Vec<MetricValue>,
}

/// Returns the metrics of a manifest. The catalogue supplies missing titles. If the manifest
/// describes no metrics, the catalogue supplies all descriptions.
fn described(metrics: &[MetricFacts], catalogue: &[MetricFacts]) -> Vec<MetricFacts> {
    if metrics.is_empty() {
        return catalogue.to_vec();
    }
    let mut metrics = metrics.to_vec();
    for metric in metrics.iter_mut().filter(|metric| metric.title.is_empty()) {
        let known = MetricFacts::find(catalogue, &metric.id);
        metric.title = known.map_or_else(|| metric.id.clone(), |known| known.title.clone());
    }
    metrics
}

impl Compared {
    /// Compares the runs of each arm with `baseline`, or with the declared baseline if `baseline`
    /// is `None`. The declared target applies only to the declared baseline. `catalogue` describes
    /// the metrics if the manifest is from an earlier version and lacks descriptions.
    #[must_use]
    pub fn new(
        manifest: &Manifest,
        mut values: Vec<MetricValue>,
        catalogue: &[MetricFacts],
        baseline: Option<&str>,
    ) -> Compared {
        let metrics = &described(&manifest.metrics, catalogue)[..];
        let declared = question(manifest, metrics);
        let declared_baseline = declared.baseline.clone();
        let question = match baseline {
            Some(arm) if *arm != declared_baseline => Question { baseline: arm.to_owned(), target: None, ..declared },
            _ => declared,
        };
        let rows = compare(&values, metrics, &question, reference(manifest).as_deref());
        let parts: Vec<ArmParts> = manifest.arms.iter().map(|arm| ArmParts::new(&arm.name, &arm.difference)).collect();
        let contained = contained(&values, metrics, &question, &parts);
        let rules = rules(manifest.arms.iter().map(|arm| (arm.name.as_str(), arm.rules())));
        let metrics = metrics.to_vec();
        values.retain(|value| value.point == 0);
        values.shrink_to_fit();
        Compared { rows, question, declared_baseline, parts, contained, rules, metrics, first: values }
    }

    /// Parses an outcome: `metric@group`, or `metric` for its default group.
    #[must_use]
    pub fn outcome(&self, named: &str) -> Outcome {
        OutcomeName::from(named).outcome(&self.metrics)
    }

    /// Returns the answer to the experiment's question.
    #[must_use]
    pub fn answer(&self) -> Answer {
        answer(&Findings {
            rows: &self.rows,
            question: &self.question,
            declared_baseline: &self.declared_baseline,
            metrics: &self.metrics,
            parts: &self.parts,
            contained: &self.contained,
            rules: &self.rules,
        })
    }

    /// Returns the selected rows. A known outcome without a value in any run has no row.
    ///
    /// # Errors
    /// For an unknown metric, group or arm.
    pub fn select(&self, selection: &Selection) -> Result<Vec<Comparison>, UnknownName> {
        let mut present = selection.clone();
        let is_lost = |named: &String| {
            let asked = self.asked(named, &selection.groups);
            asked.iter().all(|it| self.is_known(it)) && !asked.iter().any(|it| self.of(it).next().is_some())
        };
        let is_empty = |group: &String| {
            self.metrics.iter().any(|facts| facts.groups.contains(group))
                && self.rows.iter().all(|row| row.group != *group)
        };
        present.metrics.retain(|named| !is_lost(named));
        present.groups.retain(|group| !is_empty(group));
        let none_left = |before: &[String], after: &[String]| after.is_empty() && !before.is_empty();
        let nothing = none_left(&selection.metrics, &present.metrics) || none_left(&selection.groups, &present.groups);
        let found = select(&self.rows, &self.metrics, &present)?; // reports unknown names
        Ok(if nothing { Vec::new() } else { found })
    }

    /// Explains why selected outcomes have no value in any run, with one sentence per outcome in
    /// the order of the selection.
    #[must_use]
    pub fn without_value(&self, selection: &Selection) -> Vec<String> {
        let named = selection.metrics.iter().flat_map(|named| self.asked(named, &selection.groups));
        let mut said: Vec<String> = Vec::new();
        for outcome in named.filter(|outcome| self.is_known(outcome)) {
            let valued = self.of(&outcome).any(|row| row.mean.is_some() || row.mean_baseline.is_some());
            let sentence = format!("No value of {outcome}: {}.", self.why_none(&outcome));
            if !valued && !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        let empty = selection.groups.iter().filter(|group| self.rows.iter().all(|row| row.group != **group));
        for want in empty.filter(|_| selection.metrics.is_empty()).filter_map(|group| want_of_group(group)) {
            said.push(format!("No value: {want}."));
        }
        said
    }

    /// Explains why no run has a value of an outcome.
    fn why_none(&self, outcome: &Outcome) -> String {
        let group = &outcome.group;
        let empty = || self.rows.iter().all(|row| row.group != *group);
        let needed = MetricFacts::find(&self.metrics, &outcome.metric).map_or(&[][..], |facts| &facts.needed);
        match want_of_group(group).filter(|_| empty()) {
            Some(want) => want,
            None if !needed.is_empty() => format!("it requires {}", needed.join(" and ")),
            None if self.of(outcome).next().is_none() => "no run has data for it".to_owned(),
            None => "its denominator is 0 in every run, or no seed has a value in both arms".to_owned(),
        }
    }

    /// Returns the outcomes that a typed name selects. If the name has no group, there is one
    /// outcome per selected group.
    fn asked(&self, named: &str, groups: &[String]) -> Vec<Outcome> {
        let OutcomeName { metric, group } = named.into();
        if group.is_some() || groups.is_empty() {
            return vec![self.outcome(named)];
        }
        groups.iter().map(|group| Outcome::new(&metric, group)).collect()
    }

    /// Returns whether the metric exists and has this group.
    fn is_known(&self, outcome: &Outcome) -> bool {
        known_outcome(&outcome.to_string(), &self.metrics).is_ok()
    }

    /// Returns the rows of one outcome, arm by arm, point by point.
    pub fn of<'a>(&'a self, outcome: &Outcome) -> impl Iterator<Item = &'a Comparison> + use<'a> {
        let outcome = outcome.clone();
        self.rows.iter().filter(move |row| row.metric == outcome.metric && row.group == outcome.group)
    }
}

/// Returns the reference arm of amplification: an arm with a chronological feed, or else with a
/// random feed.
fn reference(manifest: &Manifest) -> Option<String> {
    let with = |kind: &str| {
        let ranks = |arm: &&ArmEntry| {
            arm.rules().is_empty() && arm.setting("feed.ranker.kind").is_some_and(|ranker| ranker == kind)
        };
        manifest.arms.iter().find(ranks).map(|arm| arm.name.clone())
    };
    with("chronological").or_else(|| with("random"))
}

/// Returns whether an arm is the baseline or has a run.
fn was_run(manifest: &Manifest, arm: &str) -> bool {
    manifest.experiment.baseline == arm || manifest.runs.iter().any(|run| run.arm == arm)
}

fn question(manifest: &Manifest, metrics: &[MetricFacts]) -> Question {
    let ExperimentEntry { baseline, harm, cost, target, .. } = manifest.experiment.clone();
    Question {
        baseline,
        arms: manifest.arms.iter().map(|arm| arm.name.clone()).filter(|arm| was_run(manifest, arm)).collect(),
        harm: harm.outcome(metrics),
        cost: cost.outcome(metrics),
        target,
    }
}

#[cfg(test)]
mod tests {
    use recsafe_config::manifest::RunEntry;

    use super::*;
    use crate::samples::{contact_rules, facts};

    /// Returns a manifest of these arms.
    fn manifest(arms: &[String]) -> Manifest {
        let experiment = ExperimentEntry {
            baseline: arms[0].clone(),
            harm: "dose@minor".into(),
            cost: "engagement".into(),
            target: Some(-0.2),
            ..ExperimentEntry::default()
        };
        let entry = |arm: &String| ArmEntry { name: arm.clone(), ..ArmEntry::default() };
        let run = |arm: &String| RunEntry { arm: arm.clone(), ..RunEntry::default() };
        let (runs, arms) = (arms.iter().map(run).collect(), arms.iter().map(entry).collect());
        Manifest { experiment, arms, runs, ..Manifest::default() }
    }

    #[test]
    fn rows_and_question_come_of_a_manifest_and_values_alone() {
        let (values, question) = contact_rules();
        let compared = Compared::new(&manifest(&question.arms), values.clone(), &facts(), None);
        assert_eq!(compared.question, question);
        assert_eq!(compared.rows, compare(&values, &facts(), &question, None));
        assert_eq!(compared.declared_baseline, "as-is");
    }

    #[test]
    fn another_baseline_has_no_target() {
        let (values, question) = contact_rules();
        let compared = Compared::new(&manifest(&question.arms), values, &facts(), Some("warning"));
        assert_eq!((compared.question.baseline.as_str(), compared.question.target), ("warning", None));
        assert_eq!(compared.declared_baseline, "as-is");
        assert!(compared.rows.iter().all(|row| row.baseline == "warning"));
    }

    #[test]
    fn an_arm_without_a_run_is_not_compared() {
        let (values, question) = contact_rules();
        let mut manifest = manifest(&question.arms);
        manifest.runs.retain(|run| run.arm != "warning");
        assert_eq!(Compared::new(&manifest, values, &facts(), None).question.arms, ["as-is", "restrict-messages"]);
    }
}
