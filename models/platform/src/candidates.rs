//! The candidates of one request, stored in columns. All requests reuse the same columns.

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
        /// Popular, with many recent engagements.
        Trending = "trending",
        /// Posted today.
        Fresh = "fresh",
        /// Any live post.
        Random = "random",
        /// In the viewer's inbox.
        Inbox = "inbox",
        /// A uniformly drawn post in a slot for exploration. It has no score.
        Exploration = "exploration",
        /// A result of a search.
        Search = "search",
    }
}

/// Candidates in the order in which sources found them. All columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Indices of the posts in the post columns.
    pub post_indices: Vec<u32>,
    /// The first source that found the post.
    pub sources: Vec<Source>,
    /// Whether the viewer follows the creator.
    pub follows: Vec<bool>,
}

impl Candidates {
    /// Returns the number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.post_indices.len()
    }

    /// Returns whether there are no candidates.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.post_indices.is_empty()
    }

    /// Removes all candidates and keeps the memory.
    pub fn clear(&mut self) {
        self.post_indices.clear();
        self.sources.clear();
        self.follows.clear();
    }

    /// Adds a candidate.
    pub fn push(&mut self, post_index: u32, source: Source, follows: bool) {
        self.post_indices.push(post_index);
        self.sources.push(source);
        self.follows.push(follows);
    }

    /// Adds several candidates of one source. `post_indices` and `follows` must have the same
    /// length.
    #[inline]
    pub fn extend(&mut self, post_indices: &[u32], source: Source, follows: &[bool]) {
        self.post_indices.extend_from_slice(post_indices);
        self.sources.resize(self.post_indices.len(), source);
        self.follows.extend_from_slice(follows);
    }

    /// Keeps the candidates for which `keep(post_index, source, follows)` is true. Their order does
    /// not change.
    pub fn retain(&mut self, mut keep: impl FnMut(u32, Source, bool) -> bool) {
        let mut retained = 0;
        for i in 0..self.len() {
            if keep(self.post_indices[i], self.sources[i], self.follows[i]) {
                self.post_indices[retained] = self.post_indices[i];
                self.sources[retained] = self.sources[i];
                self.follows[retained] = self.follows[i];
                retained += 1;
            }
        }
        self.post_indices.truncate(retained);
        self.sources.truncate(retained);
        self.follows.truncate(retained);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn retaining_keeps_order_and_columns_together(post_indices in prop::collection::vec(0_u32..1000, 0..50)) {
            let mut candidates = Candidates::default();
            for &post_index in &post_indices {
                candidates.push(post_index, if post_index % 2 == 0 { Source::Fresh } else { Source::Random }, post_index % 3 == 0);
            }
            candidates.retain(|post_index, _, _| post_index % 5 != 0);
            let expected: Vec<u32> = post_indices.into_iter().filter(|post_index| post_index % 5 != 0).collect();
            prop_assert_eq!(&candidates.post_indices, &expected);
            for (i, post_index) in expected.iter().enumerate() {
                prop_assert_eq!(candidates.follows[i], post_index % 3 == 0);
                prop_assert_eq!(candidates.sources[i] == Source::Fresh, post_index % 2 == 0);
            }
        }
    }
}
