//! Reporting: who does, and reports of those who do nothing wrong.

use recsafe_common::draw::{Decides, Draw, Draws};
use recsafe_common::ids::{AccountId, Day};

use crate::people::People;
use crate::role::Role;
use crate::settings::Behavior;

/// Factor on how readily an account reports, beside its own readiness: minors report more.
#[must_use]
pub fn eagerness(people: &People, behavior: &Behavior, account: AccountId) -> f64 {
    match people.role[account.row()] {
        Role::Probe => 0.0,
        _ if people.is_minor(account) => behavior.report_minors,
        _ => 1.0,
    }
}

/// Whether the holder reports somebody today who does nothing wrong, and the luck that says whom. `eager`: factor on its readiness.
#[must_use]
pub fn reports_mistakenly(
    people: &People,
    behavior: &Behavior,
    account: AccountId,
    eager: f64,
    day: Day,
    draws: Draws,
) -> Option<Draw> {
    let chance = behavior.report_mistaken * eager * f64::from(people.readiness[account.row()]);
    let mut draw = draws.at(Decides::MistakenReport, u64::from(account.0), 0, day);
    draw.chance(chance.min(1.0)).then_some(draw)
}
