//! The candidates of one request, as columns that are reused from request to request.

use recsafe_common::choices;

choices! {
    /// Origin of a post in a slate.
    pub enum Source {
        /// Posted or shared by an account that the viewer follows.
        Followed = "followed",
        /// Close to the platform's profile of the viewer.
        Similar = "similar",
        /// Liked by accounts that liked the same posts as the viewer.
        CoEngaged = "co-engaged",
        /// Popular: many recent engagements.
        Trending = "trending",
        /// Posted today.
        Fresh = "fresh",
        /// Any live post.
        Random = "random",
        /// In the viewer's inbox.
        Inbox = "inbox",
        /// A uniformly drawn post in a slot for exploration; not scored.
        Explore = "explore",
        /// A result of a search.
        Search = "search",
    }
}

/// Candidates in the order in which sources found them. All columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Indices of the posts in the post columns.
    pub slots: Vec<u32>,
    /// The first source that found the post.
    pub sources: Vec<Source>,
    /// Whether the viewer follows the creator.
    pub follows: Vec<bool>,
}

impl Candidates {
    /// Returns the number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns whether there are no candidates.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Removes all candidates and keeps the memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.sources.clear();
        self.follows.clear();
    }

    /// Adds a candidate.
    pub fn push(&mut self, slot: u32, source: Source, follows: bool) {
        self.slots.push(slot);
        self.sources.push(source);
        self.follows.push(follows);
    }

    /// Adds several candidates of one source. `slots` and `follows` must have the same length.
    #[inline]
    pub fn extend(&mut self, slots: &[u32], source: Source, follows: &[bool]) {
        self.slots.extend_from_slice(slots);
        self.sources.resize(self.slots.len(), source);
        self.follows.extend_from_slice(follows);
    }

    /// Keeps the candidates for which `keep(slot, source, follows)` is true, in order.
    pub fn retain(&mut self, mut keep: impl FnMut(u32, Source, bool) -> bool) {
        let mut kept = 0;
        for i in 0..self.len() {
            if keep(self.slots[i], self.sources[i], self.follows[i]) {
                self.slots[kept] = self.slots[i];
                self.sources[kept] = self.sources[i];
                self.follows[kept] = self.follows[i];
                kept += 1;
            }
        }
        self.slots.truncate(kept);
        self.sources.truncate(kept);
        self.follows.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn retaining_keeps_order_and_columns_together(slots in prop::collection::vec(0_u32..1000, 0..50)) {
            let mut candidates = Candidates::default();
            for &slot in &slots {
                candidates.push(slot, if slot % 2 == 0 { Source::Fresh } else { Source::Random }, slot % 3 == 0);
            }
            candidates.retain(|slot, _, _| slot % 5 != 0);
            let expected: Vec<u32> = slots.into_iter().filter(|slot| slot % 5 != 0).collect();
            prop_assert_eq!(&candidates.slots, &expected);
            for (i, slot) in expected.iter().enumerate() {
                prop_assert_eq!(candidates.follows[i], slot % 3 == 0);
                prop_assert_eq!(candidates.sources[i] == Source::Fresh, slot % 2 == 0);
            }
        }
    }
}
