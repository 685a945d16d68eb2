//! Changes of the follow graph: the follows that begin or end today.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_people::behavior::exchange::makes_link;
use recsafe_people::behavior::following::{accepts_follow, end_chance};

use super::day_log::{DayLog, Follow};
use super::{Rules, World, by_account};
use crate::measure::Recorder;

/// Ends some follows at random, at the daily rates of the settings. Then adds the follows that
/// result from the surfaces.
///
/// If an account is private, a new follow of the account needs the holder's approval. Refused
/// requests are not stored. Follows between exchange accounts can lead to links.
pub(super) fn change(world: &mut World, rules: &Rules, log: &DayLog, recorder: &mut Recorder) {
    for (from, to) in ended(world, rules) {
        end(world, from, to);
    }
    for &Follow { from, to } in &log.follows {
        if is_granted(world, rules, from, to) {
            begin(world, rules, (from, to), recorder);
        }
    }
}

/// Adds a follow that does not exist yet. The follow can also lead to a link.
pub(super) fn begin(world: &mut World, rules: &Rules, (from, to): (AccountId, AccountId), recorder: &mut Recorder) {
    if !world.observed.graph.follow(from, to) {
        return;
    }
    let minors = world.people.is_minor(from) && world.people.is_minor(to);
    if minors && world.observed.graph.contains(to, from) {
        recorder.connected(from);
        recorder.connected(to);
    }
    let exchange = &rules.behavior.exchange;
    if makes_link(&world.people, exchange, from, to, world.observed.day, world.draws)
        && world.exchange_network.link(from, to)
    {
        recorder.linked(from);
    }
}

/// Ends a follow. If neither account follows the other any more, the link between the two accounts
/// also ends.
pub(super) fn end(world: &mut World, from: AccountId, to: AccountId) {
    world.observed.graph.unfollow(from, to);
    if !world.observed.graph.contains(to, from) {
        world.exchange_network.part(from, to);
    }
}

fn is_granted(world: &World, rules: &Rules, from: AccountId, to: AccountId) -> bool {
    let observed = &world.observed;
    let gone = |id: AccountId| !observed.accounts.is_usable(id);
    if observed.blocks.between(from, to) || observed.graph.contains(from, to) || gone(from) || gone(to) {
        return false;
    }
    let linked = || observed.graph.linked(from, to);
    !observed.accounts.private[to.row()]
        || accepts_follow(&rules.behavior.following, from, to, linked(), observed.day, world.draws)
}

/// Draws the follows that end today, with one draw per pair of accounts. Follows by probes and by
/// suspended accounts do not end.
fn ended(world: &World, rules: &Rules) -> Vec<(AccountId, AccountId)> {
    by_account(world.people.len(), |account, ended| {
        if !world.acts(account) {
            return;
        }
        let draw = world.draws.stream(DrawPurpose::Unfollow, account, world.observed.day);
        let ends = |to: AccountId| {
            draw.about(About::Account(to)).chance(end_chance(&world.people, &rules.behavior, account, to))
        };
        let followees = world.observed.graph.followees(account);
        ended.extend(followees.iter().copied().filter(|&to| ends(to)).map(|to| (account, to)));
    })
}
