//! Fieller's interval of a ratio of means.

use crate::interval::{Interval, two_sided_t};
use crate::moments::{covariance, mean, variance};

/// 95 % interval of mean(numerator) / mean(denominator) from pairs.
///
/// It is the set of all r for which mean(numerator - r denominator) = 0 is not rejected by a paired t test at 5 %:
/// with t = t(0.975, n - 1), the r between the roots of
/// (D² - t² d² / n) r² - 2 (N D - t² c / n) r + (N² - t² s² / n) = 0, where N and D are the means of numerator and
/// denominator, s² and d² their variances and c their covariance.
///
/// `None` for fewer than two pairs, and where the denominator's mean is itself not clearly different from 0, because
/// the set is then unbounded. Source: Fieller (1954), "Some problems in interval estimation", JRSS B 16.
///
/// ```
/// let interval = recsafe_stats::fieller(&[0.0, 2.0, 1.0], &[9.0, 10.0, 11.0]).unwrap();
/// assert!(interval.contains(0.1));
/// assert_eq!(recsafe_stats::fieller(&[1.0, 1.0], &[-1.0, 1.0]), None);
/// ```
#[must_use]
pub fn fieller(numerator: &[f64], denominator: &[f64]) -> Option<Interval> {
    let covariance = covariance(numerator, denominator)?;
    let n = numerator.len() as f64;
    let (top, bottom) = (mean(numerator)?, mean(denominator)?);
    let scale = two_sided_t(n - 1.0).powi(2) / n;
    let square = bottom * bottom - scale * variance(denominator)?;
    if square <= 0.0 {
        return None;
    }
    let half_linear = top * bottom - scale * covariance;
    let constant = top * top - scale * variance(numerator)?;
    // With square > 0 the point top / bottom satisfies the inequality, so that roots exist; rounding may fall below 0.
    let root = (half_linear * half_linear - square * constant).max(0.0).sqrt();
    Interval::between((half_linear - root) / square, (half_linear + root) / square)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::mean_interval;

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn a_constant_denominator_scales_the_interval_of_the_mean() {
        let numerator = [1.0, 2.0, 4.0, 5.0];
        let (ratio, plain) = (fieller(&numerator, &[4.0; 4]).unwrap(), mean_interval(&numerator).unwrap());
        assert!(close(ratio.low, plain.low / 4.0) && close(ratio.high, plain.high / 4.0));
    }

    #[test]
    fn its_ends_are_where_the_paired_t_test_turns() {
        let (numerator, denominator) = ([3.0, 5.0, 4.0, 6.0, 5.5], [10.0, 11.0, 9.0, 12.0, 10.5]);
        let interval = fieller(&numerator, &denominator).unwrap();
        for ratio in [interval.low, interval.high] {
            let rest: Vec<f64> = numerator.iter().zip(&denominator).map(|(top, bottom)| top - ratio * bottom).collect();
            let edge = mean_interval(&rest).unwrap();
            assert!(close(edge.low, 0.0) || close(edge.high, 0.0), "{ratio} {edge:?}");
        }
    }

    #[test]
    fn all_gone_is_minus_one_and_nothing_gone_is_zero_exactly() {
        let baseline = [0.3, 0.0, 0.7, 0.5, 0.4, 0.6];
        let gone: Vec<f64> = baseline.iter().map(|value| -value).collect();
        assert_eq!(fieller(&gone, &baseline), Interval::between(-1.0, -1.0));
        assert_eq!(fieller(&[0.0; 6], &baseline), Interval::between(0.0, 0.0));
    }
}
