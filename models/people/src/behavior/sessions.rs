//! When people come, and how long they stay.

use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::{AccountId, Day};

use super::logistic;
use crate::settings::Behavior;

/// Number of an account's sessions on a day: Poisson with the account's mean. `activity`: mean sessions a day.
#[must_use]
pub fn sessions_today(activity: f32, account: AccountId, day: Day, draws: Draws) -> u32 {
    if activity <= 0.0 {
        return 0;
    }
    draws.at(Decides::Sessions, u64::from(account.0), 0, day).poisson(f64::from(activity))
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
