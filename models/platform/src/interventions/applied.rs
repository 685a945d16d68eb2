//! A record of whether an intervention applied today. An intervention applied if any of its answers
//! about a reached account differed from "no change".

use std::sync::atomic::{AtomicBool, Ordering};

/// A mark that several threads set concurrently. The value of the mark at the end of a day does not
/// depend on the order of the threads.
#[derive(Debug, Default)]
pub(super) struct Applied(AtomicBool);

impl Applied {
    /// Records that the intervention applied. If the mark is already set, the mark is only read,
    /// which avoids contention between threads.
    #[inline]
    pub(super) fn note(&self) {
        if !self.is_noted() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether the mark is set.
    #[inline]
    pub(super) fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Clears the mark. Returns whether the mark was set.
    pub(super) fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_lasts_until_it_is_taken() {
        let applied = Applied::default();
        assert!(!applied.take());
        applied.note();
        applied.note();
        assert!(applied.is_noted() && applied.take());
        assert!(!applied.is_noted());
    }
}
