//! Permutes hidden truth between accounts and between posts, without changing anything that the
//! platform observes.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use recsafe_engine::measure::Impression;
use recsafe_engine::{EnforcementState, LifetimeOutput, Rules, World};
use recsafe_platform::candidates::Source;
use recsafe_platform::memory::Suggested;

use super::worlds::TestWorld;

/// A post in a slate: its source, its creator, and its index among the creator's posts.
type Slot = (Source, AccountId, u32);

/// Returns an error if the first feed slates of the day or any people suggestions depend on hidden
/// truth.
///
/// Later slates are allowed to depend on hidden truth, because truth affects behaviour and the
/// platform observes behaviour.
pub(super) fn matters_not(test_world: &TestWorld, rules: &dyn Fn() -> Result<Rules, String>) -> Result<(), String> {
    let (before, after) = (day_of(test_world, rules()?, false)?, day_of(test_world, rules()?, true)?);
    if first_slates(&before) != first_slates(&after) {
        return Err("the first feed slates depend on hidden truth".to_owned());
    }
    if suggested(&before) != suggested(&after) {
        return Err("people suggestions depend on hidden truth".to_owned());
    }
    Ok(())
}

/// Simulates one day without new posts or returning accounts, because both would reveal truth
/// before the first slate.
fn day_of(test_world: &TestWorld, mut rules: Rules, exchanged: bool) -> Result<LifetimeOutput, String> {
    let mut world = test_world.warm.clone();
    world.people.posting.fill(0.0);
    world.enforcement_state = EnforcementState::default();
    if exchanged {
        exchange(&mut world);
    }
    // All accounts view suggestions equally often, regardless of their role.
    rules.behavior.following.visits_predators = rules.behavior.following.visits;
    test_world.live_a_day(world, rules)
}

/// Permutes roles, intents, interests and traits between accounts, and topics, quality and severity
/// between posts.
fn exchange(world: &mut World) {
    let people = &mut world.people;
    let by = people.len() / 2 + 1;
    people.role.rotate_right(by);
    people.intents.rotate_right(by);
    people.curiosity.rotate_right(by);
    people.aversion.rotate_right(by);
    people.report_propensity.rotate_right(by);
    people.centres.rotate_right(by);
    people.weights.rotate_right(by);
    people.creates.rotate_right(by);
    people.niche_interest.rotate_right(by);
    people.posted_severe.rotate_right(by);
    people.interests.rotate_right(by);
    let by = world.truth.len() / 2;
    world.truth.rotate_right(by);
}

/// Returns every account's first feed slate.
fn first_slates(lifetime_output: &LifetimeOutput) -> BTreeMap<AccountId, Vec<Slot>> {
    let mut slates: BTreeMap<AccountId, Vec<Slot>> = BTreeMap::new();
    for shown in lifetime_output.recorder.exposures.iter().filter(|shown| shown.request == 0) {
        let Impression { account, source, creator, post, .. } = *shown;
        slates.entry(account).or_default().push((source, creator, post));
    }
    slates
}

/// Returns the recent suggestions to each account.
fn suggested(lifetime_output: &LifetimeOutput) -> Vec<Suggested> {
    lifetime_output.world.people.ids().map(|id| lifetime_output.world.memory.suggested(id).clone()).collect()
}

#[cfg(test)]
mod tests {
    use recsafe_common::band::AgeBand;
    use recsafe_platform::interventions::{Deployed, Policy, Targeting};

    use super::*;

    /// Returns rules with an intervention for minors, so slates depend on declared ages.
    fn peers(test_world: &TestWorld) -> Rules {
        let rule = recsafe_platform::interventions::age_appropriate_sources::AgeAppropriateSources::default();
        let deployed = Deployed::of("peers", Targeting::default(), Box::new(rule));
        Rules { policy: Policy::new(vec![deployed]), ..test_world.rules().unwrap() }
    }

    #[test]
    fn people_notice_what_is_exchanged_and_the_platform_notices_what_it_observes() {
        let mut test_world = TestWorld::new().unwrap();
        let (before, after) = (
            day_of(&test_world, peers(&test_world), false).unwrap(),
            day_of(&test_world, peers(&test_world), true).unwrap(),
        );
        assert_eq!(first_slates(&before), first_slates(&after));
        assert!(first_slates(&before).len() > 100 && suggested(&before).iter().any(|it| !it.accounts().is_empty()));
        let viewed = |lifetime_output: &LifetimeOutput| lifetime_output.recorder.accounts.clone();
        assert_ne!(viewed(&before), viewed(&after), "people behave differently");
        for declared in &mut test_world.warm.observed.accounts.declared_age {
            *declared = if declared.is_minor() { AgeBand::Adult } else { AgeBand::From13 };
        }
        let other = day_of(&test_world, peers(&test_world), false).unwrap();
        assert_ne!(first_slates(&before), first_slates(&other), "a change of observed data changes slates");
    }
}
