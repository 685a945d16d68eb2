//! Return after removal: whether and when the holder returns, and which accounts the holder finds
//! again.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use crate::settings::Return;

/// Draws the number of days until the holder of a removed account tries to return; `None` if the
/// holder never tries. `tries` is the number of rejected attempts, and `reported` says whether the
/// removal was reported to the authorities.
#[must_use]
pub fn comes_back_after(
    settings: &Return,
    account: AccountId,
    reported: bool,
    tries: u32,
    draws: Draws,
) -> Option<Day> {
    let mut draw = draws.at(DrawPurpose::Return, account, About::Nth(tries), 0);
    let exit = if reported { settings.permanent_exit_reported } else { settings.permanent_exit };
    let ends = draw.chance(exit) && tries == 0;
    let tries_again = draw.chance(settings.probability);
    (!ends && tries_again).then(|| delay(settings.delay, draw.unit()))
}

/// Draws a geometric number of days, at least 1, with this mean; `uniform` is in [0, 1).
fn delay(mean: f64, uniform: f64) -> Day {
    if mean <= 1.0 {
        return 1;
    }
    let days = libm::log(1.0 - uniform) / libm::log(1.0 - 1.0 / mean);
    1 + days.min(3_650.0) as Day
}

/// Draws whether the holder of a returned account finds `other` again. The holder knew `other`
/// before the removal.
#[must_use]
pub fn finds_again(settings: &Return, account: AccountId, other: AccountId, day: Day, draws: Draws) -> bool {
    draws.at(DrawPurpose::FoundAgain, account, About::Account(other), day).chance(settings.recovered_ties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_delays_are_those_of_the_settings() {
        let settings = Return::default();
        let share = |reported| {
            let delays: Vec<Day> = (0..20_000)
                .filter_map(|id| comes_back_after(&settings, AccountId(id), reported, 0, Draws::new(3)))
                .collect();
            let mean = delays.iter().map(|&days| f64::from(days)).sum::<f64>() / delays.len() as f64;
            assert!(delays.iter().all(|&days| days >= 1) && (mean - 5.0).abs() < 0.15, "{mean}");
            delays.len() as f64 / 20_000.0
        };
        assert!((share(false) - 0.9 * 0.7).abs() < 0.015);
        assert!((share(true) - 0.5 * 0.7).abs() < 0.015);
    }

    #[test]
    fn who_was_turned_away_does_not_decide_on_the_end_again() {
        let settings = Return { permanent_exit: 1.0, probability: 1.0, ..Return::default() };
        assert_eq!(comes_back_after(&settings, AccountId(1), false, 0, Draws::new(1)), None);
        assert!(comes_back_after(&settings, AccountId(1), false, 1, Draws::new(1)).is_some());
    }
}
