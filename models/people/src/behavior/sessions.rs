//! When people come, and how long they stay.

use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::{AccountId, Day};

use super::logistic;
use crate::people::People;
use crate::settings::Behavior;

/// Number of an account's sessions on a day: Poisson with the account's mean. `activity`: mean sessions a day.
#[must_use]
pub fn sessions_today(activity: f32, account: AccountId, day: Day, draws: Draws) -> u32 {
    if activity <= 0.0 {
        return 0;
    }
    draws.at(Decides::Sessions, u64::from(account.0), 0, day).poisson(f64::from(activity))
}

/// Share of sessions that begin in each hour of the day: of adults, and of minors (assumed: minors less at school and at night).
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

/// The hour, in 0..24, in which a session of the account's day begins. `session`: which one, from 0.
#[must_use]
pub fn session_hour(people: &People, account: AccountId, session: u32, day: Day, draws: Draws) -> u32 {
    let shares = &HOURS[usize::from(people.band[account.row()].is_minor())];
    let mut draw = draws.at(Decides::SessionHour, u64::from(account.0), u64::from(session), day);
    draw.place(shares).unwrap_or(23) as u32
}

/// Whether another request follows a slate that was engaged with `engaged` times: logit = `next_request` + `next_request_engaged` n.
/// `number`: which request of the account's day the slate was.
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
    draws.at(Decides::NextRequest, u64::from(account.0), u64::from(number), day).chance(logistic(odds))
}
