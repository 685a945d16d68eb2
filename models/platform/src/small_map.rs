//! A map from a few hundred or thousand numbers to places, small enough to stay close to the processor however many accounts there are.

use crate::small_set::hash;

/// No entry. No account has its number.
const EMPTY: u64 = u64::MAX;
/// No place: the key was taken out.
const GONE: u32 = u32::MAX;
/// Entries that the table has at least, as a power of two.
const FEWEST: u32 = 11;

/// Places by key, both below 2^32 - 1, with open addressing, less than half full. A key that is taken out keeps its entry until the map is
/// cleared.
#[derive(Clone, Debug)]
pub(crate) struct SmallMap {
    /// Key and place, each in half of an entry.
    table: Vec<u64>,
    /// 32 less the table's size as a power of two.
    shift: u32,
    entries: usize,
}

impl Default for SmallMap {
    fn default() -> Self {
        SmallMap { table: vec![EMPTY; 1 << FEWEST], shift: 32 - FEWEST, entries: 0 }
    }
}

const fn entry(key: u32, place: u32) -> u64 {
    (key as u64) << 32 | place as u64
}

const fn key_of(entry: u64) -> u32 {
    (entry >> 32) as u32
}

impl SmallMap {
    /// Takes all out and keeps the memory.
    pub(crate) fn clear(&mut self) {
        if self.entries > 0 {
            self.table.fill(EMPTY);
            self.entries = 0;
        }
    }

    /// The place of a key.
    #[inline]
    pub(crate) fn get(&self, key: u32) -> Option<usize> {
        let held = self.table[self.find(key)];
        (held != EMPTY && held as u32 != GONE).then_some(held as u32 as usize)
    }

    /// The place of a key, which is `next` from now on if it had none.
    #[inline]
    pub(crate) fn get_or_insert(&mut self, key: u32, next: usize) -> usize {
        let at = self.find(key);
        let held = self.table[at];
        if held != EMPTY && held as u32 != GONE {
            return held as u32 as usize;
        }
        self.table[at] = entry(key, next as u32);
        self.entries += usize::from(held == EMPTY);
        if 2 * self.entries >= self.table.len() {
            self.grow();
        }
        next
    }

    /// Gives a key that is there another place.
    #[inline]
    pub(crate) fn move_to(&mut self, key: u32, place: usize) {
        let at = self.find(key);
        self.table[at] = entry(key, place as u32);
    }

    /// Takes a key out that is there.
    #[inline]
    pub(crate) fn remove(&mut self, key: u32) {
        let at = self.find(key);
        self.table[at] = entry(key, GONE);
    }

    /// Where a key stands in the table, or the empty entry where it would.
    #[inline]
    fn find(&self, key: u32) -> usize {
        let last = self.table.len() - 1;
        let mut at = (hash(key) >> self.shift) as usize & last;
        while key_of(self.table[at]) != key && self.table[at] != EMPTY {
            at = (at + 1) & last;
        }
        at
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![EMPTY; 2 * old.len()];
        self.shift -= 1;
        for held in old.into_iter().filter(|&held| held != EMPTY) {
            let at = self.find(key_of(held));
            self.table[at] = held;
        }
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
