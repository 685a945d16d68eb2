//! Daily updates of inboxes: delivery of posts and shares, and deletion of posts that were taken
//! down.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day, PostId};
use recsafe_common::key::About;
use recsafe_common::observed::Visibility;
use recsafe_people::behavior::reshare_one::floods;
use recsafe_people::role::Role;
use recsafe_people::settings::Kind;
use recsafe_platform::inbox::Inboxes;

use super::day_log::DayLog;
use super::{Rules, World};
use crate::measure::{FeedDay, Recorder};

/// Creates inboxes from live posts when the feed starts to use inboxes, and discards all inboxes
/// when the feed stops using them. Today's posts are visible today. Under `reshare-one`, however,
/// acts of a day become visible on the next day.
pub(super) fn begin_day(world: &mut World, rules: &Rules) {
    if rules.feed.quotas.inbox <= 0.0 {
        world.inboxes = Inboxes::default();
        return;
    }
    let length = rules.feed.inbox as usize;
    let mut inboxes = std::mem::take(&mut world.inboxes);
    if !inboxes.are(length, rules.feed.inbox_moves_up) {
        inboxes = Inboxes::new(world.people.len(), length, rules.feed.inbox_moves_up);
        replay(world, rules, &mut inboxes);
    }
    inboxes.cover(world.people.len());
    if rules.behavior.model != Kind::ReshareOne {
        let (posts, today) = (&world.observed.posts, world.observed.day);
        for (post_index, row) in posts.rows().iter().enumerate().skip(world.index.fresh_from()) {
            deliver(world, &mut inboxes, row.creator, (posts.id(post_index), 1), today);
        }
    }
    world.inboxes = inboxes;
}

/// Delivers earlier posts and shares that are still visible. The result is the same as if inboxes
/// had always existed, except for the order of posts within a day.
fn replay(world: &World, rules: &Rules, inboxes: &mut Inboxes) {
    let posts = &world.observed.posts;
    let later = Day::from(rules.behavior.model == Kind::ReshareOne);
    let old = posts.rows().iter().enumerate().take(world.index.fresh_from());
    let posted = old.map(|(post_index, row)| {
        (Day::from(row.day) + later, post_index, row.creator, copies(world, rules, row.creator))
    });
    let shared = world.index.shares().iter().filter_map(|it| Some((it.day + 1, posts.index_of(it.post)?, it.by, 1)));
    let mut all: Vec<_> = posted.chain(shared).filter(|&(_, post_index, ..)| is_up(world, post_index)).collect();
    all.sort_unstable();
    for (day, post_index, from, copies) in all {
        deliver(world, inboxes, from, (posts.id(post_index), copies), day);
    }
}

/// Returns the number of copies in which an account delivers its post.
fn copies(world: &World, rules: &Rules, creator: AccountId) -> u32 {
    if rules.behavior.model == Kind::ReshareOne && floods(&world.people, creator) { rules.bots.flooding } else { 1 }
}

/// Returns whether a post is visible: it is not taken down, and its creator is usable.
fn is_up(world: &World, post_index: usize) -> bool {
    let posts = &world.observed.posts;
    posts.counters()[post_index].restricted != Visibility::Nobody
        && world.observed.accounts.is_usable(posts.rows()[post_index].creator)
}

fn deliver(world: &World, inboxes: &mut Inboxes, from: AccountId, (post, copies): (PostId, u32), came: Day) {
    for &follower in world.observed.graph.followers(from) {
        inboxes.deliver(follower, post, copies, came);
    }
}

/// Returns the deliveries at the end of the day, each with the sender, the index of the post and
/// the number of copies. The order of accounts is drawn every day, so that no account is always
/// first.
fn sent(world: &World, rules: &Rules, log: &DayLog) -> Vec<(AccountId, u32, u32)> {
    let shares = log.events.iter().filter(|event| event.what.shared());
    let mut all: Vec<_> = shares.map(|event| (event.account, event.post_index, 1)).collect();
    if rules.behavior.model == Kind::ReshareOne {
        let rows = world.observed.posts.rows().iter().enumerate().skip(world.index.fresh_from());
        all.extend(rows.map(|(post_index, row)| (row.creator, post_index as u32, copies(world, rules, row.creator))));
    }
    let turn = |id: AccountId| world.draws.at(DrawPurpose::ActOrder, id, About::Nothing, world.observed.day).bits();
    all.sort_by_cached_key(|&(account, post_index, _)| (turn(account), post_index));
    all
}

/// Ends the day: delivers posts that become visible tomorrow, deletes posts that are no longer
/// visible, and measures the inboxes.
pub(super) fn end_day(world: &mut World, rules: &Rules, log: &DayLog, recorder: &mut Recorder) {
    if world.inboxes.length() == 0 {
        return;
    }
    let mut inboxes = std::mem::take(&mut world.inboxes);
    let posts = &world.observed.posts;
    for (from, post_index, copies) in sent(world, rules, log) {
        deliver(world, &mut inboxes, from, (posts.id(post_index as usize), copies), world.observed.day + 1);
    }
    inboxes.retain(|post| posts.index_of(post).is_some_and(|post_index| is_up(world, post_index)));
    world.inboxes = inboxes;
    if recorder.is_measuring() {
        recorder.feeds(measured(world, rules));
    }
}

/// Counts the distinct posts in the inboxes of all accounts, and sums the quality of posts in
/// people's inboxes.
fn measured(world: &World, rules: &Rules) -> FeedDay {
    let mut counted = vec![false; world.observed.posts.len()];
    let mut day = FeedDay::default();
    for account in world.people.ids() {
        let people = !matches!(world.people.role[account.row()], Role::Bot | Role::Probe);
        for post_index in world.inboxes.of(account).iter().filter_map(|entry| world.observed.posts.index_of(entry.post))
        {
            let truth = &world.truth[post_index];
            if people {
                day.entries += 1;
                day.quality += f64::from(truth.quality);
            }
            if !std::mem::replace(&mut counted[post_index], true) {
                day.posts += 1;
                day.harmful += u64::from(rules.harm.is_harmful(truth.severity));
            }
        }
    }
    day
}
