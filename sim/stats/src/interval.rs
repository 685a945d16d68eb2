//! Intervals and the Student-t interval of a mean.

use crate::moments::{finite, mean, variance};
use crate::scale::Bounds;
use crate::student;

/// Confidence of every interval in this crate: 95 %.
pub const CONFIDENCE: f64 = 0.95;

/// Significance level: 1 minus the confidence. A p value up to this level is significant.
pub const SIGNIFICANCE: f64 = 0.05;

/// A closed interval; both ends are finite, and `low <= high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Returns the interval between two numbers in either order, or `None` unless both are finite.
    #[must_use]
    pub fn between(one: f64, other: f64) -> Option<Self> {
        Some(Interval { low: finite(one.min(other))?, high: finite(one.max(other))? })
    }

    /// Returns whether `value` is in the interval, ends included.
    ///
    /// ```
    /// let interval = recsafe_stats::Interval { low: -1.0, high: 2.0 };
    /// assert!(interval.contains(0.0) && !interval.contains(2.5));
    /// ```
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Returns whether the whole interval is above 0 or below 0. An end at 0 does not exclude 0.
    #[must_use]
    pub fn leaves_out_zero(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Returns half of the interval's length.
    #[must_use]
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Returns the 95 % interval of the mean of independent values: mean ± t(0.975, n - 1) s / √n.
///
/// Returns `None` for fewer than two values, because one value has no spread. Equal values give an
/// interval of length 0. Source: Student (1908), Biometrika 6.
///
/// ```
/// let interval = recsafe_stats::mean_interval(&[4.0, 5.0, 6.0]).unwrap();
/// // s = 1, n = 3, t(0.975, 2) = 4.3027: the half-width is 4.3027 / √3.
/// assert!((interval.half_width() - 2.4841).abs() < 1e-4);
/// assert_eq!(recsafe_stats::mean_interval(&[4.0]), None);
/// ```
#[must_use]
pub fn mean_interval(values: &[f64]) -> Option<Interval> {
    let (center, standard_error) = (mean(values)?, standard_error(values)?);
    let reach = two_sided_t(SIGNIFICANCE, values.len() as f64 - 1.0) * standard_error;
    Interval::between(center - reach, center + reach)
}

/// Returns the 95 % interval of the mean of bounded values. The interval stays within the bounds.
///
/// If all values are strictly within the bounds, Student's interval is calculated on an unbounded
/// scale and then transformed back. The scale is ln(x / (1 - x)) for shares and ln(x) for values
/// with only a lower bound. The half-width is transformed by the slope of the scale at the mean. If
/// a value is at a bound, the result is [`mean_interval`], limited to the bounds. Source: the delta
/// method; Agresti (2013), Categorical Data Analysis, chapter 16.
///
/// ```
/// use recsafe_stats::{Bounds, bounded_interval};
/// let interval = bounded_interval(&[0.02, 0.05, 0.3], Bounds::SHARE).unwrap();
/// assert!(interval.low > 0.0 && interval.contains(0.37 / 3.0) && interval.high < 1.0);
/// assert_eq!(bounded_interval(&[0.0, 0.1], Bounds::SHARE).unwrap().low, 0.0);
/// ```
#[must_use]
pub fn bounded_interval(values: &[f64], bounds: Bounds) -> Option<Interval> {
    let plain = mean_interval(values)?;
    let (center, reach) = (mean(values)?, plain.half_width());
    let inside = |&value: &f64| bounds.low.is_none_or(|low| value > low) && bounds.high.is_none_or(|high| value < high);
    let (low, high) = match (bounds.low, bounds.high) {
        _ if !values.iter().all(inside) => (bounds.nearest(plain.low), bounds.nearest(plain.high)),
        (Some(low), Some(high)) => {
            let (below, above) = (center - low, high - center);
            let step = libm::exp(reach * (high - low) / (below * above));
            let end = |odds: f64| low + (high - low) * odds / (1.0 + odds);
            (end(below / above / step), high - (end(above / below / step) - low))
        }
        (Some(low), None) => {
            let step = libm::exp(reach / (center - low));
            (low + (center - low) / step, low + (center - low) * step)
        }
        (None, _) => (plain.low, bounds.nearest(plain.high)),
    };
    Interval::between(low, high)
}

/// Returns the standard error of the mean, s / √n, or `None` for fewer than two values.
pub(crate) fn standard_error(values: &[f64]) -> Option<f64> {
    Some((variance(values)? / values.len() as f64).sqrt())
}

/// Returns the t whose upper tail has probability `level` / 2.
pub(crate) fn two_sided_t(level: f64, freedom: f64) -> f64 {
    -student::quantile(level / 2.0, freedom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_end_at_zero_does_not_leave_it_out() {
        let of = |low, high| Interval { low, high }.leaves_out_zero();
        assert_eq!(
            [of(0.1, 0.2), of(-0.2, -0.1), of(0.0, 0.2), of(-0.2, 0.0), of(-0.1, 0.1)],
            [true, true, false, false, false]
        );
    }

    #[test]
    fn narrow_intervals_far_from_bounds_are_as_without_them() {
        let values = [0.50, 0.51, 0.49, 0.505];
        let plain = mean_interval(&values).unwrap();
        for bounds in [Bounds::SHARE, Bounds::NON_NEGATIVE] {
            let bounded = bounded_interval(&values, bounds).unwrap();
            assert!((bounded.low - plain.low).abs() < 5e-4 && (bounded.high - plain.high).abs() < 5e-4, "{bounded:?}");
        }
        assert_eq!(bounded_interval(&values, Bounds::ANY), Some(plain));
    }

    #[test]
    fn shares_have_the_closed_form_on_the_scale_of_odds() {
        // Mean 0.2, half-width 12.7062 * 0.1 = 1.27062 of shares, 1.27062 / 0.16 of log odds.
        let (interval, odds) = (bounded_interval(&[0.1, 0.3], Bounds::SHARE).unwrap(), 0.25);
        let step = (1.270_620_473_6_f64 / 0.16).exp();
        assert!((interval.low - odds / step / (1.0 + odds / step)).abs() < 1e-9, "{interval:?}");
        assert!((interval.high - odds * step / (1.0 + odds * step)).abs() < 1e-9, "{interval:?}");
    }

    #[test]
    fn equal_values_have_an_interval_of_no_length() {
        for value in [0.0, 0.25, 1.0] {
            assert_eq!(bounded_interval(&[value; 3], Bounds::SHARE), Interval::between(value, value));
        }
        assert_eq!(bounded_interval(&[0.3], Bounds::SHARE), None);
    }

    proptest! {
        #[test]
        fn bounds_hold_and_the_mean_is_inside(values in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64], 2..12)) {
            for bounds in [Bounds::SHARE, Bounds::NON_NEGATIVE, Bounds { low: Some(-1.0), high: Some(1.0) }] {
                if let Some(interval) = bounded_interval(&values, bounds) {
                    prop_assert!(bounds.allow(interval.low) && bounds.allow(interval.high), "{:?}", interval);
                    let center = mean(&values).unwrap();
                    prop_assert!(interval.low <= center + 1e-12 && center <= interval.high + 1e-12, "{:?} {}", interval, center);
                }
            }
        }
    }
}
