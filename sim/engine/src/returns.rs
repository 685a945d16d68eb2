//! Arrivals: holders of removed accounts who come back with new ones, and accounts that exchange accounts bring in.

use recsafe_common::draw::Decides;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_people::behavior::exchange::{TREE, offspring};
use recsafe_people::behavior::returning::{comes_back_after, finds_again};
use recsafe_people::contacts::{Route, Stage};
use recsafe_people::people::Person;
use recsafe_people::role::Role;

use super::enforcement::{Departure, limit_by_mistake};
use super::{Rules, World, follows};
use crate::measure::Recorder;

/// Lets arrive who arrives today.
pub(super) fn arrive(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let day = world.observed.day;
    let due = |departure: &mut Departure| departure.returns_on.is_some_and(|on| on <= day);
    let due: Vec<Departure> = world.casework.departures.extract_if(.., due).collect();
    for departure in due {
        let barrier = rules.policy.barrier(departure.account, &world.observed, world.draws);
        let about = About::Nth(departure.tries);
        let mut luck = world.draws.at(Decides::Barrier, departure.account, about, 0);
        if luck.chance(barrier.detection) {
            if luck.chance(barrier.mistaken) {
                limit_somebody(world, rules, luck.unit(), recorder);
            }
            turn_away(world, rules, departure);
        } else {
            come_back(world, rules, &departure, recorder);
        }
    }
    bring_in(world, rules, recorder);
}

/// The holder may try again later.
fn turn_away(world: &mut World, rules: &Rules, mut departure: Departure) {
    departure.tries += 1;
    let Departure { account, reported, tries, .. } = departure;
    let again = comes_back_after(&rules.behavior.r#return, account, reported, tries, world.draws);
    if let Some(days) = again {
        departure.returns_on = Some(world.observed.day + days);
        world.casework.departures.push(departure);
    }
}

/// Limits an ordinary adult's account, at a place in [0, 1) of all that are free.
fn limit_somebody(world: &mut World, rules: &Rules, place: f64, recorder: &mut Recorder) {
    let free = |id: &AccountId| world.people.role[id.row()] == Role::User && world.observed.accounts.is_free(*id);
    let users: Vec<AccountId> = world.people.ids().filter(free).collect();
    if let Some(&account) = users.get((place * users.len() as f64) as usize) {
        limit_by_mistake(world, rules, account, recorder);
    }
}

/// A removed account's holder joins with a new one, and finds again a part of whom it knew.
fn come_back(world: &mut World, rules: &Rules, departure: &Departure, recorder: &mut Recorder) {
    let person = world.people.person(departure.account);
    let account = join(world, &person, Some(departure.account), recorder);
    let day = world.observed.day;
    let (settings, draws) = (&rules.behavior.r#return, world.draws);
    let there = |world: &World, id: AccountId| world.people.removed[id.row()].is_none();
    let found = |world: &World, id: AccountId| there(world, id) && finds_again(settings, account, id, day, draws);
    for &followee in &departure.followees {
        if found(world, followee) {
            follows::begin(world, rules, (account, followee), recorder);
        }
    }
    for &partner in &departure.linked {
        if found(world, partner) {
            follows::begin(world, rules, (account, partner), recorder);
            follows::begin(world, rules, (partner, account), recorder);
            if world.links.link(account, partner) {
                recorder.linked(account);
            }
        }
    }
    for &minor in &departure.minors {
        if world.people.seeks(account) && found(world, minor) {
            let contact = world.contacts.entry(account, minor, day);
            contact.route = Some(Route::Return);
            contact.reach(Stage::Found, day);
            recorder.reached(account, minor, Stage::Found);
        }
    }
}

fn join(world: &mut World, person: &Person, from: Option<AccountId>, recorder: &mut Recorder) -> AccountId {
    let day: Day = world.observed.day;
    let account = world.add_account(person, day);
    // Accounts that came in the warm-up are there when day 0 begins, like all others.
    world.people.arrived[account.row()] = if day < 0 { 0 } else { day + 1 };
    world.people.returned_from[account.row()] = from;
    recorder.joined(&world.people, account);
    account
}

/// Exchange accounts bring in others, each on the day after it arrived itself: Poisson, once.
fn bring_in(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let exchange = &rules.behavior.exchange;
    if exchange.offspring <= 0.0 {
        return;
    }
    let day = world.observed.day;
    let is_turn = |world: &World, id: AccountId| {
        let first = world.people.arrived[id.row()];
        first == day && world.people.removed[id.row()].is_none()
    };
    let parents: Vec<AccountId> = world.people.ids().filter(|&id| is_turn(world, id)).collect();
    for parent in parents {
        let root = world.trees.root_of(parent);
        for _ in 0..offspring(&world.people, exchange, parent, world.draws) {
            if world.trees.size(root) >= TREE {
                break;
            }
            let person = world.people.person(parent);
            let child = join(world, &person, None, recorder);
            world.trees.grow(root, child);
            follows::begin(world, rules, (child, parent), recorder);
            if world.links.link(child, parent) {
                recorder.linked(child);
            }
        }
    }
}
