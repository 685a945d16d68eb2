//! Detection: classifiers score accounts and posts. Scores above a threshold lead to review.

use recsafe_common::draw::{Decides, mix};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::Visibility;
use recsafe_common::signal::{self, Signal};
use recsafe_platform::enforcement::{Item, Source, Subject};

use super::{Enforcing, Reason};
use crate::by_account;
use crate::measure::{Decision, Kind};
use crate::posting::detection_of;

/// Days before day 0 from which periods of scoring are counted, so that the count is never
/// negative.
const BEFORE: Day = 40_000;

impl Enforcing<'_> {
    /// Renews the scores that are due today, and flags accounts above the threshold.
    pub(super) fn score_accounts(&mut self) {
        let (world, rules) = (&*self.world, self.rules);
        let scored = by_account(world.people.len(), |account, scored| {
            if !world.observed.accounts.is_usable(account) {
                return;
            }
            let detection = detection_of(world, rules, account);
            let refresh = detection.account_refresh as Day;
            // The hash distributes renewals evenly over days.
            let turn = (mix(u64::from(account.0)) % u64::from(detection.account_refresh)) as Day;
            let since = self.day + BEFORE + turn;
            if since % refresh == 0 || world.observed.accounts.signal[account.row()].is_none() {
                let signal = self.score_of(account, detection.account_d_prime, since / refresh);
                scored.push((account, signal, f64::from(signal) > detection.account_threshold));
            }
        });
        for (account, signal, flagged) in scored {
            self.world.observed.accounts.signal[account.row()] = Some(signal);
            if flagged && self.world.observed.accounts.is_free(account) {
                self.flag(Subject::Account(account), account, signal);
            }
        }
    }

    /// Returns the classifier score s = d' g v + sqrt(m) a + sqrt(1 - m) b, where v is 1 for
    /// violating accounts and m is the persistence. The noise a is drawn once per account, and b
    /// for each score. The factor g differs from 1 only for readmitted holders.
    fn score_of(&self, account: AccountId, d_prime: f64, time: Day) -> Signal {
        let (people, enforcement) = (&self.world.people, &self.rules.enforcement);
        let came_back = people.returned_from[account.row()].is_some();
        let strength = if came_back { enforcement.returned_d_prime_factor } else { 1.0 };
        let noise = |about, when| self.world.draws.at(Decides::AccountSignal, account, about, when).normal();
        let noise =
            signal::renewed(enforcement.score_noise_persistence, noise(About::Nothing, 0), noise(About::Step(1), time));
        signal::score(people.violates(account), d_prime * strength, noise)
    }

    /// Acts on the scores of today's posts, and of older posts that are scored again today.
    pub(super) fn flag_posts(&mut self) {
        for slot in 0..self.world.observed.posts.len() {
            let row = self.world.observed.posts.rows()[slot];
            let age = self.day - Day::from(row.day);
            let creator = row.creator;
            if age > 0 && self.rules.enforcement.content_refresh == 0 && self.rules.policy.is_empty() {
                continue;
            }
            let detection = detection_of(self.world, self.rules, creator);
            let refresh = detection.content_refresh as Day;
            let anew = age > 0 && refresh > 0 && age % refresh == 0;
            if !anew && age > 0 {
                continue;
            }
            let signal =
                if anew { self.score_again(slot, detection.content_d_prime, age / refresh) } else { row.signal };
            self.act_on_score(slot, signal, detection.content_threshold);
        }
    }

    fn score_again(&mut self, slot: usize, d_prime: f64, time: Day) -> Signal {
        let creator = self.world.observed.posts.rows()[slot].creator;
        let about = About::Nth(self.world.observed.posts.ledgers()[slot].sequence);
        let noise = |when| self.world.draws.at(Decides::PostSignal, creator, about, when).normal();
        let noise = signal::renewed(self.rules.enforcement.score_noise_persistence, noise(0), noise(time));
        let signal = signal::score(self.is_harmful(slot), d_prime, noise);
        self.world.observed.posts.columns_mut().0[slot].signal = signal;
        signal
    }

    /// Takes down or demotes a post whose score is above the limits of the settings. A lower score
    /// above the threshold leads to review.
    fn act_on_score(&mut self, slot: usize, signal: Signal, threshold: f64) {
        let enforcement = &self.rules.enforcement;
        let above = |limit: Option<f64>| limit.is_some_and(|limit| f64::from(signal) > limit);
        if above(enforcement.remove_above) {
            self.restrict_post(slot, Visibility::Nobody, (Kind::PostRemoved, Source::Classifier), 0);
        } else if above(enforcement.demote_above) {
            self.restrict_post(slot, Visibility::Followers, (Kind::Demoted, Source::Classifier), 0);
        } else if f64::from(signal) > threshold {
            let creator = self.world.observed.posts.rows()[slot].creator;
            if self.world.observed.accounts.is_free(creator) {
                self.flag(Subject::Post(self.world.observed.posts.id(slot)), creator, signal);
            }
        }
    }

    /// Restricts the visibility of a post permanently.
    pub(super) fn restrict_post(&mut self, slot: usize, to: Visibility, (kind, source): (Kind, Source), waited: Day) {
        let ledger = &mut self.world.observed.posts.columns_mut().1[slot];
        if ledger.restricted >= to {
            return;
        }
        let first = ledger.restricted == Visibility::Everyone;
        ledger.restricted = to;
        let reason = Reason { source, waited, rightly: self.is_harmful(slot) };
        self.act_on_post(slot, kind, reason, Decision::Confirmed, first);
    }

    fn flag(&mut self, subject: Subject, holder: AccountId, signal: Signal) {
        let item = Item {
            subject,
            identity: self.identity(subject),
            holder: Some(holder),
            opened: self.day,
            source: Source::Classifier,
            signal,
            reports: 0,
            by_minors: 0,
        };
        self.put(item);
    }

    /// Adds an item to the queue.
    pub(super) fn put(&mut self, item: Item) {
        if self.world.casework.queue.put(item) {
            self.recorder.queued();
        }
    }
}
