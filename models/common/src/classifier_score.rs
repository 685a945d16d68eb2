//! Classifier scores: the only information about the truth that the platform gets. The engine draws
//! a score when a post or account appears.

/// A classifier's score of a post or account. The score is standard normal noise, plus d' if the
/// post or account violates the rules (equal-variance binormal model; Green and Swets 1966). The
/// platform compares the score with thresholds and does not see the truth.
pub type ClassifierScore = f32;

/// Returns the score. `violates` says whether the post or account violates the rules, `d_prime` is
/// the classifier's d', and `noise` is a standard normal draw.
#[inline]
#[must_use]
pub fn score(violates: bool, d_prime: f64, noise: f64) -> ClassifierScore {
    (noise + if violates { d_prime } else { 0.0 }) as ClassifierScore
}

/// Returns the noise of a score that is renewed from time to time: sqrt(rho) own + sqrt(1 - rho)
/// epoch. Both inputs are standard normal. `own` never changes, and `epoch` is drawn again for each
/// new score. A proportion rho of the variance is thus permanent. If all noise were drawn again,
/// more and more accounts would get a false alarm.
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
            assert!((own * own - rho).abs() < 1e-12, "the permanent share is {}, not {rho}", own * own);
            assert!((own * own + epoch * epoch - 1.0).abs() < 1e-12);
            assert_eq!(renewed(rho, 2.0, -3.0), 2.0 * own - 3.0 * epoch);
        }
    }
}
