//! `reshare-one`: account holders act a number of times per day. In each act, the holder publishes
//! a post or reshares one post of the feed.
//!
//! Source of all equations: the `SimSoM` model (Truong et al. 2024, PNAS Nexus 3(7)) as used in
//! Truong et al. 2025 (arXiv 2502.08841).

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use crate::people::People;
use crate::role::Role;
use crate::settings::{Behavior, Bots, Kind, Resharing};

/// Returns whether an account acts instead of opening sessions. Under `reshare-one`, all accounts
/// except probes act.
#[must_use]
pub fn acts(people: &People, behavior: &Behavior, account: AccountId) -> bool {
    behavior.model == Kind::ReshareOne && people.role[account.row()] != Role::Probe
}

/// Returns whether an account sends several copies of its posts, as bots do.
#[must_use]
pub fn floods(people: &People, account: AccountId) -> bool {
    people.role[account.row()] == Role::Bot
}

/// Draws the number of an account's acts on a day. If the mean `activity` is below 1, it is the
/// probability of one act. A larger mean is rounded up.
#[must_use]
pub fn acts_today(activity: f32, account: AccountId, day: Day, draws: Draws) -> u32 {
    let activity = f64::from(activity);
    if activity >= 1.0 {
        return activity.ceil() as u32;
    }
    u32::from(draws.at(DrawPurpose::Acts, account, About::Nothing, day).chance(activity))
}

/// Draws whether the account publishes a post in act `number` of its day. Acts are counted from 0.
#[must_use]
pub fn posts(settings: &Resharing, account: AccountId, number: u32, day: Day, draws: Draws) -> bool {
    draws.at(DrawPurpose::ActPosts, account, About::Nth(number), day).chance(settings.post_probability)
}

/// Returns the mean number of acts per day of the account at a quantile in (0, 1). These means have
/// a Pareto distribution. Means above `max_acts` are replaced by `max_acts`.
#[must_use]
pub fn activity_at(settings: &Resharing, position: f64) -> f64 {
    let acts = settings.min_acts * libm::pow(1.0 - position, -1.0 / (settings.acts_exponent - 1.0));
    acts.min(settings.max_acts)
}

/// Returns the appeal of the post with this sequence number, in [0, 1]. The appeal is the same for
/// all readers.
#[must_use]
pub fn appeal(
    people: &People,
    settings: &Resharing,
    bots: &Bots,
    creator: AccountId,
    sequence: u32,
    draws: Draws,
) -> f64 {
    let mut draw = draws.at(DrawPurpose::PostAppeal, creator, About::Nth(sequence), 0);
    let own = 1.0 - libm::pow(1.0 - draw.unit(), 1.0 / settings.appeal_shape);
    if people.role[creator.row()] == Role::Bot && draw.chance(bots.deception) { 1.0 } else { own }
}

/// Returns the weight with which a post of the feed is reshared. `age` is in days.
#[must_use]
pub fn weight(settings: &Resharing, appeal: f64, shares: u32, age: u32) -> f64 {
    let age = libm::pow(f64::from(age), settings.decay_exponent);
    appeal * f64::from(shares) * libm::exp(-settings.decay * age)
}

/// Draws an index for act `number` of an account, with probability proportional to `weights`.
/// Returns `None` if all weights are 0.
#[must_use]
pub fn chosen(weights: &[f64], account: AccountId, number: u32, day: Day, draws: Draws) -> Option<usize> {
    draws.at(DrawPurpose::Reshare, account, About::Nth(number), day).weighted_index(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activity_is_a_power_law_from_its_lower_end() {
        let settings = Resharing::default();
        assert!((activity_at(&settings, 0.0) - 0.2).abs() < 1e-12);
        // P(a > x) = (x / minimum)^-1.85. So a share 10^-1.85 of the accounts acts at least ten
        // times as often as the least active account.
        let position = 1.0 - libm::pow(10.0, -1.85);
        assert!((activity_at(&settings, position) - 2.0).abs() < 1e-9);
        let wild = Resharing { acts_exponent: 1.1, ..settings };
        assert_eq!(activity_at(&wild, 0.999), 1000.0, "the number of acts is bounded");
    }

    #[test]
    fn the_rarely_active_act_at_most_once_and_others_a_fixed_number_of_times() {
        let draws = Draws::new(3);
        let total: u32 = (0..20_000).map(|id| acts_today(0.3, AccountId(id), 5, draws)).sum();
        assert!((5_700..6_300).contains(&total), "{total} of 20,000 at a probability of 0.3");
        assert_eq!(acts_today(2.1, AccountId(1), 5, draws), 3);
    }

    #[test]
    fn choice_is_in_proportion_to_weights() {
        let draws = Draws::new(4);
        let mut counts = [0_u32; 3];
        for number in 0..30_000 {
            let position = chosen(&[1.0, 0.0, 3.0], AccountId(7), number, 0, draws);
            counts[position.expect("weights are positive")] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((7_100..7_900).contains(&counts[0]), "{counts:?}: a quarter of 30,000");
        assert_eq!(chosen(&[0.0, 0.0], AccountId(7), 0, 0, draws), None);
        assert_eq!(chosen(&[], AccountId(7), 0, 0, draws), None);
    }

    #[test]
    fn weight_falls_with_age_and_grows_with_shares() {
        let settings = Resharing::default();
        assert!((weight(&settings, 0.5, 2, 0) - 1.0).abs() < 1e-12);
        assert!((weight(&settings, 1.0, 1, 1) - libm::exp(-0.4)).abs() < 1e-12);
        assert!(weight(&settings, 1.0, 1, 10) < weight(&settings, 1.0, 1, 9));
    }
}
