//! Detection: classifiers score accounts and posts. A score above a threshold leads to review.

use recsafe_common::classifier_score::{self, ClassifierScore};
use recsafe_common::draw::{DrawPurpose, mix};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::Visibility;
use recsafe_platform::enforcement::{Item, Source, Subject};

use super::{Enforcing, Reason};
use crate::by_account;
use crate::measure::{Decision, Kind};
use crate::posting::detection_of;

/// Number of days that is added to a day before periods of scoring are counted, so that the count
/// is never negative.
const BEFORE: Day = 40_000;

impl Enforcing<'_> {
    /// Draws new scores for the accounts that are due today, and flags accounts above the
    /// threshold.
    pub(super) fn score_accounts(&mut self) {
        let (world, rules) = (&*self.world, self.rules);
        let scored = by_account(world.people.len(), |account, scored| {
            if !world.observed.accounts.is_usable(account) {
                return;
            }
            let detection = detection_of(world, rules, account);
            let refresh = detection.account_rescore_days as Day;
            // The hash of the account distributes new scores evenly over days.
            let turn = (mix(u64::from(account.0)) % u64::from(detection.account_rescore_days)) as Day;
            let since = self.day + BEFORE + turn;
            if since % refresh == 0 || world.observed.accounts.classifier_score[account.row()].is_none() {
                let classifier_score = self.score_of(account, detection.account_d_prime, since / refresh);
                scored.push((account, classifier_score, f64::from(classifier_score) > detection.account_threshold));
            }
        });
        for (account, classifier_score, flagged) in scored {
            self.world.observed.accounts.classifier_score[account.row()] = Some(classifier_score);
            if flagged && self.world.observed.accounts.is_free(account) {
                self.flag(Subject::Account(account), account, classifier_score);
            }
        }
    }

    /// Returns the classifier score s = d' g v + sqrt(m) a + sqrt(1 - m) b.
    ///
    /// v is 1 for violating accounts and 0 for others. m is the persistence of the noise. The noise
    /// a is drawn once per account, and the noise b is drawn for each score. The factor g differs
    /// from 1 only for readmitted holders.
    fn score_of(&self, account: AccountId, d_prime: f64, time: Day) -> ClassifierScore {
        let (people, enforcement) = (&self.world.people, &self.rules.enforcement);
        let came_back = people.returned_from[account.row()].is_some();
        let strength = if came_back { enforcement.returned_d_prime_factor } else { 1.0 };
        let noise = |about, when| self.world.draws.at(DrawPurpose::AccountSignal, account, about, when).normal();
        let noise = classifier_score::renewed(
            enforcement.score_noise_persistence,
            noise(About::Nothing, 0),
            noise(About::Step(1), time),
        );
        classifier_score::score(people.violates(account), d_prime * strength, noise)
    }

    /// Acts on the scores of today's posts, and of older posts that are scored again today.
    pub(super) fn flag_posts(&mut self) {
        for post_index in 0..self.world.observed.posts.len() {
            let row = self.world.observed.posts.rows()[post_index];
            let age = self.day - Day::from(row.day);
            let creator = row.creator;
            if age > 0 && self.rules.enforcement.content_rescore_days == 0 && self.rules.policy.is_empty() {
                continue;
            }
            let detection = detection_of(self.world, self.rules, creator);
            let refresh = detection.content_rescore_days as Day;
            let anew = age > 0 && refresh > 0 && age % refresh == 0;
            if !anew && age > 0 {
                continue;
            }
            let classifier_score = if anew {
                self.score_again(post_index, detection.content_d_prime, age / refresh)
            } else {
                row.classifier_score
            };
            self.act_on_score(post_index, classifier_score, detection.content_threshold);
        }
    }

    fn score_again(&mut self, post_index: usize, d_prime: f64, time: Day) -> ClassifierScore {
        let creator = self.world.observed.posts.rows()[post_index].creator;
        let about = About::Nth(self.world.observed.posts.counters()[post_index].sequence);
        let noise = |when| self.world.draws.at(DrawPurpose::PostSignal, creator, about, when).normal();
        let noise = classifier_score::renewed(self.rules.enforcement.score_noise_persistence, noise(0), noise(time));
        let classifier_score = classifier_score::score(self.is_harmful(post_index), d_prime, noise);
        self.world.observed.posts.columns_mut().0[post_index].classifier_score = classifier_score;
        classifier_score
    }

    /// Takes down or demotes a post whose score is above the limits of the settings. A lower score
    /// above the threshold leads to review.
    fn act_on_score(&mut self, post_index: usize, classifier_score: ClassifierScore, threshold: f64) {
        let enforcement = &self.rules.enforcement;
        let above = |limit: Option<f64>| limit.is_some_and(|limit| f64::from(classifier_score) > limit);
        if above(enforcement.remove_above) {
            self.restrict_post(post_index, Visibility::Nobody, (Kind::PostRemoved, Source::Classifier), 0);
        } else if above(enforcement.demote_above) {
            self.restrict_post(post_index, Visibility::Followers, (Kind::Demoted, Source::Classifier), 0);
        } else if f64::from(classifier_score) > threshold {
            let creator = self.world.observed.posts.rows()[post_index].creator;
            if self.world.observed.accounts.is_free(creator) {
                self.flag(Subject::Post(self.world.observed.posts.id(post_index)), creator, classifier_score);
            }
        }
    }

    /// Restricts the visibility of a post permanently.
    pub(super) fn restrict_post(
        &mut self,
        post_index: usize,
        to: Visibility,
        (kind, source): (Kind, Source),
        waited: Day,
    ) {
        let post_counters = &mut self.world.observed.posts.columns_mut().1[post_index];
        if post_counters.restricted >= to {
            return;
        }
        let first = post_counters.restricted == Visibility::Everyone;
        post_counters.restricted = to;
        let reason = Reason { source, waited, rightly: self.is_harmful(post_index) };
        self.act_on_post(post_index, kind, reason, Decision::Confirmed, first);
    }

    fn flag(&mut self, subject: Subject, holder: AccountId, classifier_score: ClassifierScore) {
        let item = Item {
            subject,
            identity: self.identity(subject),
            holder: Some(holder),
            opened: self.day,
            source: Source::Classifier,
            classifier_score,
            reports: 0,
            by_minors: 0,
        };
        self.put(item);
    }

    /// Adds an item to the queue.
    pub(super) fn put(&mut self, item: Item) {
        if self.world.enforcement_state.queue.put(item) {
            self.recorder.queued();
        }
    }
}
