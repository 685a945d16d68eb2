//! Strikes, temporary sanctions and appeals.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::Standing;
use recsafe_platform::enforcement::{Appeals, Sanction, SanctionPolicy, Source};

use super::{Appeal, Enforcing, Reason};
use crate::World;
use crate::measure::{Decision, Kind};

/// Number of days after which the counts of ties to sanctioned accounts are halved.
const LOST_TIE_DAYS: Day = 30;

impl Enforcing<'_> {
    /// Returns the sanction policy that applies to an account today.
    pub(super) fn sanction_policy_of(&self, account: AccountId) -> SanctionPolicy {
        let mut sanction_policy = SanctionPolicy::new(&self.rules.enforcement);
        self.rules.policy.sanctions(&mut sanction_policy, account, &self.world.observed, self.world.draws);
        sanction_policy
    }

    /// Gives an account a strike and the resulting sanction.
    pub(super) fn strike(&mut self, account: AccountId, reason: Reason) {
        let strikes = self.world.enforcement_state.strikes.add(account, self.day);
        match self.sanction_policy_of(account).sanction(strikes) {
            Sanction::Removed => self.remove(account, Kind::Removed, reason, true),
            sanction => {
                self.restrict(account, sanction, reason);
                self.may_appeal(account, sanction.standing(), true, reason.rightly);
            }
        }
    }

    /// Limits or suspends an account for a number of days.
    pub(super) fn restrict(&mut self, account: AccountId, sanction: Sanction, reason: Reason) {
        let (standing, Some(days)) = (sanction.standing(), sanction.days()) else { return };
        self.world.observed.accounts.standing[account.row()] = standing;
        self.world.enforcement_state.ends.insert(account, self.day + days as Day + 1);
        let kind = if standing == Standing::Limited { Kind::Limited } else { Kind::Suspended };
        let graph = &self.world.observed.graph;
        let (followees, followers) = (graph.followees(account).to_vec(), graph.followers(account).to_vec());
        count_lost_ties(self.world, &followees, &followers);
        self.act(account, kind, reason, Decision::Confirmed);
        self.recorder.sanctioned(account, reason.rightly);
    }

    /// Ends expired sanctions and lets strikes lapse.
    pub(super) fn end_sanctions(&mut self) {
        let day = self.day;
        let over: Vec<AccountId> = self
            .world
            .enforcement_state
            .ends
            .extract_if(.., |_, end| *end <= day)
            .map(|(account, _)| account)
            .collect();
        for account in over {
            let standing = &mut self.world.observed.accounts.standing[account.row()];
            if *standing != Standing::Removed {
                *standing = Standing::Active;
            }
        }
        let (standing, appeals) = (&self.world.observed.accounts.standing, &self.world.enforcement_state.appeals);
        let gone = |account: AccountId| {
            let may_be_given_back = || appeals.iter().any(|appeal| appeal.account == account);
            standing[account.row()] == Standing::Removed && !may_be_given_back()
        };
        self.world.enforcement_state.strikes.lapse(day, self.rules.enforcement.strike_expiry_days, gone);
    }

    /// Halves the counts of ties to sanctioned accounts every [`LOST_TIE_DAYS`] days.
    pub(super) fn forget_ties(&mut self) {
        if self.day % LOST_TIE_DAYS == 0 {
            self.world.observed.accounts.lost_tie_count.iter_mut().for_each(|ties| *ties /= 2);
        }
    }

    /// Draws whether the holder appeals. Returns the result.
    pub(super) fn may_appeal(&mut self, account: AccountId, standing: Standing, strike: bool, rightly: bool) -> bool {
        let enforcement = &self.rules.enforcement;
        let mut draw = self.world.draws.at(DrawPurpose::Appeal, account, About::Appeal(standing), self.day);
        let appeals = draw.chance(enforcement.appeal_probability);
        if appeals {
            let decided_on = self.day + enforcement.appeal_days as Day;
            let ends = self.world.enforcement_state.ends.get(&account).copied();
            let appeal = Appeal { account, standing, strike, rightly, given: self.day, ends, decided_on };
            self.world.enforcement_state.appeals.push(appeal);
        }
        appeals
    }

    /// Decides the appeals that are due.
    pub(super) fn decide_appeals(&mut self) {
        let day = self.day;
        let due: Vec<Appeal> =
            self.world.enforcement_state.appeals.extract_if(.., |appeal| appeal.decided_on <= day).collect();
        let appeals = Appeals::new(&self.rules.enforcement);
        for appeal in due {
            let about = About::Appealed(appeal.standing);
            let mut draw = self.world.draws.at(DrawPurpose::Appeal, appeal.account, about, day);
            let granted = draw.chance(appeals.grants(appeal.rightly));
            self.recorder.appeal_decided(self.rules.enforcement.review_minutes);
            let decision = if granted { Decision::Granted } else { Decision::Rejected };
            let waited = self.rules.enforcement.appeal_days as Day;
            let reason = Reason { source: Source::Appeal, waited, rightly: appeal.rightly };
            self.act(appeal.account, Kind::Appeal, reason, decision);
            if granted {
                self.grant(&appeal);
            } else if appeal.standing == Standing::Removed {
                self.plan_return(appeal.account);
            }
        }
    }

    fn grant(&mut self, appeal: &Appeal) {
        let account = appeal.account;
        if appeal.strike {
            self.world.enforcement_state.strikes.take_back(account, appeal.given);
        }
        if appeal.standing == Standing::Removed {
            self.give_back(account);
        } else if appeal.ends.is_some() && self.world.enforcement_state.ends.get(&account).copied() == appeal.ends {
            self.world.observed.accounts.standing[account.row()] = Standing::Active;
            self.world.enforcement_state.ends.remove(&account);
        }
    }
}

/// Increases the count of ties of each account that has a mutual follow with a sanctioned account.
/// Both arguments belong to the sanctioned account and are sorted by id.
pub(super) fn count_lost_ties(world: &mut World, followees: &[AccountId], followers: &[AccountId]) {
    for &mutual in followees.iter().filter(|followee| followers.binary_search(followee).is_ok()) {
        let ties = &mut world.observed.accounts.lost_tie_count[mutual.row()];
        *ties = ties.saturating_add(1);
        world.enforcement_state.lost_tie_accounts.push(mutual);
    }
}
