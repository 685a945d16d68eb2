//! Log of a day. Surfaces write to the log, and later phases read it.

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::Reaction;
use recsafe_people::contacts::Route;
use recsafe_platform::learning::Example;

use crate::append::append;

/// Reactions of a viewer to a post, in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reactions(u8);

impl Reactions {
    fn new(reaction: &Reaction) -> Self {
        let bit = |index: u8, set: bool| u8::from(set) << index;
        Reactions(
            bit(0, reaction.liked) | bit(1, reaction.shared) | bit(2, reaction.hidden) | bit(3, reaction.reported),
        )
    }

    pub(super) fn liked(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn shared(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn hidden(self) -> bool {
        self.0 & 4 != 0
    }

    pub(super) fn reported(self) -> bool {
        self.0 & 8 != 0
    }

    pub(super) fn engaged(self) -> bool {
        self.0 & 3 != 0
    }
}

/// View of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) account: AccountId,
    /// Index of the post in the columns.
    pub(super) post_index: u32,
    /// Reactions of the viewer.
    pub(super) what: Reactions,
}

/// A view in four bytes: the index of the post, and the viewer's reactions in the highest bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedView(u32);

/// Number of bits for the index of the post.
const INDEX_BITS: u32 = 28;
/// Largest number of live posts in a world: 268 million. The default world has about two live posts
/// per account.
pub(super) const MOST_POSTS: usize = 1 << INDEX_BITS;

impl PackedView {
    fn new(post_index: u32, reaction: &Reaction) -> Self {
        PackedView(post_index | u32::from(Reactions::new(reaction).0) << INDEX_BITS)
    }

    /// Returns the index of the post in the columns.
    pub(super) const fn post_index(self) -> usize {
        (self.0 & (MOST_POSTS as u32 - 1)) as usize
    }

    /// Returns the reactions of the viewer.
    pub(super) const fn what(self) -> Reactions {
        Reactions((self.0 >> INDEX_BITS) as u8)
    }
}

/// Views in account order. Views are packed because they are the largest part of a day's log. A
/// view takes 4 bytes, and a viewer takes 8 bytes.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// Viewers, each with the viewer's number of views.
    viewers: Vec<(AccountId, u32)>,
    views: Vec<PackedView>,
}

impl Events {
    /// Adds a view by the last viewer or by a later account.
    pub(super) fn push(&mut self, account: AccountId, post_index: u32, reaction: &Reaction) {
        match self.viewers.last_mut() {
            Some((last, views)) if *last == account => *views += 1,
            _ => self.viewers.push((account, 1)),
        }
        self.views.push(PackedView::new(post_index, reaction));
    }

    /// Adds the views of later viewers.
    pub(super) fn add(&mut self, later: &Events) {
        append(&mut self.viewers, &later.viewers);
        append(&mut self.views, &later.views);
    }

    /// Returns all views.
    pub(super) fn iter(&self) -> impl Iterator<Item = Event> + '_ {
        let of_viewers = self.viewers.iter().scan(&*self.views, |rest, &(account, count)| {
            let (views, later) = rest.split_at(count as usize);
            *rest = later;
            Some((account, views))
        });
        let event =
            |account, view: &PackedView| Event { account, post_index: view.post_index() as u32, what: view.what() };
        of_viewers.flat_map(move |(account, views)| views.iter().map(move |view| event(account, view)))
    }

    /// Returns all views in pairs. Each pair consists of a view and the view that is `ahead`
    /// positions later, so that the later post can be prefetched.
    pub(super) fn iter_ahead(&self, ahead: usize) -> impl Iterator<Item = (Event, Option<PackedView>)> + '_ {
        let later = self.views.iter().skip(ahead).copied().map(Some);
        self.iter().zip(later.chain(std::iter::repeat(None)))
    }
}

/// Returns the memory, in bytes, that an account needs for a number of views in a day.
#[must_use]
pub const fn event_bytes(views: f64) -> f64 {
    size_of::<PackedView>() as f64 * views + size_of::<(AccountId, u32)>() as f64
}

/// Account that was shown to a viewer by people suggestions.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShownAccount {
    pub(super) viewer: AccountId,
    pub(super) account: AccountId,
    /// Whether the viewer follows the account or asks to follow it.
    pub(super) followed: bool,
}

/// Follow or follow request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follow {
    pub(super) from: AccountId,
    pub(super) to: AccountId,
}

/// Minors whom a contacting predator saw at the same time, in order. The predator discovers the
/// first minor who is new to the predator.
#[derive(Clone, Debug)]
pub(super) struct Encounter {
    pub(super) viewer: AccountId,
    pub(super) route: Route,
    pub(super) minors: Vec<AccountId>,
}

/// Minor whom a contacting predator would have discovered if a rule had not closed the route.
#[derive(Clone, Copy, Debug)]
pub(super) struct AvertedDiscovery {
    pub(super) viewer: AccountId,
    pub(super) minor: AccountId,
}

/// Report by a user.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    pub(super) by: AccountId,
    pub(super) about: Reported,
}

/// Subject of a report.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reported {
    /// Reported account.
    Account(AccountId),
    /// Reported post, by the index of the post.
    Post(u32),
}

/// Effects of the surfaces on later phases of a day, in account order.
#[derive(Debug, Default)]
pub(super) struct DayLog {
    pub(super) events: Events,
    pub(super) suggested: Vec<ShownAccount>,
    pub(super) follows: Vec<Follow>,
    pub(super) encounters: Vec<Encounter>,
    pub(super) averted: Vec<AvertedDiscovery>,
    pub(super) niche_searches: Vec<AccountId>,
    /// Viewers whose likes the platform must discard.
    pub(super) resets: Vec<AccountId>,
    pub(super) examples: Vec<Example>,
    pub(super) impressions: u64,
}

impl DayLog {
    /// Adds the log of later accounts.
    pub(super) fn add(&mut self, later: DayLog) {
        self.events.add(&later.events);
        self.suggested.extend(later.suggested);
        self.follows.extend(later.follows);
        self.encounters.extend(later.encounters);
        self.averted.extend(later.averted);
        self.niche_searches.extend(later.niche_searches);
        self.resets.extend(later.resets);
        self.examples.extend(later.examples);
        self.impressions += later.impressions;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn views_come_back_in_the_order_in_which_they_were_put(counts in prop::collection::vec(0_usize..5, 0..20), cut in 0_usize..20, seed: u32) {
            let (mut first, mut later, mut expected) = (Events::default(), Events::default(), Vec::new());
            for (account, &count) in counts.iter().enumerate() {
                for view in 0..count as u32 {
                    let post_index = seed.wrapping_mul(view + 1) % MOST_POSTS as u32;
                    let reaction = Reaction { liked: view % 2 == 0, reported: view % 3 == 0, ..Reaction::default() };
                    let account = AccountId(account as u32);
                    if account.row() < cut { &mut first } else { &mut later }.push(account, post_index, &reaction);
                    expected.push(Event { account, post_index, what: Reactions::new(&reaction) });
                }
            }
            first.add(&later);
            prop_assert_eq!(first.iter().collect::<Vec<_>>(), expected);
        }
    }
}
