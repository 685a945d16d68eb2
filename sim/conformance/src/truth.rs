//! Permutes hidden truth between accounts and between posts, without changing anything that the
//! platform observes.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use recsafe_engine::measure::Impression;
use recsafe_engine::{Casework, Lived, Rules, World};
use recsafe_platform::candidates::Source;
use recsafe_platform::memory::Suggested;

use super::worlds::Ground;

/// A post in a slate: its source, its creator, and its index among the creator's posts.
type Slot = (Source, AccountId, u32);

/// Returns an error if the first feed slates of the day or any people suggestions depend on hidden
/// truth.
///
/// Later slates may depend on it: truth affects behaviour, and the platform observes behaviour.
pub(super) fn matters_not(ground: &Ground, rules: &dyn Fn() -> Result<Rules, String>) -> Result<(), String> {
    let (before, after) = (day_of(ground, rules()?, false)?, day_of(ground, rules()?, true)?);
    if first_slates(&before) != first_slates(&after) {
        return Err("the first feed slates depend on hidden truth".to_owned());
    }
    if suggested(&before) != suggested(&after) {
        return Err("people suggestions depend on hidden truth".to_owned());
    }
    Ok(())
}

/// Simulates one day without new posts and returning accounts, because both would reveal truth
/// before the first slate.
fn day_of(ground: &Ground, mut rules: Rules, exchanged: bool) -> Result<Lived, String> {
    let mut world = ground.warm.clone();
    world.people.posting.fill(0.0);
    world.casework = Casework::default();
    if exchanged {
        exchange(&mut world);
    }
    // All accounts view suggestions equally often, regardless of their role.
    rules.behavior.following.visits_predators = rules.behavior.following.visits;
    ground.live_a_day(world, rules)
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
    people.readiness.rotate_right(by);
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
fn first_slates(lived: &Lived) -> BTreeMap<AccountId, Vec<Slot>> {
    let mut slates: BTreeMap<AccountId, Vec<Slot>> = BTreeMap::new();
    for shown in lived.recorder.exposures.iter().filter(|shown| shown.request == 0) {
        let Impression { account, source, creator, post, .. } = *shown;
        slates.entry(account).or_default().push((source, creator, post));
    }
    slates
}

/// Returns the recent suggestions to each account.
fn suggested(lived: &Lived) -> Vec<Suggested> {
    lived.world.people.ids().map(|id| lived.world.memory.suggested(id).clone()).collect()
}

#[cfg(test)]
mod tests {
    use recsafe_common::band::AgeBand;
    use recsafe_platform::interventions::{Deployed, Policy, Rollout};

    use super::*;

    /// Returns rules with an intervention for minors, so slates depend on declared ages.
    fn peers(ground: &Ground) -> Rules {
        let rule = recsafe_platform::interventions::age_appropriate_sources::AgeAppropriateSources::default();
        let deployed = Deployed::of("peers", Rollout::default(), Box::new(rule));
        Rules { policy: Policy::new(vec![deployed]), ..ground.rules().unwrap() }
    }

    #[test]
    fn people_notice_what_is_exchanged_and_the_platform_notices_what_it_observes() {
        let mut ground = Ground::new().unwrap();
        let (before, after) =
            (day_of(&ground, peers(&ground), false).unwrap(), day_of(&ground, peers(&ground), true).unwrap());
        assert_eq!(first_slates(&before), first_slates(&after));
        assert!(first_slates(&before).len() > 100 && suggested(&before).iter().any(|it| !it.accounts().is_empty()));
        let viewed = |lived: &Lived| lived.recorder.accounts.clone();
        assert_ne!(viewed(&before), viewed(&after), "people behave differently");
        for declared in &mut ground.warm.observed.accounts.stated {
            *declared = if declared.is_minor() { AgeBand::Adult } else { AgeBand::From13 };
        }
        let other = day_of(&ground, peers(&ground), false).unwrap();
        assert_ne!(first_slates(&before), first_slates(&other), "a change of observed data changes slates");
    }
}
