//! Signals: all that a classifier can know of the truth, drawn by the engine when a thing appears.

/// A classifier's score of a thing: standard normal noise, raised by d' where the thing violates (equal-variance binormal
/// model; Green and Swets 1966). Thresholds act on it; the truth stays behind.
pub type Signal = f32;

/// The score of a thing, given whether it violates, the classifier's d' and one standard normal draw.
#[inline]
#[must_use]
pub fn score(violates: bool, d_prime: f64, noise: f64) -> Signal {
    (noise + if violates { d_prime } else { 0.0 }) as Signal
}
