//! What an outcome lacks in an experiment: it cannot have a value, or cannot differ between arms.

use recsafe_scenario::{KnownMetric, Need};
use recsafe_stats::OutcomeName;

use crate::experiment::Experiment;
use crate::needs::is_met;

/// What an outcome lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is wrong with it, in a sentence.
    pub message: String,
    /// The way out.
    pub help: String,
    /// Whether it holds in all arms and at all points.
    pub everywhere: bool,
}

/// What an outcome, `metric` or `metric@group`, lacks in an experiment to have a value, or else to be able to differ between arms; none
/// if nothing is known to be lacking.
#[must_use]
pub fn lack(outcome: &str, metrics: &[KnownMetric], experiment: &Experiment) -> Option<Lack> {
    let OutcomeName { metric: id, group } = outcome.into();
    let metric = metrics.iter().find(|metric| metric.facts.id == id)?;
    let of_group = Need::of_group(group.as_ref().unwrap_or(&metric.facts.default_group));
    let for_value: Vec<Need> = metric.needs.iter().copied().chain(of_group).collect();
    let found = first_lack(&for_value, experiment, "cannot have a value", outcome);
    found.or_else(|| {
        let moves = first_lack(&metric.moved_by, experiment, "cannot move, it is 0 in every arm", outcome)?;
        moves.everywhere.then_some(moves)
    })
}

/// The first need that is not met in all arms and at all points; the first that is met nowhere goes before others.
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
