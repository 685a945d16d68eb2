//! Checks of age: which band the platform goes by for each account today.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Decides;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_platform::interventions::AgeCheck;

use super::{Rules, World, by_account};
use crate::measure::Recorder;

/// What checks found out about one account.
struct Finding {
    account: AccountId,
    /// Whether it is taken for a minor.
    caught: bool,
    /// Checks that its holder went through today.
    checks: u32,
}

/// Renews the band that the platform goes by: the stated one, unless a check takes the holder for a minor. A check finds the same every
/// day, and counts on the first.
pub(super) fn renew(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let accounts = &mut world.observed.accounts;
    accounts.band.clone_from(&accounts.stated);
    if rules.policy.checks_age() {
        for finding in check(world, rules, world.observed.day) {
            let row = finding.account.row();
            if finding.caught {
                world.observed.accounts.band[row] = treated_as(world.people.band[row]);
            }
            recorder.age_checked(finding.account, finding.checks);
        }
    }
    let (people, observed) = (&world.people, &world.observed.accounts);
    let mistaken = |id: &AccountId| {
        people.removed[id.row()].is_none() && people.band[id.row()].is_minor() != observed.passes_for_minor(*id)
    };
    recorder.age_mistaken(people.ids().filter(mistaken));
}

/// As what a holder is treated who was taken for a minor: as of its band, or as 16 or 17 if it is an adult.
fn treated_as(band: AgeBand) -> AgeBand {
    if band.is_minor() { band } else { AgeBand::From16 }
}

fn check(world: &World, rules: &Rules, day: Day) -> Vec<Finding> {
    let observed = &world.observed.accounts;
    by_account(world.people.len(), |account, found| {
        if observed.stated[account.row()].is_minor() || world.people.removed[account.row()].is_some() {
            return;
        }
        let mut finding = Finding { account, caught: false, checks: 0 };
        for (number, check, new) in rules.policy.age_checks(account, observed, day, world.draws) {
            let (caught, checks) = outcome(world, account, number, &check);
            finding.caught |= caught;
            finding.checks += if new { checks } else { 0 };
        }
        found.push(finding);
    })
}

/// Whether a check takes an account's holder for a minor in the end, and how many tries its holder has to go through.
fn outcome(world: &World, account: AccountId, number: u64, check: &AgeCheck) -> (bool, u32) {
    let band = world.people.band[account.row()] as usize;
    let about = About::Rule(number);
    if !world.draws.at(Decides::AgeAsked, account, about, 0).chance(check.share) {
        return (false, 0);
    }
    let mut luck = world.draws.at(Decides::AgeCheck, account, about, 0);
    let mut caught = luck.chance(check.caught[band]);
    let mut checks = u32::from(check.asks);
    for _ in 0..check.retries {
        if !caught || check.again[band] >= 1.0 {
            break;
        }
        caught = luck.chance(check.again[band]);
        checks += 1;
    }
    (caught, checks)
}
