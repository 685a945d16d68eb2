//! Whether an intervention applied today: whether any of its answers for an account that it reached
//! differed from "no change".

use std::sync::atomic::{AtomicBool, Ordering};

/// A mark that several threads set concurrently. Its value at the end of a day does not depend on
/// the order in which they do.
#[derive(Debug, Default)]
pub(super) struct Applied(AtomicBool);

impl Applied {
    /// Notes that the intervention applied. A mark that is already set is only read, which avoids
    /// contention between threads.
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

    /// Returns whether the mark was set, and clears it.
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
