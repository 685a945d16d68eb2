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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_raises_a_score_by_d_prime_and_nothing_else_does() {
        assert_eq!(score(false, 1.5, 0.25), 0.25);
        assert_eq!(score(true, 1.5, 0.25), 1.75);
    }

    #[test]
    fn renewed_noise_keeps_its_variance_and_the_share_that_stays() {
        for rho in [0.0, 0.25, 0.64, 1.0] {
            let (own, epoch) = (renewed(rho, 1.0, 0.0), renewed(rho, 0.0, 1.0));
            assert!((own * own - rho).abs() < 1e-12, "the share that stays is {}, not {rho}", own * own);
            assert!((own * own + epoch * epoch - 1.0).abs() < 1e-12);
            assert_eq!(renewed(rho, 2.0, -3.0), 2.0 * own - 3.0 * epoch);
        }
    }
}
