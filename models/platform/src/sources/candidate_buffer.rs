//! The posts that the sources of one request have found so far.

use super::MOST;
use crate::candidates::{Candidates, Source};

/// Posts in the order in which they were found. Each post occurs once. Memory for the largest
/// request is allocated once.
#[derive(Clone, Debug)]
pub(super) struct CandidateBuffer {
    post_indices: Box<[u32; MOST]>,
    follows: Box<[bool; MOST]>,
    count: usize,
    /// Number of posts that were already added to the candidates.
    flushed: usize,
}

impl Default for CandidateBuffer {
    fn default() -> Self {
        CandidateBuffer { post_indices: Box::new([0; MOST]), follows: Box::new([false; MOST]), count: 0, flushed: 0 }
    }
}

impl CandidateBuffer {
    /// Removes all posts.
    pub fn clear(&mut self) {
        (self.count, self.flushed) = (0, 0);
    }

    /// Returns the number of posts.
    #[inline]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Adds a post if `new` is true, without a branch. `follows` tells whether the viewer follows
    /// the post's creator.
    ///
    /// # Panics
    /// Panics if the list is full, even if `new` is false.
    #[inline]
    pub fn push_if(&mut self, new: bool, post_index: u32, follows: bool) {
        (self.post_indices[self.count], self.follows[self.count]) = (post_index, follows);
        self.count += usize::from(new);
    }

    /// Returns the last post. If there is no post, the result is a post of an earlier request or 0.
    /// So use the result only for prefetching.
    #[inline]
    pub fn last(&self) -> u32 {
        self.post_indices[self.count.saturating_sub(1)]
    }

    /// Returns all posts.
    #[inline]
    pub fn post_indices(&self) -> &[u32] {
        &self.post_indices[..self.count]
    }

    /// Adds the posts that were found since the last call to `candidates`, together with their
    /// source.
    pub fn flush_to(&mut self, source: Source, candidates: &mut Candidates) {
        let new = self.flushed..self.count;
        candidates.extend(&self.post_indices[new.clone()], source, &self.follows[new]);
        self.flushed = self.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn candidates_are_what_was_found_by_source(counts in prop::collection::vec(0_usize..400, 1..6)) {
            let (mut buffer, mut candidates) = (CandidateBuffer::default(), Candidates::default());
            buffer.push_if(true, 7, true);
            buffer.clear();
            for (number, &count) in counts.iter().enumerate() {
                for n in 0..count.min(MOST - 1 - buffer.len()) {
                    buffer.push_if(false, 7, true);
                    buffer.push_if(true, (1000 * number + n) as u32, n % 3 == 0);
                    prop_assert_eq!(buffer.last(), (1000 * number + n) as u32);
                }
                buffer.flush_to(if number % 2 == 0 { Source::Fresh } else { Source::Random }, &mut candidates);
            }
            let all = counts.iter().enumerate().flat_map(|(number, &count)| (0..count).map(move |n| (number, n)));
            let expected: Vec<(usize, usize)> = all.take(MOST - 1).collect();
            prop_assert_eq!(buffer.len(), expected.len());
            prop_assert_eq!(buffer.post_indices(), &candidates.post_indices);
            prop_assert_eq!(candidates.len(), expected.len());
            for (index, (number, n)) in expected.into_iter().enumerate() {
                prop_assert_eq!(candidates.post_indices[index], (1000 * number + n) as u32);
                prop_assert_eq!(candidates.follows[index], n % 3 == 0);
                prop_assert_eq!(candidates.sources[index], if number % 2 == 0 { Source::Fresh } else { Source::Random });
            }
        }
    }
}
