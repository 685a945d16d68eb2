//! A table with open addressing, small enough to stay close to the processor: what [`crate::small_set`] and [`crate::small_map`] keep their
//! entries in.

/// The key of no entry. No row has this number.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// A key's hash: multiplication with 2^32 / golden ratio.
///
/// Source: Knuth, The Art of Computer Programming 3, section 6.4.
#[inline]
pub(crate) const fn hash(key: u32) -> u32 {
    key.wrapping_mul(0x9E37_79B9)
}

/// What stands in a place of the table.
pub(crate) trait Entry: Copy {
    /// Nothing.
    const EMPTY: Self;

    /// Its key; [`NO_KEY`] if it is empty.
    fn key(self) -> u32;
}

/// Entries by key, each key below 2^32 - 1 once, less than half full.
#[derive(Clone, Debug)]
pub(crate) struct OpenTable<E> {
    entries: Vec<E>,
    /// 32 less the number of places as a power of two.
    shift: u32,
    held: usize,
}

impl<E: Entry> OpenTable<E> {
    /// An empty table with 2^`bits` places, at least 2 of them.
    pub(crate) fn new(bits: u32) -> Self {
        OpenTable { entries: vec![E::EMPTY; 1 << bits], shift: 32 - bits, held: 0 }
    }

    /// Takes all out and keeps the memory; false if nothing was there.
    #[inline]
    pub(crate) fn clear(&mut self) -> bool {
        if self.held == 0 {
            return false;
        }
        self.entries.fill(E::EMPTY);
        self.held = 0;
        true
    }

    /// Every entry, in no special order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = E> + '_ {
        self.entries.iter().copied().filter(|entry| entry.key() != NO_KEY)
    }

    /// Where the entry of a key stands, or would stand.
    #[inline]
    pub(crate) fn find(&self, key: u32) -> usize {
        let last = self.entries.len() - 1;
        let mut place = (hash(key) >> self.shift) as usize & last;
        while self.entries[place].key() != key && self.entries[place].key() != NO_KEY {
            place = (place + 1) & last;
        }
        place
    }

    /// What stands at a place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> E {
        self.entries[place]
    }

    /// Puts an entry where [`OpenTable::find`] says that its key stands, or would stand.
    #[inline]
    pub(crate) fn put(&mut self, place: usize, entry: E) {
        self.held += usize::from(self.entries[place].key() == NO_KEY);
        self.entries[place] = entry;
        if 2 * self.held >= self.entries.len() {
            self.grow();
        }
    }

    /// Doubles the table.
    #[cold]
    fn grow(&mut self) {
        let places = 2 * self.entries.len();
        let old = std::mem::replace(&mut self.entries, vec![E::EMPTY; places]);
        self.shift -= 1;
        for entry in old.into_iter().filter(|entry| entry.key() != NO_KEY) {
            let place = self.find(entry.key());
            self.entries[place] = entry;
        }
    }
}
