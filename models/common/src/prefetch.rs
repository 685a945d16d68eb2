//! Memory prefetching.
//!
//! Requests mostly wait for memory, because they read rows at random positions of large columns. If
//! hints are given early, the processor can fetch many rows at the same time. A hint never changes
//! a result.
#![allow(
    unsafe_code,
    reason = "the processor's prefetch instruction takes a raw address; it reads nothing and cannot fail"
)]

/// Prefetches the cache line in which `value` starts. Does nothing on processors without such an
/// instruction.
#[inline]
pub fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch is a hint and does not fault for any address. The address of `value`
        // comes from a live reference.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}

/// Prefetches the start of `slice[index]`, if the slice has this index.
#[inline]
pub fn prefetch_at<T>(slice: &[T], index: usize) {
    if let Some(value) = slice.get(index) {
        prefetch(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hint_changes_nothing(values in prop::collection::vec(any::<u64>(), 0..50), indices in prop::collection::vec(any::<usize>(), 0..50)) {
            let before = values.clone();
            for index in indices {
                prefetch_at(&values, index);
                prefetch_at(&values, index % 64);
            }
            prop_assert_eq!(values, before);
        }
    }
}
