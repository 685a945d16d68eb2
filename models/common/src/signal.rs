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

/// The noise of a score that is renewed from time to time: sqrt(rho) own + sqrt(1 - rho) epoch, both standard normal. A share rho of
/// its variance stays with the thing for good; were all of it drawn anew each time, false alarms would add up.
#[inline]
#[must_use]
pub fn renewed(rho: f64, own: f64, epoch: f64) -> f64 {
    rho.sqrt() * own + (1.0 - rho).sqrt() * epoch
}
