//! The candidates of one request: columns that the engine owns and every request fills anew.

use recsafe_common::choices;

choices! {
    /// Where a candidate came from.
    pub enum Source {
        /// Posted or shared by an account that the viewer follows.
        Followed = "followed",
        /// Close to the platform's profile of the viewer.
        Similar = "similar",
        /// Liked by those who liked what the viewer liked.
        CoEngaged = "co-engaged",
        /// Much engaged with of late.
        Trending = "trending",
        /// New.
        Fresh = "fresh",
        /// Any live post.
        Random = "random",
        /// A slot given to exploration, not scored.
        Explore = "explore",
    }
}

/// Candidates in the order in which sources found them; all columns have one length.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Places in the post columns.
    pub slots: Vec<u32>,
    /// Source that found it first.
    pub sources: Vec<Source>,
    /// Whether the viewer follows the creator.
    pub follows: Vec<bool>,
}

impl Candidates {
    /// Number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no candidate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Forgets all, keeps the memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.sources.clear();
        self.follows.clear();
    }

    /// Adds one.
    pub fn push(&mut self, slot: u32, source: Source, follows: bool) {
        self.slots.push(slot);
        self.sources.push(source);
        self.follows.push(follows);
    }

    /// Keeps those for which `keep(slot, source, follows)` holds, in order.
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

/// A set of slots that empties in one step: open addressing, with a stamp in place of clearing.
#[derive(Clone, Debug)]
pub struct SlotSet {
    keys: Vec<u32>,
    stamps: Vec<u32>,
    stamp: u32,
    mask: usize,
}

impl SlotSet {
    /// A set for up to `most` slots at a time.
    #[must_use]
    pub fn with_room_for(most: usize) -> Self {
        let size = (2 * most.max(8)).next_power_of_two();
        SlotSet { keys: vec![0; size], stamps: vec![0; size], stamp: 1, mask: size - 1 }
    }

    /// Empties the set.
    pub fn clear(&mut self) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.stamps.fill(0);
            self.stamp = 1;
        }
    }

    #[inline]
    fn place(&self, slot: u32) -> Result<usize, usize> {
        let mut at = (slot.wrapping_mul(0x9E37_79B1) >> 8) as usize & self.mask;
        while self.stamps[at] == self.stamp {
            if self.keys[at] == slot {
                return Ok(at);
            }
            at = (at + 1) & self.mask;
        }
        Err(at)
    }

    /// Whether `slot` is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, slot: u32) -> bool {
        self.place(slot).is_ok()
    }

    /// Adds `slot`; false if it was there.
    #[inline]
    pub fn insert(&mut self, slot: u32) -> bool {
        match self.place(slot) {
            Ok(_) => false,
            Err(at) => {
                self.keys[at] = slot;
                self.stamps[at] = self.stamp;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slot_set_is_a_set(rounds in prop::collection::vec(prop::collection::vec(0_u32..500, 0..100), 1..5)) {
            let mut set = SlotSet::with_room_for(100);
            for round in rounds {
                set.clear();
                let mut model = std::collections::BTreeSet::new();
                for slot in round {
                    prop_assert_eq!(set.contains(slot), model.contains(&slot));
                    prop_assert_eq!(set.insert(slot), model.insert(slot));
                }
            }
        }

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
