//! The posts that the sources of one request have found so far.

use super::MOST;
use crate::candidates::{Candidates, Source};

/// Posts in the order in which they were found, each once. Memory for the largest request is
/// allocated once.
#[derive(Clone, Debug)]
pub(super) struct Found {
    slots: Box<[u32; MOST]>,
    follows: Box<[bool; MOST]>,
    count: usize,
    /// Number of posts that are candidates already.
    settled: usize,
}

impl Default for Found {
    fn default() -> Self {
        Found { slots: Box::new([0; MOST]), follows: Box::new([false; MOST]), count: 0, settled: 0 }
    }
}

impl Found {
    /// Removes all posts.
    pub fn clear(&mut self) {
        (self.count, self.settled) = (0, 0);
    }

    /// Returns the number of posts.
    #[inline]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Adds a post if `new` is true, without a branch. `follows`: whether the viewer follows its
    /// creator.
    ///
    /// # Panics
    /// Panics if the list is full, even if `new` is false.
    #[inline]
    pub fn put_if(&mut self, new: bool, slot: u32, follows: bool) {
        (self.slots[self.count], self.follows[self.count]) = (slot, follows);
        self.count += usize::from(new);
    }

    /// Returns the last post. If there is none, the result is a post of an earlier request or 0, so
    /// use it only for prefetching.
    #[inline]
    pub fn last(&self) -> u32 {
        self.slots[self.count.saturating_sub(1)]
    }

    /// Returns all posts.
    #[inline]
    pub fn slots(&self) -> &[u32] {
        &self.slots[..self.count]
    }

    /// Adds the posts found since the last call to `candidates`, with their source.
    pub fn settle(&mut self, source: Source, candidates: &mut Candidates) {
        let new = self.settled..self.count;
        candidates.extend(&self.slots[new.clone()], source, &self.follows[new]);
        self.settled = self.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn candidates_are_what_was_found_by_source(counts in prop::collection::vec(0_usize..400, 1..6)) {
            let (mut found, mut candidates) = (Found::default(), Candidates::default());
            found.put_if(true, 7, true);
            found.clear();
            for (number, &count) in counts.iter().enumerate() {
                for n in 0..count.min(MOST - 1 - found.len()) {
                    found.put_if(false, 7, true);
                    found.put_if(true, (1000 * number + n) as u32, n % 3 == 0);
                    prop_assert_eq!(found.last(), (1000 * number + n) as u32);
                }
                found.settle(if number % 2 == 0 { Source::Fresh } else { Source::Random }, &mut candidates);
            }
            let all = counts.iter().enumerate().flat_map(|(number, &count)| (0..count).map(move |n| (number, n)));
            let expected: Vec<(usize, usize)> = all.take(MOST - 1).collect();
            prop_assert_eq!(found.len(), expected.len());
            prop_assert_eq!(found.slots(), &candidates.slots);
            prop_assert_eq!(candidates.len(), expected.len());
            for (place, (number, n)) in expected.into_iter().enumerate() {
                prop_assert_eq!(candidates.slots[place], (1000 * number + n) as u32);
                prop_assert_eq!(candidates.follows[place], n % 3 == 0);
                prop_assert_eq!(candidates.sources[place], if number % 2 == 0 { Source::Fresh } else { Source::Random });
            }
        }
    }
}
