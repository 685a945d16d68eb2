//! Posts that are not to be offered again: what the viewer has seen, and what the request has found.

/// Two bits for each live post, so that a look at one word settles whether a post is known: no search, and nothing that is hard to foresee.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Seen by the viewer.
    seen: Vec<u64>,
    /// Seen, or found by the request.
    known: Vec<u64>,
    /// What to take back when the next viewer's day starts.
    noted: Vec<u32>,
}

/// Where a post's bit stands.
#[inline]
const fn bit(slot: u32) -> (usize, u64) {
    (slot as usize >> 6, 1 << (slot & 63))
}

impl Known {
    /// A viewer's day starts with nothing seen. `posts`: how many are live. What the last request found is to be forgotten before.
    pub fn start_day(&mut self, posts: usize) {
        for slot in self.noted.drain(..) {
            let (word, _) = bit(slot);
            (self.seen[word], self.known[word]) = (0, 0);
        }
        let words = posts.div_ceil(64).max(self.seen.len());
        self.seen.resize(words, 0);
        self.known.resize(words, 0);
    }

    /// Takes note that the viewer has seen a post.
    ///
    /// # Panics
    /// If it is not live.
    pub fn see(&mut self, slot: u32) {
        let (word, bit) = bit(slot);
        self.seen[word] |= bit;
        self.known[word] |= bit;
        self.noted.push(slot);
    }

    /// Whether the viewer has seen a post.
    #[inline]
    pub fn is_seen(&self, slot: u32) -> bool {
        let (word, bit) = bit(slot);
        self.seen[word] & bit != 0
    }

    /// Takes note that the request found a post, if `may` holds and it was not known; returns whether it is new. There are no branches: chance
    /// decides about most posts, so that a processor could not foresee them.
    ///
    /// # Panics
    /// If it is not live.
    #[inline]
    pub fn find(&mut self, slot: u32, may: bool) -> bool {
        let (word, bit) = bit(slot);
        let word = &mut self.known[word];
        let new = may & (*word & bit == 0);
        *word |= if new { bit } else { 0 };
        new
    }

    /// Forgets what a request found.
    pub fn forget(&mut self, found: &[u32]) {
        for &slot in found {
            let (word, _) = bit(slot);
            self.known[word] = self.seen[word];
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
            1 => (200_usize..500).prop_map(Step::Day),
            5 => (0_u32..200).prop_map(Step::See),
            20 => (0_u32..200, any::<bool>()).prop_map(|(slot, may)| Step::Find(slot, may)),
            2 => Just(Step::Request),
        ]
    }

    proptest! {
        #[test]
        fn it_is_two_sets(steps in prop::collection::vec(step(), 0..300)) {
            let (mut known, mut seen, mut found) = (Known::default(), BTreeSet::new(), Vec::new());
            known.start_day(200);
            for step in steps {
                match step {
                    Step::Day(posts) => {
                        known.forget(&found);
                        known.start_day(posts);
                        found.clear();
                        seen.clear();
                    }
                    Step::See(slot) => {
                        known.see(slot);
                        seen.insert(slot);
                    }
                    Step::Find(slot, may) => {
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
                prop_assert!((0..200).all(|slot| known.is_seen(slot) == seen.contains(&slot)));
            }
        }
    }
}
