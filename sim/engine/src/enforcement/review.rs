//! Review: the queue is worked off by capacity and priority, with human error; what nobody gets to is closed.

use recsafe_common::draw::Decides;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Who};
use recsafe_common::observed::Visibility;
use recsafe_platform::enforcement::{Item, Review, Subject};

use super::{Enforcing, Reason};
use crate::measure::{Decision, Kind};

impl Enforcing<'_> {
    /// Closes what is settled, decides on as many items as there is capacity for, then closes what is past its time.
    pub(super) fn review(&mut self) {
        let mut review = Review::new(&self.rules.enforcement);
        self.rules.policy.reviews(&mut review, self.day);
        self.close_settled();
        let order = {
            let accounts = &self.world.observed.accounts;
            self.world.casework.queue.order(&review, |holder| accounts.passes_for_minor(holder), self.world.draws)
        };
        let capacity = review.capacity * self.population() / 10_000.0;
        let mut left = self.world.casework.queue.decisions_today(capacity);
        for subject in order {
            if left == 0 {
                break;
            }
            let Some(item) = self.world.casework.queue.take(subject) else { continue };
            if self.is_settled(&item) {
                self.settle(&item); // an earlier decision of today was about the same account
            } else {
                left -= 1;
                self.decide(&review, &item);
            }
        }
        self.close_expired();
        self.recorder.waiting(self.world.casework.queue.len());
    }

    /// Accounts that are there, probes not counted.
    pub(super) fn population(&self) -> f64 {
        let (people, probes) = (&self.world.people, self.world.probe_rows());
        let there = people.removed.iter().enumerate();
        there.filter(|(row, removed)| removed.is_none() && !probes.contains(row)).count() as f64
    }

    fn close_settled(&mut self) {
        let mut queue = std::mem::take(&mut self.world.casework.queue);
        let settled = queue.close(|item| self.is_settled(item));
        self.world.casework.queue = queue;
        for item in &settled {
            self.settle(item);
        }
    }

    /// An item whose account or post was acted on otherwise: its reports have led to action.
    fn settle(&mut self, item: &Item) {
        self.recorder.settled();
        self.recorder.resolved(item.reports, self.violates(item.subject), true);
    }

    /// Closes what nobody got to in time, and what has left the platform's lists.
    fn close_expired(&mut self) {
        let (day, expiry) = (self.day, self.rules.enforcement.review_expiry as Day);
        let mut queue = std::mem::take(&mut self.world.casework.queue);
        // A post that leaves the platform's lists tomorrow is closed today, while it can still be looked at.
        let last = day - self.rules.content.post_lifetime_days as Day + 1;
        let rows = self.world.observed.posts.rows();
        let leaves = |post| self.slot(post).is_none_or(|slot| Day::from(rows[slot].day) <= last);
        let gone = |item: &Item| matches!(item.subject, Subject::Post(post) if leaves(post));
        let expired = queue.close(|item| gone(item) || expiry > 0 && day - item.opened + 1 >= expiry);
        self.world.casework.queue = queue;
        for item in &expired {
            self.recorder.expired();
            self.recorder.resolved(item.reports, self.violates(item.subject), false);
        }
    }

    fn decide(&mut self, review: &Review, item: &Item) {
        let violates = self.violates(item.subject);
        let mut luck = self.world.draws.at(Decides::Review, Who::Queued(item.identity), About::Nothing, self.day);
        let confirmed =
            !matches!(item.subject, Subject::Test(_)) && luck.chance(review.confirms(violates, item.signal));
        let waited = self.day - item.opened;
        self.recorder.decided(waited, self.rules.enforcement.review_minutes);
        self.recorder.resolved(item.reports, violates, confirmed);
        let Some(holder) = item.holder else { return };
        if !confirmed {
            self.dismiss(item.subject, Reason { source: item.source, waited, rightly: violates });
            return;
        }
        match item.subject {
            Subject::Post(post) => {
                if let Some(slot) = self.slot(post) {
                    self.restrict_post(slot, Visibility::Nobody, (Kind::PostRemoved, item.source), waited);
                }
                let rightly = violates || self.world.people.violates(holder);
                self.strike(holder, Reason { source: item.source, waited, rightly });
            }
            Subject::Account(account) => {
                self.confirm_account(account, Reason { source: item.source, waited, rightly: violates });
            }
            Subject::Test(_) => {}
        }
    }

    /// Takes note that a reviewer found nothing to act on.
    fn dismiss(&mut self, subject: Subject, reason: Reason) {
        match subject {
            Subject::Account(account) => {
                self.act(account, Kind::Dismissed, reason, Decision::Rejected);
            }
            Subject::Post(post) => {
                if let Some(slot) = self.slot(post) {
                    self.act_on_post(slot, Kind::Dismissed, reason, Decision::Rejected, true);
                }
            }
            Subject::Test(_) => {}
        }
    }

    /// An account that a reviewer takes for violating is removed at once, or gets a strike.
    fn confirm_account(&mut self, account: AccountId, reason: Reason) {
        let ladder = self.ladder_of(account);
        let mut luck = self.world.draws.at(Decides::Sanction, account, About::Nothing, self.day);
        if luck.chance(ladder.severe_removed) {
            self.remove(account, Kind::Removed, reason, false);
        } else {
            self.strike(account, reason);
        }
    }
}
