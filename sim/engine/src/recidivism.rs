//! Arrivals: new accounts of holders whose accounts were removed, and new accounts recruited by
//! exchange accounts.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_people::behavior::exchange::{TREE, offspring};
use recsafe_people::behavior::returning::{comes_back_after, finds_again};
use recsafe_people::contacts::{Route, Stage};
use recsafe_people::people::Person;
use recsafe_people::role::Role;

use super::enforcement::{RemovedAccount, limit_by_mistake};
use super::{Rules, World, follows};
use crate::measure::Recorder;

/// Adds today's arrivals.
pub(super) fn admit_arrivals(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let day = world.observed.day;
    let due = |removed_account: &mut RemovedAccount| removed_account.returns_on.is_some_and(|on| on <= day);
    let due: Vec<RemovedAccount> = world.enforcement_state.removed_accounts.extract_if(.., due).collect();
    for removed_account in due {
        let barrier = rules.policy.barrier(removed_account.account, &world.observed, world.draws);
        let about = About::Nth(removed_account.tries);
        let mut draw = world.draws.at(DrawPurpose::Barrier, removed_account.account, about, 0);
        if draw.chance(barrier.detection) {
            if draw.chance(barrier.mistaken) {
                limit_somebody(world, rules, draw.unit(), recorder);
            }
            turn_away(world, rules, removed_account);
        } else {
            readmit(world, rules, &removed_account, recorder);
        }
    }
    bring_in(world, rules, recorder);
}

/// Blocks a return. The holder can try again later.
fn turn_away(world: &mut World, rules: &Rules, mut removed_account: RemovedAccount) {
    removed_account.tries += 1;
    let RemovedAccount { account, reported, tries, .. } = removed_account;
    let again = comes_back_after(&rules.behavior.r#return, account, reported, tries, world.draws);
    if let Some(days) = again {
        removed_account.returns_on = Some(world.observed.day + days);
        world.enforcement_state.removed_accounts.push(removed_account);
    }
}

/// Limits the account of an ordinary adult. The account is chosen from a list of the adults'
/// accounts without a sanction. `position` is the relative position in this list, in [0, 1).
fn limit_somebody(world: &mut World, rules: &Rules, position: f64, recorder: &mut Recorder) {
    let free = |id: &AccountId| world.people.role[id.row()] == Role::User && world.observed.accounts.is_free(*id);
    let users: Vec<AccountId> = world.people.ids().filter(free).collect();
    if let Some(&account) = users.get((position * users.len() as f64) as usize) {
        limit_by_mistake(world, rules, account, recorder);
    }
}

/// Readmits the holder of a removed account with a new account. The new account gets some of the
/// removed account's follows, links and target list.
fn readmit(world: &mut World, rules: &Rules, removed_account: &RemovedAccount, recorder: &mut Recorder) {
    let person = world.people.person(removed_account.account);
    let account = join(world, &person, Some(removed_account.account), recorder);
    let day = world.observed.day;
    let (settings, draws) = (&rules.behavior.r#return, world.draws);
    let there = |world: &World, id: AccountId| world.people.removed[id.row()].is_none();
    let found = |world: &World, id: AccountId| there(world, id) && finds_again(settings, account, id, day, draws);
    for &followee in &removed_account.followees {
        if found(world, followee) {
            follows::begin(world, rules, (account, followee), recorder);
        }
    }
    for &partner in &removed_account.linked {
        if found(world, partner) {
            follows::begin(world, rules, (account, partner), recorder);
            follows::begin(world, rules, (partner, account), recorder);
            if world.exchange_network.link(account, partner) {
                recorder.linked(account);
            }
        }
    }
    for &minor in &removed_account.minors {
        if world.people.is_contacting_predator(account) && found(world, minor) {
            let contact = world.contacts.entry(account, minor, day);
            contact.route = Some(Route::Return);
            contact.advance_to(Stage::Found, day);
            recorder.reached(account, minor, Stage::Found);
        }
    }
}

fn join(world: &mut World, person: &Person, from: Option<AccountId>, recorder: &mut Recorder) -> AccountId {
    let day: Day = world.observed.day;
    let account = world.add_account(person, day);
    // Accounts that arrived in the warm-up count as accounts that exist when day 0 begins.
    world.people.arrived[account.row()] = if day < 0 { 0 } else { day + 1 };
    world.people.returned_from[account.row()] = from;
    recorder.joined(&world.people, account);
    account
}

/// Lets exchange accounts recruit new accounts. Each exchange account recruits on one day, the day
/// after its arrival. The number of recruits is Poisson distributed. Accounts that exist when day 0
/// begins recruit on day 0.
fn bring_in(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let exchange = &rules.behavior.exchange;
    if exchange.recruits <= 0.0 {
        return;
    }
    let day = world.observed.day;
    let is_turn = |world: &World, id: AccountId| {
        let first = world.people.arrived[id.row()];
        first == day && world.people.removed[id.row()].is_none()
    };
    let parents: Vec<AccountId> = world.people.ids().filter(|&id| is_turn(world, id)).collect();
    for parent in parents {
        let root = world.recruitment.root_of(parent);
        for _ in 0..offspring(&world.people, exchange, parent, world.draws) {
            if world.recruitment.size(root) >= TREE {
                break;
            }
            let person = world.people.person(parent);
            let child = join(world, &person, None, recorder);
            world.recruitment.grow(root, child);
            follows::begin(world, rules, (child, parent), recorder);
            if world.exchange_network.link(child, parent) {
                recorder.linked(child);
            }
        }
    }
}
