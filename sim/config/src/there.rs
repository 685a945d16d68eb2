//! Accounts and activities that occur in a run. Both are derived from the settings, before the run
//! is simulated.

use recsafe_common::band::AgeBand;
use recsafe_people::behavior::probes::{Probe, Script};
use recsafe_people::generate::Members;
use recsafe_people::settings::Kind;
use recsafe_platform::interventions::{Occurrence, RunFacts, entries};

use crate::experiment::Settings;

/// Returns whether any probe is active.
fn are_active(probes: &[Probe]) -> bool {
    probes.iter().any(|probe| probe.script != Script::Passive && probe.count > 0)
}

/// Returns which accounts and activities occur in a run of `days` days.
#[must_use]
pub fn there<'a>(settings: &'a Settings, days: u32, probes: &[Probe]) -> RunFacts<'a> {
    let members = Members::of(&settings.world);
    let probed = are_active(probes);
    let states = |band: AgeBand| members.may_state(band) || (probed && band == AgeBand::From13);
    let declared_age: Vec<AgeBand> = AgeBand::ALL.iter().copied().filter(|band| states(*band)).collect();
    let never = never(settings, &members, probes);
    let offspring = settings.world.behavior.exchange.recruits > 0.0 && members.exchange > 0;
    RunFacts {
        days,
        bands: taken_to_be(&declared_age, settings, &members),
        declared_age,
        newcomers: probed || offspring || !never.contains(&Occurrence::Returns),
        never,
        enforcement: &settings.policy.enforcement,
    }
}

/// Returns the age bands that the platform can assign to accounts. Age verification and age
/// inference assign minors to their true band, and some adults to the band of 16 and 17.
fn taken_to_be(stated: &[AgeBand], settings: &Settings, members: &Members) -> Vec<AgeBand> {
    let kinds = entries();
    let checks = |kind: &str| kinds.iter().any(|entry| entry.id == kind && entry.hooks.contains(&"checks-age"));
    let checked = settings.policy.interventions.iter().any(|rule| checks(&rule.kind));
    let found = |band: AgeBand| {
        let own = members.minors.get(band as usize).is_some_and(|count| *count > 0);
        checked && (own || band == AgeBand::From16)
    };
    AgeBand::ALL.iter().copied().filter(|band| stated.contains(band) || found(*band)).collect()
}

/// Returns the activities that never occur with these settings and probes.
#[must_use]
pub fn never(settings: &Settings, members: &Members, probes: &[Probe]) -> Vec<Occurrence> {
    let behavior = &settings.world.behavior;
    let (contact, searching, following) = (&behavior.contact, &behavior.searching, &behavior.following);
    let probed = are_active(probes);
    let active = behavior.sessions > 0.0 || behavior.model != Kind::Logit;
    let seeking = active && members.contacting > 0;
    let visits = following.visits > 0.0 || (following.visits_predators > 0.0 && members.predators > 0);
    let searches = searching.searches > 0.0 || searching.searches_minors > 0.0;
    let for_minors = seeking && contact.target_searches > 0.0;
    let tries = seeking && contact.budget > 0.0 && (members.all_minors() > 0 || probed);
    let gone = behavior.r#return.permanent_exit >= 1.0 && behavior.r#return.permanent_exit_reported >= 1.0;
    let happens = [
        (Occurrence::Feed, active || probed),
        (Occurrence::Suggestions, active && visits || probed),
        (Occurrence::Searches, active && searches || for_minors || probed),
        (Occurrence::AccountSearches, active && searches && searching.accounts > 0.0 || for_minors || probed),
        (
            Occurrence::FollowerLists,
            active && following.browse > 0.0 || seeking && contact.follower_list_visits > 0.0 || probed,
        ),
        (
            Occurrence::Messages,
            contact.known_messages > 0.0 || active && contact.stranger_messages > 0.0 || tries || probed,
        ),
        (Occurrence::Exchange, members.exchange > 0),
        (Occurrence::Returns, behavior.r#return.probability > 0.0 && !gone),
    ];
    happens.into_iter().filter(|(_, happens)| !happens).map(|(happening, _)| happening).collect()
}
