//! Posts that are not offered again because the viewer has seen them or the request has found them.

/// Two bits per live post. A lookup reads one word and has no branch that is hard to predict.
#[derive(Clone, Debug, Default)]
pub(super) struct SeenSet {
    /// Posts that the viewer has seen.
    seen: Vec<u64>,
    /// Posts that the viewer has seen or the request has found.
    taken: Vec<u64>,
    /// Posts whose bits are cleared when the next viewer's day starts.
    noted: Vec<u32>,
}

/// Returns the word that contains the bit of a post, and a mask of the bit.
#[inline]
const fn word_and_bit(post_index: u32) -> (usize, u64) {
    (post_index as usize >> 6, 1 << (post_index & 63))
}

impl SeenSet {
    /// Starts a viewer's day without seen posts. Before this call, [`SeenSet::forget`] must be
    /// called for the last request. `posts` is the number of live posts. Later calls with an index
    /// of `posts` or above can panic.
    pub fn start_day(&mut self, posts: usize) {
        for post_index in self.noted.drain(..) {
            let (word, _) = word_and_bit(post_index);
            (self.seen[word], self.taken[word]) = (0, 0);
        }
        self.seen.resize(posts.div_ceil(64), 0);
        self.taken.resize(posts.div_ceil(64), 0);
    }

    /// Records that the viewer has seen a post.
    pub fn see(&mut self, post_index: u32) {
        let (word, bit) = word_and_bit(post_index);
        self.seen[word] |= bit;
        self.taken[word] |= bit;
        self.noted.push(post_index);
    }

    /// Returns whether the viewer has seen a post.
    #[inline]
    pub fn is_seen(&self, post_index: u32) -> bool {
        let (word, bit) = word_and_bit(post_index);
        self.seen[word] & bit != 0
    }

    /// If `allowed` is true and the post is not in the set, records that the request found the
    /// post. Returns whether the post was recorded.
    ///
    /// The code has no branches, since most outcomes are random and a processor could not predict
    /// them.
    #[expect(clippy::needless_bitwise_bool, reason = "the lazy operator is a branch")]
    #[inline]
    pub fn insert_if(&mut self, post_index: u32, allowed: bool) -> bool {
        let (word, bit) = word_and_bit(post_index);
        let taken = &mut self.taken[word];
        let new = allowed & (*taken & bit == 0);
        *taken |= if new { bit } else { 0 };
        new
    }

    /// Forgets the posts that a request found.
    pub fn forget(&mut self, found: &[u32]) {
        for &post_index in found {
            let (word, _) = word_and_bit(post_index);
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
            20 => (any::<u32>(), any::<bool>()).prop_map(|(post_index, may)| Step::Find(post_index, may)),
            2 => Just(Step::Request),
        ]
    }

    proptest! {
        #[test]
        fn it_is_two_sets(steps in prop::collection::vec(step(), 0..300)) {
            let (mut seen_set, mut seen, mut found, mut posts) = (SeenSet::default(), BTreeSet::new(), Vec::new(), 200_u32);
            seen_set.start_day(200);
            for step in steps {
                match step {
                    Step::Day(live) => {
                        seen_set.forget(&found);
                        seen_set.start_day(live);
                        found.clear();
                        seen.clear();
                        posts = live as u32;
                    }
                    Step::See(post_index) => {
                        seen_set.see(post_index % posts);
                        seen.insert(post_index % posts);
                    }
                    Step::Find(post_index, may) => {
                        let post_index = post_index % posts;
                        let new = may && !seen.contains(&post_index) && !found.contains(&post_index);
                        prop_assert_eq!(seen_set.insert_if(post_index, may), new);
                        if new {
                            found.push(post_index);
                        }
                    }
                    Step::Request => {
                        seen_set.forget(&found);
                        found.clear();
                    }
                }
                prop_assert!((0..posts).all(|post_index| seen_set.is_seen(post_index) == seen.contains(&post_index)));
            }
        }
    }
}
