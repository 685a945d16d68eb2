//! Bias-corrected bootstrap interval of a mean.

use crate::interval::{CONFIDENCE, Interval};
use crate::moments::mean;
use crate::normal;
use crate::splitmix::SplitMix;

/// Number of resamples behind a bootstrap interval.
pub const RESAMPLES: usize = 10_000;

/// Below this many values the bootstrap's own error exceeds what it would tell, and there is no interval.
const FEWEST: usize = 20;

/// Start of the resampling's pseudo-random numbers: fixed, so that equal data have equal intervals.
const START: u64 = 0x5EED_0F80;

/// 95 % bias-corrected bootstrap interval of the mean, which does not lean on normality as Student's does.
///
/// With G the distribution of [`RESAMPLES`] resampled means and z0 = Phi⁻¹(G(mean)), ties counted half, the ends are
/// the quantiles of G at Phi(2 z0 ± 1.96). Source: Efron (1981), "Nonparametric standard errors and confidence
/// intervals", Canadian J. Statistics 9; reviewed in Efron (1987), "Better bootstrap confidence intervals", JASA 82.
///
/// `None` for fewer than 20 values. The same values in the same order always give the same interval.
///
/// ```
/// let values: Vec<f64> = (1..=30).map(f64::from).collect();
/// let interval = recsafe_stats::bias_corrected(&values).unwrap();
/// assert!(interval.contains(15.5) && interval.half_width() < 4.0);
/// assert_eq!(recsafe_stats::bias_corrected(&values[..19]), None);
/// ```
#[must_use]
pub fn bias_corrected(values: &[f64]) -> Option<Interval> {
    if values.len() < FEWEST {
        return None;
    }
    let measured = mean(values)?;
    let means = resampled_means(values, measured);
    let below = means.partition_point(|&resampled| resampled < measured);
    let up_to = means.partition_point(|&resampled| resampled <= measured);
    let share = (below + up_to) as f64 / (2.0 * means.len() as f64);
    if share <= 0.0 || share >= 1.0 {
        return None;
    }
    let bias = normal::quantile(share);
    let reach = normal::quantile(f64::midpoint(1.0, CONFIDENCE));
    let end = |z: f64| quantile(&means, normal::below(z));
    Interval::between(end(2.0 * bias - reach), end(2.0 * bias + reach))
}

/// Means of [`RESAMPLES`] samples drawn with replacement, in ascending order.
fn resampled_means(values: &[f64], center: f64) -> Vec<f64> {
    let mut draws = SplitMix::new(START);
    let mut draw = || values[draws.below(values.len())] - center;
    let n = values.len();
    let mut means: Vec<f64> = (0..RESAMPLES).map(|_| center + (0..n).map(|_| draw()).sum::<f64>() / n as f64).collect();
    means.sort_by(f64::total_cmp);
    means
}

/// The `p` quantile of values in ascending order, linear between neighbours.
pub(crate) fn quantile(ascending: &[f64], p: f64) -> f64 {
    let last = ascending.len() - 1;
    let place = p * last as f64;
    let low = (place as usize).min(last);
    let high = (low + 1).min(last);
    ascending[low] + (place - low as f64) * (ascending[high] - ascending[low])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::mean_interval;
    use proptest::prelude::*;

    #[test]
    fn equal_values_have_an_interval_of_no_length() {
        assert_eq!(bias_corrected(&[0.1; 20]), Interval::between(0.1, 0.1));
    }

    #[test]
    fn comes_near_student_where_values_are_symmetric() {
        let values: Vec<f64> = (0..60).map(|i| f64::from(i % 11)).collect();
        let (bootstrap, student) = (bias_corrected(&values).unwrap(), mean_interval(&values).unwrap());
        assert!((bootstrap.half_width() / student.half_width() - 1.0).abs() < 0.06, "{bootstrap:?} {student:?}");
    }

    #[test]
    fn leans_to_the_long_tail() {
        let values: Vec<f64> = (0..40).map(|i| (f64::from(i) / 6.0).exp()).collect();
        let center = mean(&values).unwrap();
        let interval = bias_corrected(&values).unwrap();
        assert!(interval.high - center > center - interval.low);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn lies_within_the_values(values in prop::collection::vec(-5.0..5.0_f64, 20..40)) {
            let interval = bias_corrected(&values).unwrap();
            let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
            prop_assert!(low <= interval.low && interval.high <= high);
            prop_assert_eq!(bias_corrected(&values), Some(interval));
        }
    }
}
