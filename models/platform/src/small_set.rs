//! A set of a few hundred numbers that stays in the first-level cache: what a viewer has seen, whom it follows, what a request took.

use std::fmt;

/// Bits of the filter, a power of two.
const FILTER_BITS: u32 = 14;
/// Words of the filter: 2 KiB in all.
const WORDS: usize = 1 << (FILTER_BITS - 6);
/// No member. No row has this number.
const EMPTY: u32 = u32::MAX;
/// Places that the table has at least, as a power of two.
const FEWEST: u32 = 9;

/// Numbers below 2^32 - 1, each in the set or not. One bit of a filter settles most questions; the others go to a table with open
/// addressing, less than half full.
///
/// Source: Bloom (1970), Communications of the ACM 13:422, with one hash: by multiplication with 2^32 / golden ratio (Knuth, The Art of
/// Computer Programming 3, 6.4).
#[derive(Clone)]
pub struct SmallSet {
    filter: Box<[u64; WORDS]>,
    table: Vec<u32>,
    /// 32 less the table's size as a power of two.
    shift: u32,
    len: usize,
}

impl Default for SmallSet {
    fn default() -> Self {
        SmallSet { filter: Box::new([0; WORDS]), table: vec![EMPTY; 1 << FEWEST], shift: 32 - FEWEST, len: 0 }
    }
}

impl fmt::Debug for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.iter().filter(|&&held| held != EMPTY)).finish()
    }
}

#[inline]
const fn hash(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B9)
}

impl SmallSet {
    /// Takes all numbers out and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        if self.len > 0 {
            self.filter.fill(0);
            self.table.fill(EMPTY);
            self.len = 0;
        }
    }

    /// Whether a number is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        let hash = hash(number);
        self.passes(hash) && self.table[self.place(number, hash)] == number
    }

    /// Puts a number in; false if it was there.
    #[inline]
    pub fn insert(&mut self, number: u32) -> bool {
        let hash = hash(number);
        let place = if self.passes(hash) {
            let place = self.place(number, hash);
            if self.table[place] == number {
                return false;
            }
            place
        } else {
            self.free(hash)
        };
        self.filter[(hash >> (32 - FILTER_BITS) >> 6) as usize] |= 1 << (hash >> (32 - FILTER_BITS) & 63);
        self.table[place] = number;
        self.len += 1;
        if 2 * self.len >= self.table.len() {
            self.grow();
        }
        true
    }

    /// Whether the filter lets a number with this hash through: if not, it is no member.
    #[inline]
    fn passes(&self, hash: u32) -> bool {
        let bit = hash >> (32 - FILTER_BITS);
        self.filter[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }

    /// Where a number stands in the table, or the empty place where it would.
    #[inline]
    fn place(&self, number: u32, hash: u32) -> usize {
        let last = self.table.len() - 1;
        let mut place = (hash >> self.shift) as usize & last;
        while self.table[place] != number && self.table[place] != EMPTY {
            place = (place + 1) & last;
        }
        place
    }

    /// The first empty place for a number that is no member.
    #[inline]
    fn free(&self, hash: u32) -> usize {
        self.place(EMPTY, hash)
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![EMPTY; 2 * old.len()];
        self.shift -= 1;
        for number in old.into_iter().filter(|&held| held != EMPTY) {
            let place = self.free(hash(number));
            self.table[place] = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(rounds in prop::collection::vec((any::<u32>(), prop::collection::vec(0_u32..3000, 0..1500)), 1..4)) {
            let mut set = SmallSet::default();
            for (stride, numbers) in rounds {
                set.clear();
                let mut model = BTreeSet::new();
                // Strides spread the numbers over all of 32 bits, or crowd them.
                for number in numbers.into_iter().map(|number| number.wrapping_mul(stride | 1) & (u32::MAX - 1)) {
                    prop_assert_eq!(set.contains(number), model.contains(&number));
                    prop_assert_eq!(set.insert(number), model.insert(number));
                    prop_assert!(set.contains(number));
                }
                prop_assert_eq!(set.len, model.len());
            }
        }
    }
}
