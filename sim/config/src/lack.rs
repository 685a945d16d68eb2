//! Missing requirements of an outcome. If a requirement is missing, the outcome has no value or
//! cannot differ between arms.

use recsafe_scenario::{KnownMetric, Need};
use recsafe_stats::OutcomeName;

use crate::experiment::Experiment;
use crate::needs::is_met;

/// A missing requirement of an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is missing, in one sentence.
    pub message: String,
    /// What to do about the missing requirement.
    pub help: String,
    /// Whether the requirement is missing in all arms and at all points.
    pub everywhere: bool,
}

/// Returns the first missing requirement of an outcome, `metric` or `metric@group`. Checks the
/// requirements for a value first, then the requirements for a difference between arms. Returns
/// `None` if no requirement is known to be missing.
#[must_use]
pub fn lack(outcome: &str, metrics: &[KnownMetric], experiment: &Experiment) -> Option<Lack> {
    let OutcomeName { metric: id, group } = outcome.into();
    let metric = metrics.iter().find(|metric| metric.facts.id == id)?;
    let of_group = Need::of_group(group.as_ref().unwrap_or(&metric.facts.default_group));
    let for_value: Vec<Need> = metric.needs.iter().copied().chain(of_group).collect();
    let found = first_lack(&for_value, experiment, "cannot have a value", outcome);
    found.or_else(|| {
        let moves = first_lack(
            &metric.moved_by,
            experiment,
            "cannot differ between arms, because it is 0 in all of them",
            outcome,
        )?;
        moves.everywhere.then_some(moves)
    })
}

/// Returns a requirement that is missing in at least one arm and point, or `None` if there is no
/// such requirement. Requirements that are missing in all arms and at all points take precedence.
fn first_lack(needs: &[Need], experiment: &Experiment, so: &str, outcome: &str) -> Option<Lack> {
    let settings = || experiment.arms.iter().flat_map(|arm| arm.points.iter().map(move |it| (arm, it)));
    let nowhere = |need: &&Need| !settings().any(|(_, settings)| is_met(**need, experiment, settings));
    if let Some(need) = needs.iter().find(nowhere) {
        let message = format!("`{outcome}` {so}: {}", need.lacking(experiment.about.days));
        return Some(Lack { message, help: need.help(), everywhere: true });
    }
    needs.iter().find_map(|need| {
        let (arm, _) = settings().find(|(_, settings)| !is_met(*need, experiment, settings))?;
        let point = if experiment.points.len() > 1 { " at some points" } else { "" };
        let why = need.lacking(experiment.about.days);
        let message = format!("`{outcome}` {so} in arm `{}`{point}: {why}", arm.name);
        Some(Lack { message, help: need.help(), everywhere: false })
    })
}
