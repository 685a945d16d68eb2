//! Number of seeds that an experiment needs.

use crate::interval::two_sided_t;

/// Target half-width of the interval: 10 % of the baseline.
pub const PRECISION: f64 = 0.1;

/// Maximum number of seeds that is returned. No experiment would run more seeds.
pub const MOST_SEEDS: u64 = 1_000_000_000;

/// Returns the number of replicates at which the half-width of an interval at `level` is at most
/// `allowed`. This number is the smallest n >= 2 with t(1 - level / 2, n - 1) s / √n <= `allowed`.
/// Here s is `deviation`, the standard deviation of the replicates.
///
/// The number is a rough guide if s was estimated from few seeds. Returns `None` if no number up to
/// [`MOST_SEEDS`] is enough. Source: Stein (1945), "A two-sample test for a linear hypothesis",
/// Ann. Math. Statistics 16, without its second stage.
///
/// ```
/// // t(0.975, 6) / √7 = 0.925 is small enough, t(0.975, 5) / √6 = 1.049 is not.
/// assert_eq!(recsafe_stats::seeds_needed(1.0, 1.0, 0.05), Some(7));
/// assert_eq!(recsafe_stats::seeds_needed(1.0, 0.0, 0.05), None);
/// ```
#[must_use]
pub fn seeds_needed(deviation: f64, allowed: f64, level: f64) -> Option<u64> {
    if deviation <= 0.0 {
        return Some(2);
    }
    // Student's t exceeds the normal quantile, so the search starts at the number that the normal
    // quantile requires. From there, a few steps are enough.
    let least = (two_sided_t(level, f64::MAX) * deviation / allowed).powi(2).ceil();
    if least > MOST_SEEDS as f64 || least.is_nan() {
        return None;
    }
    let enough = |n: &u64| two_sided_t(level, (n - 1) as f64) * deviation <= allowed * (*n as f64).sqrt();
    ((least as u64).max(2)..=MOST_SEEDS).find(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_vary_needs_two() {
        assert_eq!(seeds_needed(0.0, 0.1, 0.05), Some(2));
        assert_eq!(seeds_needed(0.0, 0.0, 0.05), Some(2));
    }

    #[test]
    fn what_cannot_be_reached_is_none() {
        assert_eq!(seeds_needed(1.0, 1e-13, 0.05), None);
        assert_eq!(seeds_needed(1e150, 0.1, 0.05), None);
        assert!(seeds_needed(1.4, 1e-4, 0.05).is_some_and(|n| n > 100_000_000));
    }

    #[test]
    fn a_stricter_level_needs_more() {
        assert!(seeds_needed(1.0, 0.5, 0.01) > seeds_needed(1.0, 0.5, 0.05));
    }

    proptest! {
        #[test]
        fn is_the_smallest_that_does(deviation in 0.01..1.0_f64, allowed in 0.005..5.0_f64, level in 0.001..0.05_f64) {
            let n = seeds_needed(deviation, allowed, level).unwrap();
            let half_width = |n: u64| two_sided_t(level, (n - 1) as f64) * deviation / (n as f64).sqrt();
            prop_assert!(half_width(n) <= allowed * (1.0 + 1e-12));
            prop_assert!(n == 2 || half_width(n - 1) > allowed * (1.0 - 1e-12));
        }
    }
}
