//! Wider vector registers where the machine has them.
//!
//! The one place that asks for them. The plain path is the reference: what `wide` runs must be whole-number sums, or floating-point
//! operations in an order that the code fixes, so that both give the same bits. No operation is fused.
#![allow(
    unsafe_code,
    reason = "a function compiled for a processor's feature may only be called once the feature was found"
)]

/// Runs `work`, compiled for AVX2 where the processor has it. What `work` calls is compiled so too as far as it is inlined.
#[inline]
pub fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn avx2<R>(work: impl FnOnce() -> R) -> R {
            work()
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function needs; it does nothing that safe code may not do.
            return unsafe { avx2(work) };
        }
    }
    work()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::vector::{Packed, Query, Vector};

    proptest! {
        #[test]
        fn dot_products_are_the_same_bits(profile in prop::array::uniform32(-1.0_f32..1.0), posts in prop::collection::vec(prop::array::uniform32(-1.0_f32..1.0), 1..40)) {
            let query = Query::new(&profile);
            let packed: Vec<Packed> = posts.iter().map(|post: &Vector| Packed::new(post)).collect();
            let plain: Vec<u32> = packed.iter().map(|post| query.dot(post).to_bits()).collect();
            let widely: Vec<u32> = wide(|| packed.iter().map(|post| query.dot(post).to_bits()).collect());
            prop_assert_eq!(plain, widely);
        }
    }
}
