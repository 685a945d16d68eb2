//! Posts that are not offered again: the viewer has seen them or the request has found them.

/// Two bits per live post. A lookup reads one word and has no branch that is hard to predict.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Posts that the viewer has seen.
    seen: Vec<u64>,
    /// Posts that the viewer has seen or the request has found.
    taken: Vec<u64>,
    /// Posts to clear when the next viewer's day starts.
    noted: Vec<u32>,
}

/// Returns the word that contains the bit of a post, and a mask of the bit.
#[inline]
const fn place(slot: u32) -> (usize, u64) {
    (slot as usize >> 6, 1 << (slot & 63))
}

impl Known {
    /// Starts a viewer's day with no post seen. Call [`Known::forget`] for the last request first.
    /// `posts` is the number of live posts. Later calls with an index of `posts` or above may
    /// panic.
    pub fn start_day(&mut self, posts: usize) {
        for slot in self.noted.drain(..) {
            let (word, _) = place(slot);
            (self.seen[word], self.taken[word]) = (0, 0);
        }
        self.seen.resize(posts.div_ceil(64), 0);
        self.taken.resize(posts.div_ceil(64), 0);
    }

    /// Records that the viewer has seen a post.
    pub fn see(&mut self, slot: u32) {
        let (word, bit) = place(slot);
        self.seen[word] |= bit;
        self.taken[word] |= bit;
        self.noted.push(slot);
    }

    /// Returns whether the viewer has seen a post.
    #[inline]
    pub fn is_seen(&self, slot: u32) -> bool {
        let (word, bit) = place(slot);
        self.seen[word] & bit != 0
    }

    /// Records that the request found a post, if `may` is true and the post is not known. Returns
    /// whether it is new.
    ///
    /// The code has no branches, since most outcomes are random and a processor could not predict
    /// them.
    #[expect(clippy::needless_bitwise_bool, reason = "the lazy operator is a branch")]
    #[inline]
    pub fn find(&mut self, slot: u32, may: bool) -> bool {
        let (word, bit) = place(slot);
        let taken = &mut self.taken[word];
        let new = may & (*taken & bit == 0);
        *taken |= if new { bit } else { 0 };
        new
    }

    /// Forgets the posts that a request found.
    pub fn forget(&mut self, found: &[u32]) {
        for &slot in found {
            let (word, _) = place(slot);
            self.taken[word] = self.seen[word];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[derive(Clone, Debug)]
    enum Step {
        Day(usize),
        See(u32),
        Find(u32, bool),
        Request,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            1 => (1_usize..500).prop_map(Step::Day),
            5 => any::<u32>().prop_map(Step::See),
            20 => (any::<u32>(), any::<bool>()).prop_map(|(slot, may)| Step::Find(slot, may)),
            2 => Just(Step::Request),
        ]
    }

    proptest! {
        #[test]
        fn it_is_two_sets(steps in prop::collection::vec(step(), 0..300)) {
            let (mut known, mut seen, mut found, mut posts) = (Known::default(), BTreeSet::new(), Vec::new(), 200_u32);
            known.start_day(200);
            for step in steps {
                match step {
                    Step::Day(live) => {
                        known.forget(&found);
                        known.start_day(live);
                        found.clear();
                        seen.clear();
                        posts = live as u32;
                    }
                    Step::See(slot) => {
                        known.see(slot % posts);
                        seen.insert(slot % posts);
                    }
                    Step::Find(slot, may) => {
                        let slot = slot % posts;
                        let new = may && !seen.contains(&slot) && !found.contains(&slot);
                        prop_assert_eq!(known.find(slot, may), new);
                        if new {
                            found.push(slot);
                        }
                    }
                    Step::Request => {
                        known.forget(&found);
                        found.clear();
                    }
                }
                prop_assert!((0..posts).all(|slot| known.is_seen(slot) == seen.contains(&slot)));
            }
        }
    }
}
