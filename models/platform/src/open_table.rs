//! A table with open addressing, small enough to stay close to the processor: what [`crate::small_set`] keeps its numbers in.

/// What stands in an empty place. No row has this number.
const NONE: u32 = u32::MAX;

/// A number's hash: multiplication with 2^32 / golden ratio.
///
/// Source: Knuth, The Art of Computer Programming 3, section 6.4.
#[inline]
pub(crate) const fn hash(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B9)
}

/// Numbers below 2^32 - 1, less than half full.
#[derive(Clone, Debug)]
pub(crate) struct OpenTable {
    numbers: Vec<u32>,
    /// 32 less the number of places as a power of two.
    shift: u32,
    held: usize,
}

impl OpenTable {
    /// An empty table with 2^`bits` places, at least 2 of them.
    pub(crate) fn new(bits: u32) -> Self {
        OpenTable { numbers: vec![NONE; 1 << bits], shift: 32 - bits, held: 0 }
    }

    /// Takes all out and keeps the memory; false if nothing was there.
    #[inline]
    pub(crate) fn clear(&mut self) -> bool {
        if self.held == 0 {
            return false;
        }
        self.numbers.fill(NONE);
        self.held = 0;
        true
    }

    /// Every number, in no special order.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers.iter().copied().filter(|&number| number != NONE)
    }

    /// Whether a number is there.
    #[inline]
    pub(crate) fn contains(&self, number: u32) -> bool {
        self.numbers[self.find(number)] == number
    }

    /// Puts a number in; false if it was there.
    #[inline]
    pub(crate) fn insert(&mut self, number: u32) -> bool {
        let place = self.find(number);
        if self.numbers[place] == number {
            return false;
        }
        self.numbers[place] = number;
        self.held += 1;
        if 2 * self.held >= self.numbers.len() {
            self.grow();
        }
        true
    }

    /// Where a number stands, or would stand.
    #[inline]
    fn find(&self, number: u32) -> usize {
        let last = self.numbers.len() - 1;
        let mut place = (hash(number) >> self.shift) as usize & last;
        while self.numbers[place] != number && self.numbers[place] != NONE {
            place = (place + 1) & last;
        }
        place
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let places = 2 * self.numbers.len();
        let old = std::mem::replace(&mut self.numbers, vec![NONE; places]);
        self.shift -= 1;
        for number in old.into_iter().filter(|&number| number != NONE) {
            let place = self.find(number);
            self.numbers[place] = number;
        }
    }
}
