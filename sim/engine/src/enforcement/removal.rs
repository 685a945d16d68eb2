//! Removal of accounts, the state that is kept for a return, and restoration after an appeal.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::Standing;
use recsafe_people::behavior::returning::comes_back_after;
use recsafe_people::contacts::Ended;
use recsafe_platform::enforcement::Source;

use super::sanctions::count_lost_ties;
use super::{Enforcing, Reason, RemovedAccount};
use crate::measure::{Decision, Kind};

impl Enforcing<'_> {
    /// Removes an account. The argument `strike` is true if a strike led to the removal. A granted
    /// appeal then revokes the strike.
    pub(super) fn remove(&mut self, account: AccountId, kind: Kind, reason: Reason, strike: bool) {
        if self.world.observed.accounts.standing[account.row()] == Standing::Removed {
            return;
        }
        let source = reason.source;
        let removal = self.act(account, kind, reason, Decision::Confirmed);
        self.world.enforcement_state.removals.insert(account, removal);
        self.recorder.sanctioned(account, reason.rightly);
        self.recorder.removed(account);
        let reported = self.world.people.violates(account) && self.tell_authorities(account, source);
        let removed_account = self.take_away(account, reported);
        let appeals =
            source != Source::ConstantHazard && self.may_appeal(account, Standing::Removed, strike, reason.rightly);
        if appeals || self.world.people.may_return(account) {
            self.world.enforcement_state.removed_accounts.push(removed_account);
            if !appeals {
                self.plan_return(account);
            }
        }
    }

    fn tell_authorities(&mut self, account: AccountId, source: Source) -> bool {
        let mut draw = self.world.draws.at(DrawPurpose::AuthorityReport, account, About::Nothing, self.day);
        let reported = source != Source::ConstantHazard && draw.chance(self.rules.enforcement.authority_reports);
        if reported {
            let reason = Reason { source, waited: 0, rightly: true };
            self.act(account, Kind::ReportedToAuthorities, reason, Decision::Confirmed);
            self.recorder.told_authorities(account);
        }
        reported
    }

    /// Removes an account's follows, links and contacts, but keeps the account's row. Returns the
    /// state that is kept for a restoration or a return.
    fn take_away(&mut self, account: AccountId, reported: bool) -> RemovedAccount {
        let day = self.day;
        let world = &mut *self.world;
        world.observed.accounts.standing[account.row()] = Standing::Removed;
        world.people.removed[account.row()] = Some(day);
        world.enforcement_state.ends.remove(&account);
        let minors = end_contacts(world, account, day);
        let linked = world.exchange_network.isolate(account);
        self.recorder.links_lost(account, linked.len());
        let (followees, followers) = world.observed.graph.isolate(account);
        count_lost_ties(world, &followees, &followers);
        world.memory.forget(account);
        world.profile_visits.forget(account);
        world.index.forget(account);
        world.learned.factors.forget(account);
        world.learned.engagements.forget(account);
        RemovedAccount { account, reported, tries: 0, returns_on: None, followees, followers, linked, minors }
    }

    /// Decides whether and when the holder of a removed account tries to return. Discards the kept
    /// state if the holder never returns.
    pub(super) fn plan_return(&mut self, account: AccountId) {
        let Some(index) = self.world.enforcement_state.removed_accounts.iter().position(|it| it.account == account)
        else {
            return;
        };
        let RemovedAccount { reported, tries, .. } = self.world.enforcement_state.removed_accounts[index];
        let returns = &self.rules.behavior.r#return;
        let after = self
            .world
            .people
            .may_return(account)
            .then(|| comes_back_after(returns, account, reported, tries, self.world.draws))
            .flatten();
        match after {
            Some(days) => self.world.enforcement_state.removed_accounts[index].returns_on = Some(self.day + days),
            None => {
                self.world.enforcement_state.removed_accounts.remove(index);
            }
        }
    }

    /// Restores an account after a granted appeal, with its follows and links to accounts that are
    /// not removed.
    pub(super) fn give_back(&mut self, account: AccountId) {
        let removed_accounts = &mut self.world.enforcement_state.removed_accounts;
        let Some(index) = removed_accounts.iter().position(|removed_account| removed_account.account == account) else {
            return;
        };
        let removed_account = removed_accounts.remove(index);
        let world = &mut *self.world;
        world.observed.accounts.standing[account.row()] = Standing::Active;
        world.people.removed[account.row()] = None;
        world.enforcement_state.removals.remove(&account);
        world.contacts.reopen(account);
        let there = |id: &&AccountId| world.people.removed[id.row()].is_none();
        for &followee in removed_account.followees.iter().filter(there) {
            world.observed.graph.follow(account, followee);
        }
        for &follower in removed_account.followers.iter().filter(there) {
            world.observed.graph.follow(follower, account);
            let ties = &mut world.observed.accounts.lost_tie_count[follower.row()];
            *ties = ties.saturating_sub(u8::from(removed_account.followees.binary_search(&follower).is_ok()));
        }
        for &partner in removed_account.linked.iter().filter(there) {
            world.exchange_network.link(account, partner);
        }
    }
}

/// Ends every contact from and to an account. Returns the minors whom the account had discovered or
/// was in contact with.
fn end_contacts(world: &mut crate::World, account: AccountId, day: Day) -> Vec<AccountId> {
    let mut minors = Vec::new();
    for contact in world.contacts.of_mut(account) {
        if contact.ended().is_none() {
            if contact.was_met() && world.people.is_minor(contact.to) {
                minors.push(contact.to);
            }
            contact.end(Ended::Removed, day);
        }
    }
    world.contacts.end_all_with(account, Ended::Removed, day);
    minors
}
