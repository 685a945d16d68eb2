//! Vectors of the interest space: in full precision for people and profiles, packed for posts.

use serde::{Deserialize, Serialize};

use crate::wide::{LANES, dot as dot_of_steps, dots};

/// Number of dimensions of the interest space.
pub const DIM: usize = 32;

/// A vector in full precision.
pub type Vector = [f32; DIM];

/// A vector with one byte per dimension: value = `steps` x `scale`. The vector takes about half a
/// cache line. A post's row therefore fits in one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct Packed {
    /// Whole steps, -127 to 127.
    pub steps: [i8; DIM],
    /// Length of a step.
    pub scale: f32,
}

impl Packed {
    /// Rounds each component of `vector` to one of 255 values. The values are evenly spaced from -m
    /// to m, where m is the largest absolute value of a component.
    #[must_use]
    pub fn new(vector: &Vector) -> Self {
        let largest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if largest == 0.0 {
            return Packed::default();
        }
        let scale = largest / 127.0;
        Packed { steps: std::array::from_fn(|i| rounded(vector[i] / scale) as i8), scale }
    }

    /// Returns the vector in full precision, accurate to half a step.
    #[inline]
    #[must_use]
    pub fn unpack(&self) -> Vector {
        std::array::from_fn(|i| f32::from(self.steps[i]) * self.scale)
    }

    /// Returns the dot product with a vector in full precision.
    #[inline]
    #[must_use]
    pub fn dot(&self, other: &Vector) -> f32 {
        // Eight sums in a fixed order, so that the compiler can use vector registers without
        // changing the bits of the result.
        let mut lanes = [0.0_f32; 8];
        for i in 0..DIM {
            lanes[i % 8] += f32::from(self.steps[i]) * other[i];
        }
        sum8(lanes) * self.scale
    }
}

/// A query in whole numbers. Dot products of a query with posts need no conversions, and have the
/// same bits on all machines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Query {
    steps: [i16; DIM],
    scale: f32,
}

impl Query {
    /// Rounds each component of `vector` to a multiple of m/4096, where m is the largest absolute
    /// value of a component.
    #[must_use]
    pub fn new(vector: &Vector) -> Self {
        let largest = vector.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if largest == 0.0 {
            return Query::default();
        }
        let scale = largest / 4096.0;
        Query { steps: std::array::from_fn(|i| rounded(vector[i] / scale) as i16), scale }
    }

    /// Returns the dot product with a packed vector. The sums are whole numbers, so the order of
    /// additions does not matter.
    #[inline]
    #[must_use]
    pub fn dot(&self, other: &Packed) -> f32 {
        dot_of_steps(&self.steps, &other.steps) as f32 * (self.scale * other.scale)
    }

    /// Returns the dot products with eight packed vectors. The results have the same bits as the
    /// results of eight calls of [`Query::dot`].
    #[inline]
    #[must_use]
    pub fn dots(&self, others: &[&Packed; LANES]) -> [f32; LANES] {
        let [a, b, c, d, e, f, g, h] = *others;
        let sums = dots(&self.steps, [&a.steps, &b.steps, &c.steps, &d.steps, &e.steps, &f.steps, &g.steps, &h.steps]);
        let mut products = [0.0; LANES];
        for lane in 0..LANES {
            products[lane] = sums[lane] as f32 * (self.scale * others[lane].scale);
        }
        products
    }
}

/// Returns the nearest whole number for numbers below 2^22. Halves are rounded away from 0. The
/// result is the same as the result of [`f32::round`], but does not need a function call for each
/// number.
#[inline]
fn rounded(x: f32) -> i32 {
    // The largest number below 1/2. With 1/2, the number 0.49999997 would be rounded up to 1.
    const BELOW_HALF: f32 = 0.499_999_97;
    (x + BELOW_HALF.copysign(x)) as i32
}

#[inline]
fn sum8(lanes: [f32; 8]) -> f32 {
    ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]))
}

/// Returns the dot product, summed in a fixed order.
#[inline]
#[must_use]
pub fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for i in 0..DIM {
        lanes[i % 8] += a[i] * b[i];
    }
    sum8(lanes)
}

/// Returns `vector` scaled to length 1. The zero vector is unchanged.
#[inline]
#[must_use]
pub fn normalised(vector: &Vector) -> Vector {
    let length = dot(vector, vector).sqrt();
    if length == 0.0 { *vector } else { std::array::from_fn(|i| vector[i] / length) }
}

/// Moves `vector` towards `target` by `rate`, and scales the result to length 1. A negative rate
/// moves `vector` away from `target`.
///
/// The result is normalise((1 - rate) vector + rate target).
#[inline]
pub fn nudge(vector: &mut Vector, target: &Vector, rate: f32) {
    let moved = std::array::from_fn(|i| (1.0 - rate) * vector[i] + rate * target[i]);
    *vector = normalised(&moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rounding_is_that_of_the_standard_library(whole in -5000_i32..5000, part in -1.0_f32..1.0) {
            for x in [whole as f32 + part, whole as f32 + 0.5, whole as f32 - 0.5, part, 0.499_999_97, -0.499_999_97] {
                prop_assert_eq!(rounded(x), x.round() as i32, "{}", x);
            }
        }
    }
}
