//! Inboxes through the day: kept where the feed takes posts from there, filled by posts and shares, cleared of what was taken down.

use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::observed::Visibility;
use recsafe_people::role::Role;
use recsafe_people::settings::Kind;
use recsafe_platform::inbox::Inboxes;

use super::happened::{Event, Happened};
use super::{Rules, World};
use crate::measure::{FeedDay, Recorder};

/// Makes inboxes where they begin to be wanted, out of what is live, and lets those go that are wanted no more. Then puts today's posts
/// into them, unless account holders act one after another and do so themselves.
pub(super) fn begin_day(world: &mut World, rules: &Rules) {
    if rules.feed.quotas.inbox <= 0.0 {
        world.inboxes = Inboxes::default();
        return;
    }
    let (accounts, today) = (world.people.len(), world.observed.day);
    let acting = rules.behavior.kind == Kind::ReshareOne;
    let length = rules.feed.inbox as usize;
    let mut inboxes = std::mem::take(&mut world.inboxes);
    let kept = inboxes.length() == length;
    if !kept {
        inboxes = Inboxes::new(accounts, length);
        replay(world, &mut inboxes);
    }
    inboxes.cover(accounts);
    if !acting {
        let rows = world.observed.posts.rows();
        for slot in world.index.fresh_from()..rows.len() {
            debug_assert_eq!(i32::from(rows[slot].day), today);
            deliver(world, &mut inboxes, rows[slot].creator, world.observed.posts.id(slot));
        }
    }
    world.inboxes = inboxes;
}

/// Delivers what was posted and shared before today, day by day.
fn replay(world: &World, inboxes: &mut Inboxes) {
    let (posts, fresh_from) = (&world.observed.posts, world.index.fresh_from());
    let posted =
        posts.rows()[..fresh_from].iter().enumerate().map(|(slot, row)| (i32::from(row.day), false, slot, row.creator));
    let shared = world.index.shares().iter().filter_map(|it| Some((it.day, true, posts.slot(it.post)?, it.by)));
    let mut all: Vec<_> = posted.chain(shared).collect();
    all.sort_unstable();
    for (_, _, slot, from) in all {
        deliver(world, inboxes, from, posts.id(slot));
    }
}

fn deliver(world: &World, inboxes: &mut Inboxes, from: AccountId, post: PostId) {
    for &follower in world.observed.graph.followers(from) {
        inboxes.deliver(follower, post, 1);
    }
}

/// Puts what was shared today into the sharers' followers' inboxes, unless that is done already.
pub(super) fn take_shares(world: &mut World, rules: &Rules, happened: &Happened) {
    if world.inboxes.length() == 0 || rules.behavior.kind == Kind::ReshareOne {
        return;
    }
    let mut inboxes = std::mem::take(&mut world.inboxes);
    for Event { account, slot, .. } in happened.events.iter().filter(|event| event.what.shared()) {
        deliver(world, &mut inboxes, *account, world.observed.posts.id(*slot as usize));
    }
    world.inboxes = inboxes;
}

/// Takes out of all inboxes what is not up any more, and measures what is left.
pub(super) fn end_day(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    if world.inboxes.length() == 0 {
        return;
    }
    let (posts, accounts) = (&world.observed.posts, &world.observed.accounts);
    world.inboxes.retain(|post| {
        let up = |slot: usize| {
            posts.ledgers()[slot].restricted != Visibility::Nobody && accounts.is_usable(posts.rows()[slot].creator)
        };
        posts.slot(post).is_some_and(up)
    });
    if recorder.is_measuring() {
        recorder.feeds(measured(world, rules));
    }
}

/// What the feeds hold: of all accounts' the different posts, of people's the quality of all.
fn measured(world: &World, rules: &Rules) -> FeedDay {
    let mut counted = vec![false; world.observed.posts.len()];
    let mut day = FeedDay::default();
    for account in world.people.ids() {
        let people = !matches!(world.people.role[account.row()], Role::Bot | Role::Probe);
        for slot in world.inboxes.of(account).iter().filter_map(|entry| world.observed.posts.slot(entry.post)) {
            let truth = &world.truth[slot];
            if people {
                day.entries += 1;
                day.quality += f64::from(truth.quality);
            }
            if !std::mem::replace(&mut counted[slot], true) {
                day.posts += 1;
                day.harmful += u64::from(f64::from(truth.severity) >= rules.harm.threshold);
            }
        }
    }
    day
}
