//! What is kept of enforcement and of the exchange network: counts by day and cell, the queue, and a row for every action.

use std::collections::BTreeMap;

use recsafe_common::ids::{AccountId, Day};
use recsafe_platform::enforcement::Source;
pub use recsafe_platform::enforcement::{Decision, Kind};
use serde::{Deserialize, Serialize};

use super::cell::{CELLS, Cell};

/// One action of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// The day.
    pub day: Day,
    /// The account, or the creator of the post.
    pub target: AccountId,
    /// Which of its creator's posts, if it is about a post.
    pub post: Option<u32>,
    /// What was done.
    pub kind: Kind,
    /// What led to it.
    pub source: Source,
    /// Days since it came into the queue.
    pub waited: Day,
    /// What was decided.
    pub decision: Decision,
    /// Whether it was right: the account, or the post in question, violates in truth.
    pub truly_violating: bool,
}

/// What happened to one cell's accounts in a day, as far as enforcement and the exchange network are concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnforcementCounts {
    /// Accounts that are there.
    pub present: u64,
    /// Posts made.
    pub posts: u64,
    /// Posts made that violate.
    pub violating_posts: u64,
    /// Reports filed.
    pub reports: u64,
    /// Of these, those of what violates.
    pub true_reports: u64,
    /// Of these, those against adults.
    pub against_adults: u64,
    /// Reports of predators' contacts by minors.
    pub contact_reports: u64,
    /// Posts taken down or demoted.
    pub posts_acted: u64,
    /// Of these, posts that violate.
    pub posts_acted_rightly: u64,
    /// Accounts limited, suspended or removed: sanctions.
    pub sanctions: u64,
    /// Of these, right ones: the account violates, or the post for which it got a strike does.
    pub sanctions_rightly: u64,
    /// Removals.
    pub removed: u64,
    /// Reports to authorities.
    pub authority_reports: u64,
    /// Links of the exchange network made.
    pub links_made: u64,
    /// Links lost to removals.
    pub links_lost: u64,
    /// Exchanges, each counted with the seller.
    pub exchanges: u64,
    /// Checks of age that holders went through.
    pub age_checks: u64,
    /// Accounts of minors that the platform takes for an adult's, or the other way round.
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

    /// The sum of some counts.
    pub fn sum<'a>(counts: impl Iterator<Item = &'a EnforcementCounts>) -> EnforcementCounts {
        counts.fold(EnforcementCounts::default(), |mut sum, counts| {
            sum.add(counts);
            sum
        })
    }
}

/// The review queue over a day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueDay {
    /// Items that came in.
    pub arrived: u64,
    /// Items decided on.
    pub decided: u64,
    /// Items closed without a decision.
    pub expired: u64,
    /// Items closed because their account or post was acted on otherwise.
    pub settled: u64,
    /// Items that wait at the end of the day.
    pub waiting: u64,
    /// Decisions by the days that their items had waited.
    pub waits: BTreeMap<Day, u64>,
    /// Minutes of review, appeals included.
    pub minutes: f64,
    /// Reports that came to an end.
    pub resolved: u64,
    /// Of these, those that led to action or were about what had been acted on.
    pub acted: u64,
    /// Reports of what violates that came to an end.
    pub true_resolved: u64,
    /// Of these, those that led to action.
    pub true_acted: u64,
}

impl QueueDay {
    /// The sum of some days; `waiting` is that of the last.
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

/// Suggestions of each predator that count for how far suggestions lead.
pub const MOST_SUGGESTED: usize = 10;

/// The network of predators at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkDay {
    /// Predators that are neither suspended nor removed.
    pub predators: u64,
    /// Of these, exchange accounts.
    pub exchange_active: u64,
    /// Mutual follows among them, counted from both ends.
    pub mutual: u64,
    /// Size of the largest group that mutual follows hold together.
    pub largest: u64,
    /// For k = 1, 2, ...: pairs of predators of which the first k suggestions lead from one to the other, and pairs.
    pub reached: [(u64, u64); MOST_SUGGESTED],
}

/// One day of enforcement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnforcementDay {
    /// Counts by [`Cell::place`].
    pub cells: [EnforcementCounts; CELLS],
    /// The queue.
    pub queue: QueueDay,
    /// The network of predators.
    pub network: NetworkDay,
}

/// The record of enforcement over the measured days.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EnforcementRecord {
    /// By day.
    pub days: Vec<EnforcementDay>,
    /// Every action.
    pub actions: Vec<Action>,
    /// Whether an account was ever sanctioned on the measured days.
    pub sanctioned: Vec<bool>,
    /// Whether it was wrongly: neither it nor the post in question violated.
    pub wronged: Vec<bool>,
}

impl EnforcementRecord {
    pub(super) fn start_day(&mut self) {
        self.days.push(EnforcementDay {
            cells: [EnforcementCounts::default(); CELLS],
            queue: QueueDay::default(),
            network: NetworkDay::default(),
        });
    }

    /// Today's counts of a cell.
    pub(super) fn today(&mut self, cell: Cell) -> Option<&mut EnforcementCounts> {
        self.days.last_mut().map(|day| &mut day.cells[cell.place()])
    }

    /// Today's queue.
    pub(super) fn queue(&mut self) -> Option<&mut QueueDay> {
        self.days.last_mut().map(|day| &mut day.queue)
    }

    pub(super) fn acted(&mut self, action: &Action, cell: Cell, counts: bool) {
        if self.days.is_empty() {
            return;
        }
        self.actions.push(*action);
        let Some(counts) = self.today(cell).filter(|_| counts) else { return };
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
