//! Finding, following and unfollowing accounts, and answering follow requests.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use crate::people::People;
use crate::role::Role;
use crate::settings::{Behavior, Following};

/// Draws the number of visits to people suggestions on a day: Poisson. Probes make no visits.
#[must_use]
pub fn visits_today(people: &People, following: &Following, account: AccountId, day: Day, draws: Draws) -> u32 {
    let rate = match people.role[account.row()] {
        Role::Predator => following.visits_predators,
        Role::User | Role::Minor | Role::Bot => following.visits,
        Role::Probe => 0.0,
    };
    times(rate, people, account, DrawPurpose::Visits, day, draws)
}

/// Draws the number of follower lists that an account visits on a day: Poisson. Probes visit no
/// lists.
#[must_use]
pub fn browses_today(people: &People, following: &Following, account: AccountId, day: Day, draws: Draws) -> u32 {
    let rate = if people.role[account.row()] == Role::Probe { 0.0 } else { following.browse };
    times(rate, people, account, DrawPurpose::Browses, day, draws)
}

/// Draws a Poisson number with mean `rate` times the account's mean number of sessions per day.
pub(super) fn times(
    rate: f64,
    people: &People,
    account: AccountId,
    purpose: DrawPurpose,
    day: Day,
    draws: Draws,
) -> u32 {
    let mean = rate * f64::from(people.activity[account.row()]);
    if mean <= 0.0 { 0 } else { draws.at(purpose, account, About::Nothing, day).poisson(mean) }
}

/// Returns the probability that `viewer` follows the account `shown` just after seeing it. If
/// `shown` is private, the result is the probability of a follow request.
#[must_use]
pub fn follow_chance(people: &People, following: &Following, viewer: AccountId, shown: AccountId) -> f64 {
    let (own, other) = (people.intents[viewer.row()], people.intents[shown.row()]);
    let minor = people.is_minor(shown);
    if own.contacting && minor {
        following.predator_minor
    } else if own.is_exchange() && other.is_exchange() {
        following.exchange
    } else if people.role[viewer.row()] == Role::Predator && !minor {
        following.predator_adult
    } else if people.is_minor(viewer) == minor {
        following.follow
    } else {
        (following.follow * following.across_ages).min(1.0)
    }
}

/// Draws whether `viewer` follows `shown`. There is one draw per pair and day, and every surface
/// uses the same draw.
#[must_use]
pub fn follows(
    people: &People,
    following: &Following,
    viewer: AccountId,
    shown: AccountId,
    day: Day,
    draws: Draws,
) -> bool {
    let chance = follow_chance(people, following, viewer, shown);
    draws.at(DrawPurpose::FollowAccount, viewer, About::Account(shown), day).chance(chance)
}

/// Draws whether an account that liked a post of `creator` visits the profile of `creator`. There
/// is one draw per pair and day.
#[must_use]
pub fn visits_profile(following: &Following, account: AccountId, creator: AccountId, day: Day, draws: Draws) -> bool {
    draws.at(DrawPurpose::VisitProfile, account, About::Account(creator), day).chance(following.visit_profile)
}

/// Draws whether the holder of a private account accepts a follow request. `linked` says whether
/// the two accounts have a mutual link.
#[must_use]
pub fn accepts_follow(
    following: &Following,
    from: AccountId,
    to: AccountId,
    linked: bool,
    day: Day,
    draws: Draws,
) -> bool {
    let chance = if linked { following.accept_linked } else { following.accept };
    draws.at(DrawPurpose::AnswerFollow, to, About::Account(from), day).chance(chance)
}

/// Returns the probability per day that `from` unfollows `to`.
#[inline]
#[must_use]
pub fn end_chance(people: &People, behavior: &Behavior, from: AccountId, to: AccountId) -> f64 {
    // The followee is only looked up if the follower is a predator. There are many follows, and
    // each lookup reads a different part of memory.
    match people.role[from.row()] {
        Role::Predator if people.is_minor(to) => behavior.following.unfollow_minor,
        Role::Predator => behavior.following.unfollow_predator,
        _ => behavior.unfollow,
    }
}
