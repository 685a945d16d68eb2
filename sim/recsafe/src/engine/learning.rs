//! Learning: what happened today enters the posts' counters, the platform's lists and its heads.

use recsafe_people::behavior::following::visits_profile;
use recsafe_platform::index::Shared;
use recsafe_platform::learning::refresh_posts;

use super::happened::{Event, Happened};
use super::{Rules, World};

/// Takes in the day, in account order.
pub(super) fn learn(world: &mut World, rules: &Rules, happened: &Happened) {
    let day = world.observed.day;
    for &account in &happened.resets {
        world.index.forget(account);
        world.learned.engagements.forget(account);
    }
    for Event { account, slot, what } in happened.events.iter() {
        let muted = world.observed.accounts.muted[account.row()];
        let post = world.observed.posts.id(slot as usize);
        let (rows, ledgers) = world.observed.posts.columns_mut();
        let (row, ledger) = (&mut rows[slot as usize], &mut ledgers[slot as usize]);
        let creator = row.creator;
        ledger.views += 1;
        ledger.hides += u32::from(what.hidden());
        ledger.reports += u32::from(what.reported());
        ledger.shares += u32::from(what.shared());
        if muted {
            continue;
        }
        if what.engaged() {
            ledger.engagements += 1;
            row.popularity += 1.0;
        }
        if what.liked() {
            world.index.like(account, slot as usize, post);
            if visits_profile(&rules.behavior.following, account, creator, day, world.draws) {
                world.attention.attend(account, creator);
            }
        }
        if what.shared() {
            world.index.share(Shared { by: account, post, day });
        }
    }
    world.learned.learn(&happened.examples);
    if rules.ranker.learns_factors() || rules.policy.learns_factors() {
        learn_factors(world, happened);
    }
    if rules.ranker.learns_engagements() || rules.policy.learns_engagements() {
        learn_engagements(world, happened);
    }
    refresh_posts(&mut world.observed.posts, world.people.len(), rules.feed.half_life);
}

/// One pass over the day's views, in account order.
fn learn_factors(world: &mut World, happened: &Happened) {
    let factors = &mut world.learned.factors;
    factors.follow(world.people.len(), &world.observed.posts, world.draws);
    for Event { account, slot, what } in happened.events.iter() {
        if !world.observed.accounts.muted[account.row()] {
            factors.learn(account, slot as usize, what.engaged());
        }
    }
}

/// Keeps who engaged with what today, in account order.
fn learn_engagements(world: &mut World, happened: &Happened) {
    let (posts, engagements) = (&world.observed.posts, &mut world.learned.engagements);
    engagements.follow(world.people.len(), posts);
    for Event { account, slot, what } in happened.events.iter() {
        if what.engaged() && !world.observed.accounts.muted[account.row()] {
            engagements.learn(account, posts.id(slot as usize));
        }
    }
}
