//! The review queue: flagged and reported items that wait for a human decision.

use std::collections::BTreeMap;

use recsafe_common::choices;
use recsafe_common::classifier_score::ClassifierScore;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day, PostId};
use recsafe_common::key::{About, Who};
use serde::{Deserialize, Serialize};

use super::Review;

choices! {
    /// Order of the review queue. Ties are broken at random.
    pub enum Priority {
        /// Highest classifier score first, after noise is added to the scores.
        Signal = "classifier-score",
        /// Most reports first.
        Reports = "reports",
        /// First in, first out.
        Oldest = "oldest",
        /// Items that minors reported, or that are about minors' accounts, come first. Both within
        /// this group and within the rest, items with a higher classifier score come first.
        Youth = "minors",
    }
}

choices! {
    /// Origin of an item or an action.
    pub enum Source {
        /// A classifier's flag.
        Classifier = "classifier",
        /// A user's report.
        Report = "report",
        /// A trusted flagger's report.
        TrustedFlagger = "trusted-flagger",
        /// A wave of removals.
        RemovalWave = "removal-wave",
        /// A tie to a sanctioned account.
        Network = "network",
        /// The setting `enforcement.constant_hazard` or `enforcement.takedown_half_life`.
        ConstantHazard = "constant-hazard",
        /// Detection of ban evasion.
        BanEvasionDetection = "ban-evasion-detection",
        /// An appeal.
        Appeal = "appeal",
    }
}

/// The post or account that a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// An account.
    Account(AccountId),
    /// A post.
    Post(PostId),
    /// A test report, identified by its number. A test report is not about any post or account.
    Test(u64),
}

/// One item of the queue: a subject with all reports about it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The post or account that the decision is about.
    pub subject: Subject,
    /// Number of the subject for keyed draws. The number is the same in every arm.
    pub identity: u64,
    /// The account that the item is about: the subject itself, or the creator of the post. `None`
    /// for test reports.
    pub holder: Option<AccountId>,
    /// Day on which the item entered the queue.
    pub opened: Day,
    /// Origin of the item.
    pub source: Source,
    /// Classifier score.
    pub classifier_score: ClassifierScore,
    /// Number of reports.
    pub reports: u32,
    /// Number of reports by accounts that the platform treats as minors.
    pub by_minors: u32,
}

/// All waiting items. Items expire, which limits their number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewQueue {
    items: BTreeMap<Subject, Item>,
    carried: f64,
}

impl ReviewQueue {
    /// Adds an item. If the subject is already in the queue, adds the reports to the existing item
    /// and returns false.
    pub fn put(&mut self, item: Item) -> bool {
        match self.items.entry(item.subject) {
            std::collections::btree_map::Entry::Vacant(index) => {
                index.insert(item);
                true
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.reports += item.reports;
                known.by_minors += item.by_minors;
                known.classifier_score = known.classifier_score.max(item.classifier_score);
                if item.source == Source::TrustedFlagger {
                    known.source = Source::TrustedFlagger;
                }
                false
            }
        }
    }

    /// Removes and returns every item for which `is_over` returns true.
    pub fn close(&mut self, is_over: impl Fn(&Item) -> bool) -> Vec<Item> {
        self.items.extract_if(.., |_, item| is_over(item)).map(|(_, item)| item).collect()
    }

    /// Removes and returns the item about a subject.
    pub fn take(&mut self, subject: Subject) -> Option<Item> {
        self.items.remove(&subject)
    }

    /// Returns the number of decisions that can be made today. If the capacity is not a whole
    /// number, its fraction is carried over to the next day. Unused whole decisions are not carried
    /// over.
    pub fn decisions_today(&mut self, capacity: f64) -> usize {
        self.carried += capacity;
        let whole = self.carried.floor();
        self.carried -= whole;
        whole as usize
    }

    /// Returns the subjects in the order of review. Subjects that trusted flaggers reported come
    /// first.
    #[must_use]
    pub fn order(&self, review: &Review, is_youth: impl Fn(AccountId) -> bool, draws: Draws) -> Vec<Subject> {
        let mut keyed: Vec<(bool, f64, u64, Subject)> = self
            .items
            .values()
            .map(|item| {
                let mut draw =
                    draws.at(DrawPurpose::ReviewOrder, Who::Queued(item.identity), About::Nothing, item.opened);
                let by_signal = -(f64::from(item.classifier_score) + review.noise * draw.normal());
                let youth = item.by_minors > 0 || item.holder.is_some_and(&is_youth);
                let key = match review.priority {
                    Priority::Signal => by_signal,
                    Priority::Reports => -f64::from(item.reports),
                    Priority::Oldest => f64::from(item.opened),
                    Priority::Youth => by_signal + if youth { 0.0 } else { 1.0e6 },
                };
                (item.source != Source::TrustedFlagger, key, draw.bits(), item.subject)
            })
            .collect();
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        keyed.into_iter().map(|(.., subject)| subject).collect()
    }

    /// Returns the number of waiting items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether no items are waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns all items, ordered by subject.
    pub fn iter(&self) -> impl Iterator<Item = &Item> + '_ {
        self.items.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Enforcement;
    use proptest::prelude::*;

    fn item(number: u64, opened: Day, classifier_score: f32, reports: u32, by_minors: u32) -> Item {
        let source = Source::Report;
        Item {
            subject: Subject::Test(number),
            identity: number,
            holder: None,
            opened,
            source,
            classifier_score,
            reports,
            by_minors,
        }
    }

    #[test]
    fn each_priority_puts_its_own_first() {
        let mut queue = ReviewQueue::default();
        for item in [item(1, 3, 1.0, 9, 0), item(2, 1, 0.0, 1, 0), item(3, 2, 5.0, 2, 0), item(4, 4, -1.0, 1, 1)] {
            assert!(queue.put(item));
        }
        let first = |priority| {
            let review = Review { priority, noise: 0.0, ..Review::new(&Enforcement::default()) };
            queue.order(&review, |_| false, Draws::new(1))[0]
        };
        assert_eq!(first(Priority::Reports), Subject::Test(1));
        assert_eq!(first(Priority::Oldest), Subject::Test(2));
        assert_eq!(first(Priority::Signal), Subject::Test(3));
        assert_eq!(first(Priority::Youth), Subject::Test(4));
    }

    #[test]
    fn a_fraction_of_capacity_is_carried_over() {
        let mut queue = ReviewQueue::default();
        let days: Vec<usize> = (0..8).map(|_| queue.decisions_today(0.75)).collect();
        assert_eq!(days, [0, 1, 1, 1, 0, 1, 1, 1]);
    }

    proptest! {
        #[test]
        fn what_comes_in_is_there_until_it_is_taken_or_closed(puts in prop::collection::vec((0_u64..20, 0..10), 0..80), expiry in 1..10) {
            let mut queue = ReviewQueue::default();
            let (mut arrived, mut closed, mut reports) = (0, 0, 0);
            for (number, day) in puts {
                arrived += usize::from(queue.put(item(number, day, 0.0, 1, 0)));
                reports += 1;
                let over = queue.close(|item| day - item.opened >= expiry);
                closed += over.len();
                reports -= over.iter().map(|item| item.reports).sum::<u32>();
            }
            prop_assert_eq!(queue.len(), arrived - closed);
            prop_assert_eq!(queue.iter().map(|item| item.reports).sum::<u32>(), reports, "no report is lost");
        }
    }
}
