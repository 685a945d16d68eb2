//! A map from a few hundred or thousand numbers to places, small enough to stay close to the processor however many accounts there are.

use crate::open_table::{Entry, OpenTable};

/// No place: the key was taken out.
const GONE: u32 = u32::MAX;
/// Entries that the table has at least, as a power of two.
const FEWEST: u32 = 11;

/// A key, and behind it its place.
impl Entry for u64 {
    const EMPTY: Self = u64::MAX;

    #[inline]
    fn key(self) -> u32 {
        (self >> 32) as u32
    }
}

const fn entry(key: u32, place: u32) -> u64 {
    (key as u64) << 32 | place as u64
}

/// The place in an entry; none if the entry is empty, or its key was taken out.
#[inline]
fn place_in(entry: u64) -> Option<usize> {
    (entry as u32 != GONE).then_some(entry as u32 as usize)
}

/// Places by key, both below 2^32 - 1. A key that is taken out keeps its entry until the map is cleared.
#[derive(Clone, Debug)]
pub(crate) struct SmallMap {
    table: OpenTable<u64>,
}

impl Default for SmallMap {
    fn default() -> Self {
        SmallMap { table: OpenTable::new(FEWEST) }
    }
}

impl SmallMap {
    /// Takes all out and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.table.clear();
    }

    /// The place of a key.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> Option<usize> {
        place_in(self.table.at(self.table.find(key)))
    }

    /// The place of a key, which is `next` from now on if it had none.
    #[inline]
    pub(crate) fn get_or_insert(&mut self, key: u32, next: usize) -> usize {
        let at = self.table.find(key);
        place_in(self.table.at(at)).unwrap_or_else(|| {
            self.table.put(at, entry(key, next as u32));
            next
        })
    }

    /// Gives a key that is there another place.
    #[inline]
    pub(crate) fn move_to(&mut self, key: u32, place: usize) {
        self.table.put(self.table.find(key), entry(key, place as u32));
    }

    /// Takes a key out that is there.
    #[inline]
    pub(crate) fn remove(&mut self, key: u32) {
        self.table.put(self.table.find(key), entry(key, GONE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_is_a_map(rounds in prop::collection::vec(prop::collection::vec((0_u32..2000, any::<bool>()), 0..3000), 1..3)) {
            let mut map = SmallMap::default();
            for round in rounds {
                map.clear();
                let mut model: BTreeMap<u32, usize> = BTreeMap::new();
                for (number, (key, removes)) in round.into_iter().enumerate() {
                    prop_assert_eq!(map.get(key), model.get(&key).copied());
                    if removes && model.remove(&key).is_some() {
                        map.remove(key);
                    } else {
                        prop_assert_eq!(map.get_or_insert(key, number), *model.entry(key).or_insert(number));
                        map.move_to(key, number + 1);
                        model.insert(key, number + 1);
                    }
                }
            }
        }
    }
}
