//! Intervals and the Student-t interval of a mean.

use crate::moments::{finite, mean, variance};
use crate::student;

/// Confidence of every interval of this crate: 95 %.
pub const CONFIDENCE: f64 = 0.95;

/// What the confidence leaves: a p value is low enough up to here.
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
    /// The interval between two numbers in either order; `None` unless both are finite.
    #[must_use]
    pub fn between(one: f64, other: f64) -> Option<Self> {
        Some(Interval { low: finite(one.min(other))?, high: finite(one.max(other))? })
    }

    /// Whether `value` lies in the interval, ends included.
    ///
    /// ```
    /// let interval = recsafe_stats::Interval { low: -1.0, high: 2.0 };
    /// assert!(interval.contains(0.0) && !interval.contains(2.5));
    /// ```
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Whether all of it lies above 0 or all of it below. An end at 0 does not leave 0 out.
    #[must_use]
    pub fn leaves_out_zero(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Half of the interval's length.
    #[must_use]
    pub fn half_width(self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// 95 % interval of the mean of independent values: mean ± t(0.975, n - 1) s / √n.
///
/// `None` for fewer than two values; one value says nothing of its own spread. Equal values give an interval of length
/// 0. Source: Student (1908), Biometrika 6.
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

/// Standard error of the mean, s / √n; `None` for fewer than two values.
pub(crate) fn standard_error(values: &[f64]) -> Option<f64> {
    Some((variance(values)? / values.len() as f64).sqrt())
}

/// The t that cuts off half of `level` on the upper side.
pub(crate) fn two_sided_t(level: f64, freedom: f64) -> f64 {
    -student::quantile(level / 2.0, freedom)
}
