//! Whether a rule applied today: whether it said anything but "no change" about an account that it reached.

use std::sync::atomic::{AtomicBool, Ordering};

/// A mark that threads set side by side. What stands there at the end of a day is the same in whatever order they do.
#[derive(Debug, Default)]
pub(super) struct Applied(AtomicBool);

impl Applied {
    /// Notes that the rule applied. A mark that is set is only read, so that threads do not fight for it.
    #[inline]
    pub(super) fn note(&self) {
        if !self.is_noted() {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is noted that the rule applied.
    #[inline]
    pub(super) fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Whether it was noted; the mark is taken away.
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
