//! Sessions: when account holders open the platform, and how long they stay.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use super::happens;
use crate::people::People;
use crate::settings::Behavior;

/// Draws the number of an account's sessions on a day: Poisson with mean `activity`.
#[must_use]
pub fn sessions_today(activity: f32, account: AccountId, day: Day, draws: Draws) -> u32 {
    if activity <= 0.0 {
        return 0;
    }
    draws.at(DrawPurpose::Sessions, account, About::Nothing, day).poisson(f64::from(activity))
}

/// Share of sessions that start in each hour of the day, for adults and for minors (assumed: minors
/// have fewer sessions during school hours and at night).
const HOURS: [[f64; 24]; 2] = [
    [
        0.025, 0.015, 0.010, 0.008, 0.008, 0.012, 0.025, 0.040, 0.045, 0.045, 0.045, 0.045, 0.055, 0.050, 0.045, 0.045,
        0.050, 0.055, 0.060, 0.070, 0.075, 0.072, 0.060, 0.040,
    ],
    [
        0.020, 0.010, 0.006, 0.004, 0.004, 0.008, 0.030, 0.050, 0.020, 0.020, 0.025, 0.025, 0.045, 0.030, 0.035, 0.065,
        0.080, 0.080, 0.080, 0.085, 0.090, 0.080, 0.065, 0.043,
    ],
];

/// Draws the hour, in 0..24, in which a session of the account starts. `session` is the number of
/// the session on that day, counted from 0.
#[must_use]
pub fn session_hour(people: &People, account: AccountId, session: u32, day: Day, draws: Draws) -> u32 {
    let shares = &HOURS[usize::from(people.band[account.row()].is_minor())];
    let mut draw = draws.at(DrawPurpose::SessionHour, account, About::Nth(session), day);
    draw.weighted_index(shares).unwrap_or(23) as u32
}

/// Draws whether the viewer requests another slate. The log odds are `next_request` +
/// `next_request_engaged` x `engaged`, where `engaged` is the number of engagements with the last
/// slate. `number` is the number of the slate on the account's day.
#[must_use]
pub fn another_request(
    behavior: &Behavior,
    engaged: u32,
    account: AccountId,
    number: u32,
    day: Day,
    draws: Draws,
) -> bool {
    let odds = behavior.next_request + behavior.next_request_engaged * f64::from(engaged);
    happens(odds, &mut draws.at(DrawPurpose::NextRequest, account, About::Nth(number), day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::logistic;
    use crate::people::Person;
    use recsafe_common::band::AgeBand;
    use recsafe_common::topics::TopicMap;

    #[test]
    fn sessions_begin_in_the_hours_of_adults_or_of_minors() {
        let map = TopicMap::new(&[]);
        let mut people = People::new();
        for band in [AgeBand::Adult, AgeBand::From16] {
            people.add(&Person { band, ..Person::probe(1.0, 0.0, map.centre(0), &map) });
        }
        for (account, hours) in HOURS.iter().enumerate() {
            assert!((hours.iter().sum::<f64>() - 1.0).abs() < 1e-9, "shares of account {account} add to 1");
            let mut found = [0.0_f64; 24];
            for day in 0..10_000 {
                for session in 0..4 {
                    let hour = session_hour(&people, AccountId(account as u32), session, day, Draws::new(3));
                    found[hour as usize] += 1.0 / 40_000.0;
                }
            }
            for (hour, (&share, &found)) in hours.iter().zip(&found).enumerate() {
                let error = (share * (1.0 - share) / 40_000.0).sqrt();
                assert!((found - share).abs() < 5.0 * error, "account {account}, hour {hour}: {found}, not {share}");
            }
        }
    }

    #[test]
    fn sessions_are_as_many_as_the_mean_says_and_another_request_follows_with_the_documented_odds() {
        let mean = |activity| {
            (0..20_000).map(|day| f64::from(sessions_today(activity, AccountId(1), day, Draws::new(4)))).sum::<f64>()
                / 20_000.0
        };
        assert!((mean(1.5) - 1.5).abs() < 5.0 * (1.5 / 20_000.0_f64).sqrt());
        assert_eq!(mean(0.0), 0.0);
        let behavior = Behavior { next_request: -1.0, next_request_engaged: 0.5, ..Behavior::default() };
        for engaged in [0, 4] {
            let goes_on = |&day: &Day| another_request(&behavior, engaged, AccountId(1), 2, day, Draws::new(5));
            let found = (0..20_000).filter(goes_on).count() as f64 / 20_000.0;
            let expected = logistic(-1.0 + 0.5 * f64::from(engaged));
            assert!((found - expected).abs() < 0.02, "{found}, not {expected}, after {engaged}");
        }
    }
}
