//! Age assurance: the age band that the platform uses for each account today.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_platform::interventions::AgeCheck;

use super::{Rules, World, by_account};
use crate::measure::Recorder;

/// Result of age assurance for one account.
struct Finding {
    account: AccountId,
    /// Whether age assurance takes the holder for a minor, correctly or by mistake.
    caught: bool,
    /// Number of age verifications by the holder today.
    checks: u32,
}

/// Updates the age band that the platform uses for each account. The platform uses the declared
/// band, unless age assurance detects a minor. A rule gives the same result for an account every
/// day. Verifications are counted only on the first day on which a rule applies to the account.
pub(super) fn renew(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let accounts = &mut world.observed.accounts;
    accounts.band.clone_from(&accounts.declared_age);
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

/// Returns the band that the platform uses for a holder detected as a minor: the true band of a
/// minor, or 16 to 17 for an adult.
fn treated_as(band: AgeBand) -> AgeBand {
    if band.is_minor() { band } else { AgeBand::From16 }
}

fn check(world: &World, rules: &Rules, day: Day) -> Vec<Finding> {
    let observed = &world.observed.accounts;
    by_account(world.people.len(), |account, found| {
        if observed.declared_age[account.row()].is_minor() || world.people.removed[account.row()].is_some() {
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

/// Returns whether a rule detects the holder as a minor after all retries, and the number of
/// verifications, including retries.
fn outcome(world: &World, account: AccountId, number: u64, check: &AgeCheck) -> (bool, u32) {
    let band = world.people.band[account.row()] as usize;
    let about = About::Rule(number);
    if !world.draws.at(DrawPurpose::AgeAsked, account, about, 0).chance(check.share) {
        return (false, 0);
    }
    let mut draw = world.draws.at(DrawPurpose::AgeCheck, account, about, 0);
    let mut caught = draw.chance(check.caught[band]);
    let mut checks = u32::from(check.asks);
    for _ in 0..check.retries {
        if !caught || check.again[band] >= 1.0 {
            break;
        }
        caught = draw.chance(check.again[band]);
        checks += 1;
    }
    (caught, checks)
}
