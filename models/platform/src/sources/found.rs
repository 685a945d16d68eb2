//! What the sources of one request have found so far.

use super::MOST;
use crate::candidates::{Candidates, Source};

/// Posts in the order in which they were found, each once. Room for all of a request is there from the start.
#[derive(Clone, Debug)]
pub(super) struct Found {
    slots: Box<[u32; MOST]>,
    follows: Box<[bool; MOST]>,
    count: usize,
    /// How many of them are candidates already.
    settled: usize,
}

impl Default for Found {
    fn default() -> Self {
        Found { slots: Box::new([0; MOST]), follows: Box::new([false; MOST]), count: 0, settled: 0 }
    }
}

impl Found {
    /// Forgets all.
    pub fn clear(&mut self) {
        (self.count, self.settled) = (0, 0);
    }

    /// How many there are.
    #[inline]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Adds one, if there is room. `follows`: whether the viewer follows its creator.
    #[inline]
    pub fn put(&mut self, slot: u32, follows: bool) {
        if self.count < MOST {
            (self.slots[self.count], self.follows[self.count]) = (slot, follows);
            self.count += 1;
        }
    }

    /// Every post.
    #[inline]
    pub fn slots(&self) -> &[u32] {
        &self.slots[..self.count]
    }

    /// Makes candidates of this source of all that came since the last call.
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
        fn candidates_are_what_was_found_by_source_up_to_the_most(counts in prop::collection::vec(0_usize..400, 1..6)) {
            let (mut found, mut candidates) = (Found::default(), Candidates::default());
            found.put(7, true);
            found.clear();
            for (number, &count) in counts.iter().enumerate() {
                (0..count).for_each(|n| found.put((1000 * number + n) as u32, n % 3 == 0));
                found.settle(if number % 2 == 0 { Source::Fresh } else { Source::Random }, &mut candidates);
            }
            let all = counts.iter().enumerate().flat_map(|(number, &count)| (0..count).map(move |n| (number, n)));
            let expected: Vec<(usize, usize)> = all.take(MOST).collect();
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
