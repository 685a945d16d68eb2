//! Checks before a run whether an experiment meets the requirements of metrics.

use recsafe_people::behavior::probes::Script;
use recsafe_people::generate::Members;
use recsafe_scenario::{Need, rules_at};

use crate::experiment::{Experiment, Settings};
use crate::there::never;

/// Returns whether a requirement is met in one arm at one point.
pub(crate) fn is_met(need: Need, experiment: &Experiment, settings: &Settings) -> bool {
    let members = || Members::of(&settings.world);
    match need {
        Need::Days(days) => experiment.about.days >= days,
        Need::Accounts(who) => who.are_in(&members()),
        Need::Probes(script) => {
            script != Script::Passive && experiment.probes.iter().any(|probe| probe.script == script && probe.count > 0)
        }
        Need::Happens(happening) => !never(settings, &members(), &experiment.probes).contains(&happening),
        Need::Inboxes => settings.policy.feed.quotas.inbox > 0.0,
        Need::Reference => experiment.arms.iter().flat_map(|arm| &arm.points).any(is_reference),
        Need::Rule(hook) => experiment.arms.iter().flat_map(|arm| &arm.points).any(|it| has_rule(it, hook)),
    }
}

fn is_reference(settings: &Settings) -> bool {
    settings.policy.interventions.is_empty()
        && ["chronological", "random"].contains(&settings.policy.feed.ranker.0.kind.as_str())
}

fn has_rule(settings: &Settings, hook: &str) -> bool {
    let kinds = rules_at(hook);
    settings.policy.interventions.iter().any(|rule| kinds.contains(&rule.kind.as_str()))
}
