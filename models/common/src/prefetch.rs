//! Asking for memory before it is needed.
//!
//! Most of a request's time is waiting for rows that lie anywhere in large columns. A processor that was told early which rows these are
//! fetches many of them at once. A hint changes no result: the same code without it is the reference.
#![allow(
    unsafe_code,
    reason = "the processor's prefetch instruction takes a raw address; it reads nothing and cannot fail"
)]

/// Lets the processor fetch the cache line in which `value` begins. Does nothing where the processor has no such instruction.
#[inline]
pub fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint. It faults on no address, and this one is that of a live reference.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}

/// Lets the processor fetch where `slice[place]` begins, if there is such a place.
#[inline]
pub fn prefetch_at<T>(slice: &[T], place: usize) {
    if let Some(value) = slice.get(place) {
        prefetch(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hint_changes_nothing(values in prop::collection::vec(any::<u64>(), 0..50), places in prop::collection::vec(any::<usize>(), 0..50)) {
            let before = values.clone();
            for place in places {
                prefetch_at(&values, place);
                prefetch_at(&values, place % 64);
            }
            prop_assert_eq!(values, before);
        }
    }
}
