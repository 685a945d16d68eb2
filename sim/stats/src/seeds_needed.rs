//! How many seeds an experiment would need.

use crate::interval::two_sided_t;
use crate::moments::variance;

/// Half-width of the interval that is asked for, as a part of the baseline's mean: 10 %.
pub const PRECISION: f64 = 0.1;

/// Counts above this are not given: no experiment will run them.
pub const MOST_SEEDS: u64 = 1_000_000_000;

/// Number of seeds that would bring the half-width of the 95 % interval of the mean difference within [`PRECISION`] of
/// the baseline's mean: the smallest n >= 2 with t(0.975, n - 1) s / √n <= 0.1 |mean of the baseline|, where s is the
/// standard deviation of the measured `differences`.
///
/// `mean_baseline` has the unit of the differences. The answer takes s as known, so from few seeds it is a rough guide.
/// Differences that do not vary need 2. `None` for fewer than two differences, and where no number would do: a baseline
/// of 0 under differences that vary, or more than [`MOST_SEEDS`].
/// Source: Stein (1945), "A two-sample test for a linear hypothesis", Ann. Math. Statistics 16, without its second stage.
///
/// ```
/// // s = 1, half-width 1 wanted: t(0.975, 6) / √7 = 0.925 does, t(0.975, 5) / √6 = 1.049 does not.
/// assert_eq!(recsafe_stats::seeds_needed(&[1.0, 2.0, 3.0], 10.0), Some(7));
/// assert_eq!(recsafe_stats::seeds_needed(&[1.0, 2.0], 0.0), None);
/// ```
#[must_use]
pub fn seeds_needed(differences: &[f64], mean_baseline: f64) -> Option<u64> {
    let deviation = variance(differences)?.sqrt();
    if deviation <= 0.0 {
        return Some(2);
    }
    let allowed = PRECISION * mean_baseline.abs();
    // Student's t exceeds its limit, so n is at least what the limit asks for; from there it is a handful of steps.
    let least = (two_sided_t(f64::MAX) * deviation / allowed).powi(2).ceil();
    if least > MOST_SEEDS as f64 || least.is_nan() {
        return None;
    }
    let enough = |n: &u64| two_sided_t((n - 1) as f64) * deviation <= allowed * (*n as f64).sqrt();
    ((least as u64).max(2)..=MOST_SEEDS).find(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_vary_needs_two() {
        assert_eq!(seeds_needed(&[0.3, 0.3, 0.3], 1.0), Some(2));
        assert_eq!(seeds_needed(&[0.0, 0.0], 0.0), Some(2));
        assert_eq!(seeds_needed(&[1.0], 1.0), None);
    }

    #[test]
    fn what_cannot_be_reached_is_none() {
        assert_eq!(seeds_needed(&[1.0, -1.0], 1e-12), None);
        assert_eq!(seeds_needed(&[1e150, -1e150], 1.0), None);
        assert!(seeds_needed(&[1.0, -1.0], 1e-3).is_some_and(|n| n > 100_000_000));
    }

    proptest! {
        #[test]
        fn is_the_smallest_that_does(differences in prop::collection::vec(-1.0..1.0_f64, 2..20), baseline in 0.05..50.0_f64) {
            let n = seeds_needed(&differences, baseline).unwrap();
            let deviation = variance(&differences).unwrap().sqrt();
            let half_width = |n: u64| two_sided_t((n - 1) as f64) * deviation / (n as f64).sqrt();
            prop_assert!(half_width(n) <= PRECISION * baseline * (1.0 + 1e-12));
            prop_assert!(n == 2 || half_width(n - 1) > PRECISION * baseline * (1.0 - 1e-12));
        }
    }
}
