//! Candidate generation: six sources with quotas, duplicates and posts already seen left out.

mod co_engaged;
mod followed;
mod fresh;
mod random;
mod similar;
mod trending;

use recsafe_common::ids::{AccountId, PostId};

use crate::candidates::{Candidates, SlotSet, Source};
use crate::memory::{History, SEEN};
use crate::request::{Request, View};
use crate::settings::Quotas;

/// Most candidates of one request, all sources together.
pub const MOST: usize = 1000;

/// How many candidates each source is asked for, in the order of [`Source`].
pub type Counts = [usize; 6];

/// Scales quotas to `total` candidates. Without personalisation `similar` and `co-engaged` give theirs to `trending` and `fresh`.
#[must_use]
pub fn counts(quotas: &Quotas, total: u32, personalised: bool) -> Counts {
    let (similar, co_engaged) = if personalised { (quotas.similar, quotas.co_engaged) } else { (0.0, 0.0) };
    let spare = (quotas.similar + quotas.co_engaged - similar - co_engaged) / 2.0;
    let parts = [quotas.followed, similar, co_engaged, quotas.trending + spare, quotas.fresh + spare, quotas.random];
    let sum: f64 = parts.iter().sum();
    let scale = if sum > 0.0 { f64::from(total) / sum } else { 0.0 };
    parts.map(|part| (part * scale).round() as usize)
}

/// What candidate generation needs of one viewer for a day, and room for one request's candidates. Made once a thread.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// The request's candidates.
    pub candidates: Candidates,
    /// Posts of followees, newest first, with their sharers' posts.
    followed: Vec<u32>,
    /// Room for sorting them.
    recent: Vec<(i32, u32, u32)>,
    /// Likes of today, which the index does not know yet.
    liked_today: Vec<PostId>,
    seen: SlotSet,
    taken: SlotSet,
    followees: SlotSet,
}

impl Default for Gathering {
    fn default() -> Self {
        Gathering {
            candidates: Candidates::default(),
            followed: Vec::new(),
            recent: Vec::new(),
            liked_today: Vec::new(),
            seen: SlotSet::with_room_for(4 * SEEN),
            taken: SlotSet::with_room_for(2 * MOST),
            followees: SlotSet::with_room_for(4096),
        }
    }
}

impl Gathering {
    /// Starts a viewer's day: what it has seen, whom it follows, and what these posted and shared.
    pub fn start_day(&mut self, viewer: AccountId, history: &History, view: &View, ties: u64) {
        self.seen.clear();
        for post in history.seen() {
            if let Some(slot) = view.observed.posts.slot(post) {
                self.seen.insert(slot as u32);
            }
        }
        self.liked_today.clear();
        self.followees.clear();
        for &followee in view.observed.graph.followees(viewer).iter().take(4096) {
            self.followees.insert(followee.0);
        }
        followed::collect(self, viewer, view, ties);
    }

    /// Takes note that a post was viewed.
    pub fn note_view(&mut self, slot: u32) {
        if self.liked_today.len() + SEEN < 4 * SEEN {
            self.seen.insert(slot);
        }
    }

    /// Takes note that a post was liked.
    pub fn note_like(&mut self, post: PostId) {
        self.liked_today.push(post);
    }

    /// Whether the viewer follows the account, as of this morning.
    #[must_use]
    pub fn follows(&self, account: AccountId) -> bool {
        self.followees.contains(account.0)
    }

    /// Fills `candidates` for one request.
    pub fn gather(&mut self, request: &Request, view: &View, counts: Counts) {
        self.candidates.clear();
        self.taken.clear();
        if view.observed.posts.is_empty() {
            return;
        }
        let [followed, similar, co_engaged, trending, fresh, random] = counts;
        followed::gather(self, request.viewer, view, followed);
        if similar > 0 {
            similar::gather(self, request, view, similar);
        }
        if co_engaged > 0 {
            co_engaged::gather(self, request, view, co_engaged);
        }
        trending::gather(self, request, view, trending);
        fresh::gather(self, request, view, fresh);
        random::gather(self, request, view, random);
        let Gathering { candidates, followees, .. } = self;
        for (follows, &slot) in candidates.follows.iter_mut().zip(&candidates.slots) {
            *follows = followees.contains(view.observed.posts.rows()[slot as usize].creator.0);
        }
    }

    /// A uniform live post for a slot given to exploration, not among `candidates` and unseen; a few tries.
    pub fn explore(&mut self, request: &Request, view: &View, place: u64) -> Option<u32> {
        let live = view.observed.posts.len();
        let mut draw = request.luck(recsafe_common::draw::Decides::Explore).about(place << 8);
        (0..4).map(|_| draw.below(live) as u32).find(|&slot| live > 0 && self.admits(request.viewer, view, slot))
    }

    /// Whether a post may be shown at all: live, unseen, somebody else's.
    #[inline]
    fn admits(&self, viewer: AccountId, view: &View, slot: u32) -> bool {
        let row = &view.observed.posts.rows()[slot as usize];
        !self.seen.contains(slot) && !row.removed && row.creator != viewer
    }

    /// Adds a candidate unless it is there, was seen, was removed or is the viewer's own; tells whether it was added.
    #[inline]
    fn offer(&mut self, viewer: AccountId, view: &View, slot: u32, source: Source) -> bool {
        if self.candidates.len() >= MOST || !self.admits(viewer, view, slot) || !self.taken.insert(slot) {
            return false;
        }
        self.candidates.push(slot, source, false);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_scale_to_the_total() {
        let counts = counts(&Quotas::default(), 200, true);
        assert_eq!(counts, [46, 62, 46, 15, 15, 15]);
    }

    #[test]
    fn without_personalisation_own_history_gets_no_candidates() {
        let counts = counts(&Quotas::default(), 130, false);
        assert_eq!(counts, [30, 0, 0, 45, 45, 10]);
    }
}
