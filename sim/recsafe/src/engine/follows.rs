//! Follows that began or ended today.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;
use recsafe_people::behavior::following::{accepts_follow, end_chance};

use super::happened::{Follow, Happened};
use super::{Rules, World, by_account};
use crate::measure::Recorder;

/// Ends follows at their daily rates, then adds those that the surfaces led to. A private account's holder answers first; a request
/// that is refused leaves no trace.
pub(super) fn change(world: &mut World, rules: &Rules, happened: &Happened, recorder: &mut Recorder) {
    for (from, to) in ended(world, rules) {
        world.observed.graph.unfollow(from, to);
    }
    for &Follow { from, to } in &happened.follows {
        if is_granted(world, rules, from, to) && world.observed.graph.follow(from, to) {
            let minors = world.people.is_minor(from) && world.people.is_minor(to);
            if minors && world.observed.graph.contains(to, from) {
                recorder.connected(from);
                recorder.connected(to);
            }
        }
    }
}

fn is_granted(world: &World, rules: &Rules, from: AccountId, to: AccountId) -> bool {
    let observed = &world.observed;
    if observed.blocks.between(from, to) || observed.graph.contains(from, to) {
        return false;
    }
    let linked = || observed.graph.linked(from, to);
    !observed.accounts.private[to.row()]
        || accepts_follow(&rules.behavior.following, from, to, linked(), observed.day, world.draws)
}

/// Follows that end today, each keyed by both accounts. Probes keep theirs.
fn ended(world: &World, rules: &Rules) -> Vec<(AccountId, AccountId)> {
    by_account(world.first_probe(), |account, ended| {
        let luck = world.draws.stream(Decides::Unfollow, u64::from(account.0), world.observed.day);
        let ends =
            |to: AccountId| luck.about(u64::from(to.0)).chance(end_chance(&world.people, &rules.behavior, account, to));
        let followees = world.observed.graph.followees(account);
        ended.extend(followees.iter().copied().filter(|&to| ends(to)).map(|to| (account, to)));
    })
}
