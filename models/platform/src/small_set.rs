//! Sets of a few hundred numbers that stay in the first-level cache: what a viewer has seen, whom it follows, what a request took.

use std::fmt;

/// Bits of a filter, as a power of two.
const FILTER_BITS: u32 = 14;
/// Words of a filter: 2 KiB in all.
const WORDS: usize = 1 << (FILTER_BITS - 6);
/// No member. No row has this number.
const EMPTY: u32 = u32::MAX;
/// Places that the table has at least, as a power of two.
const FEWEST: u32 = 9;

/// A number's hash, which settles its bit in a filter and its place in a table: multiplication with 2^32 / golden ratio.
///
/// Source: Knuth, The Art of Computer Programming 3, section 6.4.
#[inline]
pub(crate) const fn hash(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B9)
}

/// One bit for each number, shared with others: a number whose bit is not set was never put in.
///
/// Source: Bloom (1970), Communications of the ACM 13:422, with one hash.
#[derive(Clone)]
pub struct Filter(Box<[u64; WORDS]>);

impl Default for Filter {
    fn default() -> Self {
        Filter(Box::new([0; WORDS]))
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({} bits set)", self.0.iter().map(|word| word.count_ones()).sum::<u32>())
    }
}

impl Filter {
    /// Whether a number may have been put in.
    #[inline]
    #[must_use]
    pub fn passes(&self, number: u32) -> bool {
        let bit = hash(number) >> (32 - FILTER_BITS);
        self.0[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }

    /// Puts a number in.
    #[inline]
    pub fn put(&mut self, number: u32) {
        let bit = hash(number) >> (32 - FILTER_BITS);
        self.0[(bit >> 6) as usize] |= 1 << (bit & 63);
    }

    /// Becomes a copy of another.
    #[inline]
    pub fn copy_from(&mut self, other: &Filter) {
        *self.0 = *other.0;
    }
}

/// Numbers below 2^32 - 1, each in the set or not. A filter settles most questions; the others go to a table with open addressing, less
/// than half full.
#[derive(Clone)]
pub struct SmallSet {
    filter: Filter,
    table: Vec<u32>,
    /// 32 less the table's size as a power of two.
    shift: u32,
    len: usize,
}

impl Default for SmallSet {
    fn default() -> Self {
        SmallSet { filter: Filter::default(), table: vec![EMPTY; 1 << FEWEST], shift: 32 - FEWEST, len: 0 }
    }
}

impl fmt::Debug for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.iter().filter(|&&held| held != EMPTY)).finish()
    }
}

impl SmallSet {
    /// Takes all numbers out and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        if self.len > 0 {
            self.filter.0.fill(0);
            self.table.fill(EMPTY);
            self.len = 0;
        }
    }

    /// A filter of the set's numbers.
    #[inline]
    #[must_use]
    pub const fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Whether a number is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        self.filter.passes(number) && self.table[self.place(number, hash(number))] == number
    }

    /// Puts a number in; false if it was there.
    #[inline]
    pub fn insert(&mut self, number: u32) -> bool {
        let place = self.place(number, hash(number));
        if self.table[place] == number {
            return false;
        }
        self.filter.put(number);
        self.table[place] = number;
        self.len += 1;
        if 2 * self.len >= self.table.len() {
            self.grow();
        }
        true
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

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![EMPTY; 2 * old.len()];
        self.shift -= 1;
        for number in old.into_iter().filter(|&held| held != EMPTY) {
            let place = self.place(number, hash(number));
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
