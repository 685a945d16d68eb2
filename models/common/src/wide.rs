//! Code for wider vector registers, if the machine has such registers. The module also contains dot
//! products with instructions that compilers do not choose on their own.
//!
//! The plain implementation is the reference. All implementations must give the same bits. Code in
//! this module must therefore use sums of whole numbers, or floating-point operations in a fixed
//! order. Do not fuse multiplication and addition into one operation.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]
#![allow(
    unsafe_code,
    reason = "a function compiled for a processor feature must be called only after the feature was detected; vector loads take raw addresses"
)]

use crate::vector::DIM;

/// Number of vectors per call of [`dots`].
pub const LANES: usize = 8;

/// A task for [`wide`], with its inputs. Mark `run` as `#[inline(always)]`, because a function that
/// is not inlined is compiled for any processor. A closure does not work, because the function that
/// calls the closure is not inlined.
pub trait Work {
    /// Type of the result.
    type Out;

    /// Does the work.
    fn run(self) -> Self::Out;
}

/// Runs `work`, compiled for AVX2 if the processor has it.
#[inline]
pub fn wide<W: Work>(work: W) -> W::Out {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn avx2<W: Work>(work: W) -> W::Out {
            work.run()
        }
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is the only requirement of the function.
            // Otherwise the function does only what safe code is allowed to do.
            return unsafe { avx2(work) };
        }
    }
    work.run()
}

/// Returns the dot products of `query` with eight vectors of bytes, in whole numbers. A product of
/// two steps is at most 2^15 x 2^7, so a sum of 32 products is below 2^31.
#[inline]
#[must_use]
pub fn dots(query: &[i16; DIM], vectors: [&[i8; DIM]; LANES]) -> [i32; LANES] {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is the only requirement of the function.
        return unsafe { avx2::dots(query, vectors) };
    }
    plain::dots(query, vectors)
}

/// Returns the dot product of `query` with one vector of bytes, in whole numbers as in [`dots`].
#[inline]
#[must_use]
pub fn dot(query: &[i16; DIM], vector: &[i8; DIM]) -> i32 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of the x86-64 instruction set.
    return unsafe { sse2::dot(query, vector) };
    #[cfg(not(target_arch = "x86_64"))]
    plain::dot(query, vector)
}

/// The reference implementation.
#[cfg_attr(target_arch = "x86_64", allow(dead_code, reason = "the tests compare with it"))]
mod plain {
    use super::{DIM, LANES};

    pub(super) fn dot(query: &[i16; DIM], vector: &[i8; DIM]) -> i32 {
        vector.iter().zip(query).map(|(&x, &q)| i32::from(x) * i32::from(q)).sum()
    }

    pub(super) fn dots(query: &[i16; DIM], vectors: [&[i8; DIM]; LANES]) -> [i32; LANES] {
        vectors.map(|vector| dot(query, vector))
    }
}

/// Instructions that every x86-64 processor has.
#[cfg(target_arch = "x86_64")]
mod sse2 {
    use super::DIM;
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_loadu_si128, _mm_madd_epi16, _mm_shuffle_epi32, _mm_srai_epi16,
        _mm_unpackhi_epi8, _mm_unpacklo_epi8,
    };

    #[target_feature(enable = "sse2")]
    #[inline]
    pub(super) fn dot(query: &[i16; DIM], vector: &[i8; DIM]) -> i32 {
        const { assert!(DIM == 32, "a vector is two halves of 16 bytes") }
        let sums = _mm_add_epi32(half(query, vector, 0), half(query, vector, 1));
        let pairs = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b0100_1110>(sums));
        _mm_cvtsi128_si32(_mm_add_epi32(pairs, _mm_shuffle_epi32::<0b1011_0001>(pairs)))
    }

    /// Multiplies the items of one half. Returns four sums, each of four products.
    #[target_feature(enable = "sse2")]
    #[inline]
    fn half(query: &[i16; DIM], vector: &[i8; DIM], half: usize) -> __m128i {
        let index = 16 * half.min(1);
        // SAFETY: the loads read 16 items of the vector and 16 items of the query, from index 0 or
        // 16. The vector and the query have 32 items each. The loads need no alignment.
        let (bytes, low, high) = unsafe {
            let query = query.as_ptr().add(index);
            let bytes = _mm_loadu_si128(vector.as_ptr().add(index).cast());
            (bytes, _mm_loadu_si128(query.cast()), _mm_loadu_si128(query.add(8).cast()))
        };
        // Sign extension: each byte is written twice into 16 bits, and the 16 bits are shifted
        // right by 8.
        let first = _mm_srai_epi16::<8>(_mm_unpacklo_epi8(bytes, bytes));
        let second = _mm_srai_epi16::<8>(_mm_unpackhi_epi8(bytes, bytes));
        _mm_add_epi32(_mm_madd_epi16(first, low), _mm_madd_epi16(second, high))
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{DIM, LANES};
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_hadd_epi32, _mm256_loadu_si256,
        _mm256_madd_epi16, _mm256_permute2x128_si256, _mm256_storeu_si256,
    };

    /// Computes eight dot products in two steps. First, the products of each vector are added in
    /// groups of four, which gives eight sums per vector. Then the eight sums of each vector are
    /// added.
    #[target_feature(enable = "avx2")]
    #[inline]
    pub(super) fn dots(query: &[i16; DIM], vectors: [&[i8; DIM]; LANES]) -> [i32; LANES] {
        const { assert!(DIM == 32, "a vector is two halves of 16 bytes") }
        // SAFETY: each load reads 32 bytes, and each half of the query has 16 numbers of 2 bytes.
        // The loads need no alignment.
        let query =
            unsafe { (_mm256_loadu_si256(query.as_ptr().cast()), _mm256_loadu_si256(query.as_ptr().add(16).cast())) };
        let [a, b, c, d, e, f, g, h] = vectors;
        let low = fours(eight(query, a), eight(query, b), eight(query, c), eight(query, d));
        let high = fours(eight(query, e), eight(query, f), eight(query, g), eight(query, h));
        let halves = (_mm256_permute2x128_si256::<0x20>(low, high), _mm256_permute2x128_si256::<0x31>(low, high));
        let mut out = [0; LANES];
        // SAFETY: the store writes 32 bytes, and `out` has 8 numbers of 4 bytes. The store needs no
        // alignment.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm256_add_epi32(halves.0, halves.1)) };
        out
    }

    /// Returns eight sums of four products each.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn eight(query: (__m256i, __m256i), vector: &[i8; DIM]) -> __m256i {
        // SAFETY: each load reads 16 bytes, and each half of the vector has 16 bytes. The loads
        // need no alignment.
        let (first, second) =
            unsafe { (_mm_loadu_si128(vector.as_ptr().cast()), _mm_loadu_si128(vector.as_ptr().add(16).cast())) };
        let first = _mm256_madd_epi16(_mm256_cvtepi8_epi16(first), query.0);
        let second = _mm256_madd_epi16(_mm256_cvtepi8_epi16(second), query.1);
        _mm256_add_epi32(first, second)
    }

    /// Adds the four numbers in each half of four registers. The lower half of the result has the
    /// sums of the lower halves, and the upper half has the sums of the upper halves.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn fours(a: __m256i, b: __m256i, c: __m256i, d: __m256i) -> __m256i {
        _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::{Packed, Query, Vector};
    use proptest::prelude::*;

    struct Dots<'a> {
        query: Query,
        packed: &'a [Packed],
    }

    impl Work for Dots<'_> {
        type Out = Vec<u32>;

        #[inline(always)]
        fn run(self) -> Vec<u32> {
            self.packed.iter().map(|post| self.query.dot(post).to_bits()).collect()
        }
    }

    proptest! {
        #[test]
        fn eight_dot_products_are_those_of_the_plain_path(query in prop::array::uniform32(-4096_i16..=4096), bytes in prop::collection::vec(prop::array::uniform32(-127_i8..=127), LANES)) {
            let vectors = std::array::from_fn(|lane| &bytes[lane]);
            prop_assert_eq!(dots(&query, vectors), plain::dots(&query, vectors));
            prop_assert_eq!(vectors.map(|vector| dot(&query, vector)), plain::dots(&query, vectors));
        }

        #[test]
        fn dot_products_are_the_same_bits(profile in prop::array::uniform32(-1.0_f32..1.0), posts in prop::collection::vec(prop::array::uniform32(-1.0_f32..1.0), LANES)) {
            let query = Query::new(&profile);
            let packed: Vec<Packed> = posts.iter().map(|post: &Vector| Packed::new(post)).collect();
            let plain: Vec<u32> = packed.iter().map(|post| query.dot(post).to_bits()).collect();
            let widely = wide(Dots { query, packed: &packed });
            let eight = query.dots(&std::array::from_fn(|lane| &packed[lane])).map(f32::to_bits);
            prop_assert_eq!(&plain, &widely);
            prop_assert_eq!(&plain, &eight.to_vec());
        }
    }
}
