//! Compares the hooks at which an intervention changes anything with the hooks that it declares.

use std::collections::BTreeSet;

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_platform::enforcement::{Detection, Review, SanctionPolicy};
use recsafe_platform::interventions::{Intervention, Message};
use recsafe_platform::settings::Enforcement;
use recsafe_platform::slate::TopicCaps;
use recsafe_platform::suggestions::Suggestion;

use super::cases::{Case, always, filled, reranked, some_scores};
use super::report::{Property, Report};
use super::subject::Subject;
use super::variants;

const UNNAMED: Property = ("unnamed-hooks", "it has no effect at hooks that it does not declare");
const NAMED: Property = ("named-hooks", "it has an effect at each hook that it declares");

/// Runs the checks. A declared hook without any effect here is allowed, because the hook can have
/// an effect on other platforms.
pub(super) fn check(subject: &Subject<dyn Intervention>, cases: &[Case], report: &mut Report) {
    let named = subject.entry.hooks;
    let heard = report.check(UNNAMED, || {
        let heard = heard(subject, cases)?;
        match heard.iter().find(|hook| !named.contains(hook)) {
            Some(hook) => Err(format!("it has an effect at `{hook}`, which is not in its HOOKS")),
            None => Ok(heard),
        }
    });
    let Some(heard) = heard else { return report.skip(&[NAMED], "its HOOKS are incomplete") };
    match named.iter().find(|hook| !heard.contains(*hook)) {
        Some(hook) => report.skip(&[NAMED], &format!("it has no effect at `{hook}` on these small platforms")),
        None => _ = report.check(NAMED, || Ok(())),
    }
}

/// Returns the hooks at which the intervention has an effect in at least one case, with some choice
/// of knobs.
fn heard(subject: &Subject<dyn Intervention>, cases: &[Case]) -> Result<BTreeSet<&'static str>, String> {
    let knobs = &subject.entry.knobs;
    let variants = variants::alone(knobs).into_iter().chain(variants::together(knobs));
    let mut heard = BTreeSet::new();
    for rule in std::iter::once(subject.plain()).chain(variants.map(|variant| subject.make(&variant.knobs))) {
        let rule = rule?;
        for case in cases {
            heard.extend(hooks(rule.as_ref(), case).filter_map(|(hook, says)| says.then_some(hook)));
        }
    }
    Ok(heard)
}

/// Returns every hook, and whether an intervention has an effect there in a case.
fn hooks(rule: &dyn Intervention, case: &Case) -> impl Iterator<Item = (&'static str, bool)> {
    feed(rule, case).into_iter().chain(accounts(rule, case)).chain(pairs(rule, case)).chain(enforcement(rule))
}

fn feed(rule: &dyn Intervention, case: &Case) -> [(&'static str, bool); 8] {
    let mut left = case.candidates.clone();
    rule.eligible(always(case), &case.request, &case.view(), &mut left);
    let before = some_scores(case);
    let mut scores = before.clone();
    rule.adjust(always(case), &case.request, &case.view(), &case.candidates, &mut scores);
    [
        ("ranker", rule.ranker().is_some()),
        ("personalisation", [0.058, 1.0].iter().any(|step| rule.personalisation(*step) != *step)),
        ("eligible", left.len() != case.candidates.len()),
        ("adjust", scores != before),
        ("caps", rule.caps(TopicCaps::default()) != TopicCaps::default()),
        // An invalid slate counts as a change.
        ("rerank", reranked(rule, case).ok() != Some(filled(case).slate)),
        ("resets-profile", rule.resets_profile()),
        ("is-quiet", (0..24).any(|hour| rule.is_quiet(hour))),
    ]
}

fn accounts(rule: &dyn Intervention, case: &Case) -> [(&'static str, bool); 5] {
    let observed = &case.observed;
    let any = |says: &dyn Fn(AccountId) -> bool| (0..observed.accounts.len() as u32).map(AccountId).any(says);
    [
        ("slates-a-day", any(&|id| rule.slates_a_day(id, observed).is_some())),
        ("mutes", any(&|id| rule.mutes(id, observed))),
        ("makes-private", AgeBand::ALL.iter().any(|band| rule.makes_private(*band))),
        ("messages-a-day", rule.messages_a_day().is_some()),
        ("filters-searches", rule.filters_searches().is_some()),
    ]
}

fn pairs(rule: &dyn Intervention, case: &Case) -> [(&'static str, bool); 6] {
    let observed = &case.observed;
    let ids = || (0..observed.accounts.len() as u32).map(AccountId);
    let any = |says: &dyn Fn(AccountId, AccountId) -> bool| {
        ids().any(|from| ids().filter(|to| *to != from).any(|to| says(from, to)))
    };
    let message = |from, to| Message { from, to };
    let suggestion = |viewer, suggested| Suggestion { viewer, suggested, slot: 0 };
    [
        ("hides", any(&|from, to| rule.hides(&suggestion(from, to), observed))),
        ("unlists", any(&|from, to| rule.unlists(from, to, observed))),
        ("hides-list", any(&|from, to| rule.hides_list(from, to, observed))),
        ("holds-back", any(&|from, to| rule.holds_back(&message(from, to), observed) > 0)),
        ("stops", any(&|from, to| rule.stops(&message(from, to), observed))),
        ("acceptance", any(&|from, to| rule.acceptance(&message(from, to), observed) != 1.0)),
    ]
}

fn enforcement(rule: &dyn Intervention) -> [(&'static str, bool); 9] {
    let settings = Enforcement::default();
    let (mut detection, mut review, mut sanction_policy) =
        (Detection::new(&settings), Review::new(&settings), SanctionPolicy::new(&settings));
    rule.detects(&mut detection);
    rule.reviews(&mut review, 1.0);
    rule.sanctions(&mut sanction_policy);
    [
        ("detects", detection != Detection::new(&settings)),
        ("reviews", review != Review::new(&settings)),
        ("reporting", rule.reporting() != 1.0),
        ("sanctions", sanction_policy != SanctionPolicy::new(&settings)),
        ("flaggers", rule.flaggers().is_some()),
        ("spreads", rule.spreads().is_some()),
        ("wave", (0..60).any(|day| rule.wave(day).is_some())),
        ("checks-age", rule.checks_age().is_some()),
        ("barrier", rule.barrier().is_some()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::cases;
    use recsafe_platform::interventions::Hook;

    #[derive(Debug)]
    struct Nothing;

    impl Intervention for Nothing {}

    #[test]
    fn every_hook_is_asked_and_a_rule_without_one_says_nothing() {
        for case in cases() {
            let asked: Vec<(&str, bool)> = hooks(&Nothing, &case).collect();
            let names: BTreeSet<&str> = asked.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, Hook::ALL.iter().map(|hook| hook.name).collect());
            assert!(asked.iter().all(|(_, says)| !says), "{}", case.name);
        }
    }
}
