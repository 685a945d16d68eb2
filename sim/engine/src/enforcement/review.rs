//! Review: reviewers decide items of the queue in order of priority, up to the reviewers' capacity.
//! Some decisions are wrong. Old items expire.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Who};
use recsafe_common::observed::Visibility;
use recsafe_platform::enforcement::{Item, Review, Subject};

use super::{Enforcing, Reason};
use crate::measure::{Decision, Kind};

impl Enforcing<'_> {
    /// Closes settled items, decides items up to the capacity, then closes expired items.
    pub(super) fn review(&mut self) {
        let mut review = Review::new(&self.rules.enforcement);
        self.rules.policy.reviews(&mut review, self.day);
        self.close_settled();
        let order = {
            let accounts = &self.world.observed.accounts;
            self.world.enforcement_state.queue.order(
                &review,
                |holder| accounts.passes_for_minor(holder),
                self.world.draws,
            )
        };
        let capacity = review.capacity * self.population() / 10_000.0;
        let mut left = self.world.enforcement_state.queue.decisions_today(capacity);
        for subject in order {
            if left == 0 {
                break;
            }
            let Some(item) = self.world.enforcement_state.queue.take(subject) else { continue };
            if self.is_settled(&item) {
                self.settle(&item); // an earlier decision of today was about the same account
            } else {
                left -= 1;
                self.decide(&review, &item);
            }
        }
        self.close_expired();
        self.recorder.waiting(self.world.enforcement_state.queue.len());
    }

    /// Returns the number of accounts that are neither removed nor probes.
    pub(super) fn population(&self) -> f64 {
        let (people, probes) = (&self.world.people, self.world.probe_rows());
        let there = people.removed.iter().enumerate();
        there.filter(|(row, removed)| removed.is_none() && !probes.contains(row)).count() as f64
    }

    fn close_settled(&mut self) {
        let mut queue = std::mem::take(&mut self.world.enforcement_state.queue);
        let settled = queue.close(|item| self.is_settled(item));
        self.world.enforcement_state.queue = queue;
        for item in &settled {
            self.settle(item);
        }
    }

    /// Records that another action settled an item. The reports about the item count as leading to
    /// action.
    fn settle(&mut self, item: &Item) {
        self.recorder.settled();
        self.recorder.resolved(item.reports, self.violates(item.subject), true);
    }

    /// Closes items that were not decided in time, and items about posts that expire tomorrow.
    fn close_expired(&mut self) {
        let (day, expiry) = (self.day, self.rules.enforcement.review_expiry as Day);
        let mut queue = std::mem::take(&mut self.world.enforcement_state.queue);
        // Items about posts that are dropped tomorrow are closed today, while the post can still be
        // read.
        let last = day - self.rules.content.post_lifetime_days as Day + 1;
        let rows = self.world.observed.posts.rows();
        let leaves = |post| self.index_of(post).is_none_or(|post_index| Day::from(rows[post_index].day) <= last);
        let gone = |item: &Item| matches!(item.subject, Subject::Post(post) if leaves(post));
        let expired = queue.close(|item| gone(item) || expiry > 0 && day - item.opened + 1 >= expiry);
        self.world.enforcement_state.queue = queue;
        for item in &expired {
            self.recorder.expired();
            self.recorder.resolved(item.reports, self.violates(item.subject), false);
        }
    }

    fn decide(&mut self, review: &Review, item: &Item) {
        let violates = self.violates(item.subject);
        let mut draw = self.world.draws.at(DrawPurpose::Review, Who::Queued(item.identity), About::Nothing, self.day);
        let confirmed =
            !matches!(item.subject, Subject::Test(_)) && draw.chance(review.confirms(violates, item.classifier_score));
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
                if let Some(post_index) = self.index_of(post) {
                    self.restrict_post(post_index, Visibility::Nobody, (Kind::PostRemoved, item.source), waited);
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

    /// Records that a reviewer took no action.
    fn dismiss(&mut self, subject: Subject, reason: Reason) {
        match subject {
            Subject::Account(account) => {
                self.act(account, Kind::Dismissed, reason, Decision::Rejected);
            }
            Subject::Post(post) => {
                if let Some(post_index) = self.index_of(post) {
                    self.act_on_post(post_index, Kind::Dismissed, reason, Decision::Rejected, true);
                }
            }
            Subject::Test(_) => {}
        }
    }

    /// Acts on an account that a reviewer considers violating. Removes the account immediately, or
    /// gives it a strike.
    fn confirm_account(&mut self, account: AccountId, reason: Reason) {
        let sanction_policy = self.sanction_policy_of(account);
        let mut draw = self.world.draws.at(DrawPurpose::Sanction, account, About::Nothing, self.day);
        if draw.chance(sanction_policy.immediate_removal) {
            self.remove(account, Kind::Removed, reason, false);
        } else {
            self.strike(account, reason);
        }
    }
}
