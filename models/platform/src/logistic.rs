//! The logistic function.
#![allow(clippy::inline_always, reason = "code in vector loops is compiled for wider registers only if inlined")]

/// Returns 1 / (1 + e^-x).
///
/// A polynomial approximates 2^f, because vector registers can compute polynomials. The relative
/// error is below 1e-4, and the bits are the same on every machine.
#[inline(always)]
#[must_use]
pub fn logistic(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // adding 1.5 x 2^23 rounds to a whole number, in the low bits
    let y = (x * -std::f32::consts::LOG2_E).clamp(-100.0, 100.0);
    let shifted = y + ROUND;
    let f = y - (shifted - ROUND);
    let power = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
    let fraction = 1.0 + f * (std::f32::consts::LN_2 + f * (0.240_226_5 + f * (0.055_504_11 + f * 0.009_618_129)));
    1.0 / (1.0 + fraction * f32::from_bits(((power + 127) << 23) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_fast_logistic_is_the_logistic(x in -60.0_f32..60.0) {
            let exact = 1.0 / (1.0 + libm::exp(-f64::from(x)));
            prop_assert!((f64::from(logistic(x)) - exact).abs() <= 1e-4 * exact, "{} against {exact}", logistic(x));
        }
    }
}
