//! Sets of a few hundred integers that fit in the first-level cache, such as the followees of a
//! viewer or the results of a search.

use std::fmt;

/// Logarithm to base 2 of the filter's number of bits.
const FILTER_BITS: u32 = 14;
/// Number of 64-bit words of the filter, which takes 2 KiB.
const WORDS: usize = 1 << (FILTER_BITS - 6);
/// Logarithm to base 2 of the table's minimum number of entries.
const FEWEST: u32 = 9;

/// Marker of an empty entry. Sets never contain this integer.
const NONE: u32 = u32::MAX;

/// Returns the hash of an integer: multiplication by 2^32 / golden ratio.
///
/// Source: Knuth, The Art of Computer Programming 3, section 6.4.
#[inline]
const fn hash(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B9)
}

/// A Bloom filter with one hash. If an integer's bit is 0, the set does not contain the integer.
///
/// Source: Bloom (1970), Communications of the ACM 13:422.
#[derive(Clone)]
struct Filter(Box<[u64; WORDS]>);

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
    /// Returns false only if the set does not contain the integer.
    #[inline]
    fn passes(&self, number: u32) -> bool {
        let bit = hash(number) >> (32 - FILTER_BITS);
        self.0[(bit >> 6) as usize] >> (bit & 63) & 1 != 0
    }

    /// Adds an integer.
    #[inline]
    fn put(&mut self, number: u32) {
        let bit = hash(number) >> (32 - FILTER_BITS);
        self.0[(bit >> 6) as usize] |= 1 << (bit & 63);
    }
}

/// A set of integers below 2^32 - 1. The filter answers most lookups, and the table answers the
/// other lookups.
#[derive(Clone)]
pub struct SmallSet {
    filter: Filter,
    table: OpenTable,
}

impl Default for SmallSet {
    fn default() -> Self {
        SmallSet { filter: Filter::default(), table: OpenTable::new(FEWEST) }
    }
}

impl fmt::Debug for SmallSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.table.numbers()).finish()
    }
}

impl SmallSet {
    /// Removes all integers and keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        if self.table.clear() {
            self.filter.0.fill(0);
        }
    }

    /// Returns whether an integer is in the set.
    #[inline]
    #[must_use]
    pub fn contains(&self, number: u32) -> bool {
        self.filter.passes(number) && self.table.contains(number)
    }

    /// Adds an integer. Returns false if the integer was in the set already.
    #[inline]
    pub fn insert(&mut self, number: u32) -> bool {
        let is_new = self.table.insert(number);
        if is_new {
            self.filter.put(number);
        }
        is_new
    }
}

/// A hash table of integers below 2^32 - 1 with open addressing, less than half full.
#[derive(Clone, Debug)]
struct OpenTable {
    numbers: Vec<u32>,
    /// 32 minus the logarithm to base 2 of the table's number of entries.
    shift: u32,
    held: usize,
}

impl OpenTable {
    /// Creates an empty table with 2^`bits` entries, at least 2.
    fn new(bits: u32) -> Self {
        OpenTable { numbers: vec![NONE; 1 << bits], shift: 32 - bits, held: 0 }
    }

    /// Removes all integers and keeps the memory. Returns false if the table was empty.
    #[inline]
    fn clear(&mut self) -> bool {
        if self.held == 0 {
            return false;
        }
        self.numbers.fill(NONE);
        self.held = 0;
        true
    }

    /// Returns all integers, in no particular order.
    fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers.iter().copied().filter(|&number| number != NONE)
    }

    /// Returns whether an integer is in the table.
    #[inline]
    fn contains(&self, number: u32) -> bool {
        self.numbers[self.find(number)] == number
    }

    /// Adds an integer. Returns false if the integer was in the table already.
    #[inline]
    fn insert(&mut self, number: u32) -> bool {
        let index = self.find(number);
        if self.numbers[index] == number {
            return false;
        }
        self.numbers[index] = number;
        self.held += 1;
        if 2 * self.held >= self.numbers.len() {
            self.grow();
        }
        true
    }

    /// Returns the index of an integer, or the index at which the integer would be inserted.
    #[inline]
    fn find(&self, number: u32) -> usize {
        let last = self.numbers.len() - 1;
        let mut index = (hash(number) >> self.shift) as usize & last;
        while self.numbers[index] != number && self.numbers[index] != NONE {
            index = (index + 1) & last;
        }
        index
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let indices = 2 * self.numbers.len();
        let old = std::mem::replace(&mut self.numbers, vec![NONE; indices]);
        self.shift -= 1;
        for number in old.into_iter().filter(|&number| number != NONE) {
            let index = self.find(number);
            self.numbers[index] = number;
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
                // Strides spread the integers over all 32 bits, or cluster them.
                for number in numbers.into_iter().map(|number| number.wrapping_mul(stride | 1) & (u32::MAX - 1)) {
                    prop_assert_eq!(set.contains(number), model.contains(&number));
                    prop_assert_eq!(set.insert(number), model.insert(number));
                    prop_assert!(set.contains(number));
                }
                prop_assert_eq!(set.table.numbers().count(), model.len());
            }
        }
    }
}
