//! Mean, variance and covariance of a sample.

/// Returns the arithmetic mean, (x1 + ... + xn) / n, in the unit of the values.
///
/// Returns `None` for an empty slice, or if the sum is not finite. A slice of equal values gives
/// exactly that value.
///
/// ```
/// assert_eq!(recsafe_stats::mean(&[1.0, 2.0, 6.0]), Some(3.0));
/// assert_eq!(recsafe_stats::mean(&[]), None);
/// ```
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    let (&first, rest) = values.split_first()?;
    // The sum is over differences from the first value. So ten values of 0.1 have a mean of exactly
    // 0.1 and a variance of exactly 0.
    let shift: f64 = rest.iter().map(|value| value - first).sum();
    finite(first + shift / values.len() as f64)
}

/// Returns the unbiased sample variance, sum of (x - mean)² / (n - 1). The result is in the squared
/// unit of the values and at least 0.
///
/// Returns `None` for fewer than two values. A slice of equal values gives exactly 0.
///
/// ```
/// assert_eq!(recsafe_stats::variance(&[1.0, 2.0, 6.0]), Some(7.0));
/// assert_eq!(recsafe_stats::variance(&[1.0]), None);
/// ```
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    covariance(values, values)
}

/// Returns the unbiased sample covariance of pairs, sum of (x - mean x)(y - mean y) / (n - 1).
///
/// Returns `None` for fewer than two pairs, or for slices of different lengths.
///
/// ```
/// assert_eq!(recsafe_stats::covariance(&[1.0, 2.0, 6.0], &[2.0, 4.0, 12.0]), Some(14.0));
/// ```
#[must_use]
pub fn covariance(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() != y.len() || x.len() < 2 {
        return None;
    }
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let sum: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    finite(sum / (x.len() - 1) as f64)
}

/// Returns `number` unless it is NaN or infinite. Every result of this crate passes through this
/// function.
pub(crate) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_their_value_as_mean_and_no_variance() {
        let values = [0.1; 10];
        assert_eq!(mean(&values), Some(0.1));
        assert_eq!(variance(&values), Some(0.0));
    }

    #[test]
    fn what_leaves_the_range_of_numbers_is_undefined() {
        assert_eq!(mean(&[f64::MAX, -f64::MAX]), None);
        assert_eq!(variance(&[1e200, -1e200]), None);
        assert_eq!(covariance(&[1.0, 2.0], &[1.0]), None);
    }
}
