//! What is true, exchanged between accounts and between posts, while all that the platform observes stays the same.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use recsafe_engine::measure::Impression;
use recsafe_engine::{Casework, Lived, Rules, World};
use recsafe_platform::candidates::Source;
use recsafe_platform::memory::Suggested;

use super::worlds::Ground;

/// A post in a slate: where it came from, its creator, and which of the creator's posts it is.
type Slot = (Source, AccountId, u32);

/// A problem if the day's first slates of the feed, or any suggestion of accounts, depend on what is true.
///
/// Later slates may: what people do follows from the truth, and the platform sees what they do.
pub(super) fn matters_not(ground: &Ground, rules: &dyn Fn() -> Result<Rules, String>) -> Result<(), String> {
    let (before, after) = (day_of(ground, rules()?, false)?, day_of(ground, rules()?, true)?);
    if first_slates(&before) != first_slates(&after) {
        return Err("the first slates of the feed depend on what is true".to_owned());
    }
    if suggested(&before) != suggested(&after) {
        return Err("suggestions of accounts depend on what is true".to_owned());
    }
    Ok(())
}

/// One day on which nobody posts and nobody comes back, as both would show what is true before the first slate.
fn day_of(ground: &Ground, mut rules: Rules, exchanged: bool) -> Result<Lived, String> {
    let mut world = ground.warm.clone();
    world.people.posting.fill(0.0);
    world.casework = Casework::default();
    if exchanged {
        exchange(&mut world);
    }
    // All look at suggestions equally often, whatever their role.
    rules.behavior.following.visits_predators = rules.behavior.following.visits;
    ground.live_a_day(world, rules)
}

/// Hands roles, intents, interests and traits on to other accounts, and topics, quality and severity to other posts.
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

/// Every account's first slate of the feed.
fn first_slates(lived: &Lived) -> BTreeMap<AccountId, Vec<Slot>> {
    let mut slates: BTreeMap<AccountId, Vec<Slot>> = BTreeMap::new();
    for shown in lived.recorder.exposures.iter().filter(|shown| shown.request == 0) {
        let Impression { account, source, creator, post, .. } = *shown;
        slates.entry(account).or_default().push((source, creator, post));
    }
    slates
}

/// What was suggested to each account of late.
fn suggested(lived: &Lived) -> Vec<Suggested> {
    lived.world.people.ids().map(|id| lived.world.memory.suggested(id).clone()).collect()
}

#[cfg(test)]
mod tests {
    use recsafe_common::band::AgeBand;
    use recsafe_platform::interventions::{Deployed, Policy, Rollout};

    use super::*;

    /// A rule for minors, so that a stated age decides on slates.
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
        assert_ne!(viewed(&before), viewed(&after), "people do other things");
        for stated in &mut ground.warm.observed.accounts.stated {
            *stated = if stated.is_minor() { AgeBand::Adult } else { AgeBand::From13 };
        }
        let other = day_of(&ground, peers(&ground), false).unwrap();
        assert_ne!(first_slates(&before), first_slates(&other), "a change of what is observed shows");
    }
}
