//! Record of enforcement and of the exchange network. The record contains counts by day and
//! stratum, the counts of the queue, and a row for every action.

use std::collections::BTreeMap;

use recsafe_common::ids::{AccountId, Day};
use recsafe_platform::enforcement::Source;
pub use recsafe_platform::enforcement::{Decision, Kind};
use serde::{Deserialize, Serialize};

use super::stratum::{STRATA, Stratum};

/// Action of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Day.
    pub day: Day,
    /// Account against which the action is taken. If the action is against a post, the target is
    /// the creator of the post.
    pub target: AccountId,
    /// Sequence number of the post among its creator's posts, if the action is against a post.
    pub post: Option<u32>,
    /// Kind of action.
    pub kind: Kind,
    /// Cause.
    pub source: Source,
    /// Number of days that the item waited in the queue.
    pub waited: Day,
    /// Decision.
    pub decision: Decision,
    /// Whether the action was correct: the account or the post in question truly violates the
    /// rules.
    pub truly_violating: bool,
}

/// Counts of enforcement and exchanges on one day for the accounts of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnforcementCounts {
    /// Accounts that are not removed.
    pub present: u64,
    /// New posts.
    pub posts: u64,
    /// New posts that violate the rules.
    pub violating_posts: u64,
    /// Reports filed by accounts of the stratum.
    pub reports: u64,
    /// Reports filed about violations.
    pub true_reports: u64,
    /// Reports filed against adults.
    pub against_adults: u64,
    /// Reports by minors about contacts by predators.
    pub contact_reports: u64,
    /// Posts taken down or demoted.
    pub posts_acted: u64,
    /// Violating posts taken down or demoted.
    pub posts_acted_rightly: u64,
    /// Sanctions: accounts limited, suspended or removed.
    pub sanctions: u64,
    /// Correct sanctions: the account or the post that led to the strike violates the rules.
    pub sanctions_rightly: u64,
    /// Removals.
    pub removed: u64,
    /// Reports to authorities.
    pub authority_reports: u64,
    /// New links of the exchange network.
    pub links_made: u64,
    /// Links that were lost because an account was removed.
    pub links_lost: u64,
    /// Exchanges, each counted for the seller.
    pub exchanges: u64,
    /// Age verifications, including retries.
    pub age_checks: u64,
    /// Minors whom the platform treats as adults, and adults whom the platform treats as minors.
    pub age_mistaken: u64,
}

impl EnforcementCounts {
    fn add(&mut self, other: &EnforcementCounts) {
        macro_rules! add {
            ($($field:ident),*) => { $(self.$field += other.$field;)* };
        }
        add!(present, posts, violating_posts, reports, true_reports, against_adults, contact_reports, posts_acted);
        add!(posts_acted_rightly, sanctions, sanctions_rightly, removed, authority_reports);
        add!(links_made, links_lost, exchanges, age_checks, age_mistaken);
    }

    /// Returns the sum of counts.
    pub fn sum<'a>(counts: impl Iterator<Item = &'a EnforcementCounts>) -> EnforcementCounts {
        counts.fold(EnforcementCounts::default(), |mut sum, counts| {
            sum.add(counts);
            sum
        })
    }
}

/// Review queue on one day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueDay {
    /// New items.
    pub arrived: u64,
    /// Decisions.
    pub decided: u64,
    /// Items closed without a decision.
    pub expired: u64,
    /// Items closed because another action was taken against the item's account or post.
    pub settled: u64,
    /// Items that wait at the end of the day.
    pub waiting: u64,
    /// Number of decisions by waiting time in days.
    pub waits: BTreeMap<Day, u64>,
    /// Minutes of review, including appeals.
    pub minutes: f64,
    /// Closed reports.
    pub resolved: u64,
    /// Closed reports that led to action, or that were about an account or post against which
    /// action had already been taken.
    pub acted: u64,
    /// Closed reports of violations.
    pub true_resolved: u64,
    /// Closed reports of violations, counted under the same condition as in the field `acted`.
    pub true_acted: u64,
}

impl QueueDay {
    /// Returns the sum of the counts over days. Only `waiting` is not summed: the result contains
    /// the value of the last day.
    pub fn sum<'a>(days: impl Iterator<Item = &'a QueueDay>) -> QueueDay {
        days.fold(QueueDay::default(), |mut sum, day| {
            macro_rules! add {
                ($($field:ident),*) => { $(sum.$field += day.$field;)* };
            }
            add!(arrived, decided, expired, settled, minutes, resolved, acted, true_resolved, true_acted);
            sum.waiting = day.waiting;
            for (&waited, &count) in &day.waits {
                *sum.waits.entry(waited).or_default() += count;
            }
            sum
        })
    }
}

/// Largest number k of suggestions for which [`NetworkDay::reached`] is measured.
pub const MOST_SUGGESTED: usize = 10;

/// Network of predators at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkDay {
    /// Predators that are neither suspended nor removed.
    pub predators: u64,
    /// Exchange accounts that are neither suspended nor removed.
    pub exchange_active: u64,
    /// Mutual follows between predators that are neither suspended nor removed. A mutual follow
    /// counts twice, once for each predator.
    pub mutual: u64,
    /// Number of predators in the largest component connected by mutual follows.
    pub largest: u64,
    /// Two numbers for each k = 1, 2, .... The first is the number of pairs of predators that are
    /// connected by the predators' first k suggestions. The second is the number of all pairs.
    pub reached: [(u64, u64); MOST_SUGGESTED],
}

/// Record of enforcement on one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnforcementDay {
    /// Counts by [`Stratum::index`].
    pub strata: [EnforcementCounts; STRATA],
    /// Review queue.
    pub queue: QueueDay,
    /// Network of predators.
    pub network: NetworkDay,
}

/// Record of enforcement over the measured days.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EnforcementRecord {
    /// Records by day.
    pub days: Vec<EnforcementDay>,
    /// Every action.
    pub actions: Vec<Action>,
    /// Whether an account was sanctioned on a measured day.
    pub sanctioned: Vec<bool>,
    /// Whether an account was sanctioned by mistake: neither the account nor the post in question
    /// violated the rules.
    pub wronged: Vec<bool>,
}

impl EnforcementRecord {
    pub(super) fn start_day(&mut self) {
        self.days.push(EnforcementDay {
            strata: [EnforcementCounts::default(); STRATA],
            queue: QueueDay::default(),
            network: NetworkDay::default(),
        });
    }

    /// Returns today's counts of a stratum.
    pub(super) fn today(&mut self, stratum: Stratum) -> Option<&mut EnforcementCounts> {
        self.days.last_mut().map(|day| &mut day.strata[stratum.index()])
    }

    /// Returns today's queue.
    pub(super) fn queue(&mut self) -> Option<&mut QueueDay> {
        self.days.last_mut().map(|day| &mut day.queue)
    }

    pub(super) fn acted(&mut self, action: &Action, stratum: Stratum, counts: bool) {
        if self.days.is_empty() {
            return;
        }
        self.actions.push(*action);
        let Some(counts) = self.today(stratum).filter(|_| counts) else { return };
        let rightly = u64::from(action.truly_violating);
        if action.kind.is_of_a_post() {
            counts.posts_acted += 1;
            counts.posts_acted_rightly += rightly;
        } else if action.kind.is_a_sanction() {
            counts.sanctions += 1;
            counts.sanctions_rightly += rightly;
        }
    }
}
