//! Model of one comparison: replicates of a change on one scale. The mean of the replicates is
//! estimated.

use crate::interval::two_sided_t;
use crate::moments::mean;
use crate::paired::{Paired, numbers};
use crate::replication::Replicate;
use crate::scale::{Bounds, Scale};
use crate::seeds_needed::{MOST_SEEDS, PRECISION, seeds_needed};
use crate::student;

/// Replicates are treated as equal if they differ by less than this fraction of the largest
/// replicate. Such differences are rounding errors.
const EQUAL: f64 = 1e-9;

/// Fraction by which the arm's mean is allowed to exceed a bound, because of rounding.
const ROUNDING: f64 = 1e-9;

/// Spread of the replicates of a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Spread {
    /// There is only one replicate.
    Unknown,
    /// All replicates are equal.
    Even,
    /// The replicates vary. The number is the standard error of the replicates' mean, and is above
    /// 0.
    Varied(f64),
}

/// Replicates of a change on one scale.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    pub(crate) scale: Scale,
    pub(crate) replicates: Vec<(Replicate, f64)>,
    /// Mean of the replicates.
    pub(crate) center: f64,
    pub(crate) spread: Spread,
    pub(crate) mean_baseline: f64,
}

impl Model {
    /// Uses log ratios if every value is above 0 and the arm's mean, as implied by the ratios, is
    /// possible. Otherwise uses differences.
    pub(crate) fn of(pairs: &Paired, bounds: Bounds) -> Self {
        let positive = pairs.values().iter().all(|&value| value > 0.0);
        let ratios = positive.then(|| Model::on(Scale::LogRatio, pairs));
        let possible = |model: &Model| {
            let level = pairs.mean_baseline() * libm::exp(model.center);
            level.is_finite() && bounds.allow(level * (1.0 - ROUNDING))
        };
        ratios.filter(possible).unwrap_or_else(|| Model::on(Scale::Difference, pairs))
    }

    fn on(scale: Scale, pairs: &Paired) -> Self {
        let replicates = match scale {
            // A difference of logarithms, because a quotient can overflow or underflow.
            Scale::LogRatio => pairs.replicates(|arm, baseline| libm::log(arm) - libm::log(baseline)),
            Scale::Difference => pairs.replicates(|arm, baseline| arm - baseline),
        };
        let values = numbers(&replicates);
        let center = mean(&values).unwrap_or_default();
        Model { scale, center, spread: spread(&values, center), mean_baseline: pairs.mean_baseline(), replicates }
    }

    /// Returns whether the change is 0 in every replicate.
    pub(crate) fn is_same(&self) -> bool {
        self.replicates.iter().all(|it| it.1 == 0.0)
    }

    pub(crate) fn freedom(&self) -> f64 {
        self.replicates.len() as f64 - 1.0
    }

    /// Returns the two-sided p value of "the mean is 0" for this comparison alone. If the
    /// replicates vary, returns Student's p value. If all replicates are equal but not 0, returns
    /// the p value of the sign test, 2 / 2^n, because the true spread can be above 0. Returns
    /// `None` for one replicate.
    pub(crate) fn p(&self) -> Option<f64> {
        match self.spread {
            Spread::Unknown => None,
            Spread::Even if self.is_same() => Some(1.0),
            Spread::Even => Some(sign_test(self.replicates.len())),
            Spread::Varied(error) => Some(student::two_sided(self.center / error, self.freedom())),
        }
    }

    /// Returns the half-width of the interval of the mean at this level.
    pub(crate) fn reach(&self, level: f64) -> f64 {
        match self.spread {
            Spread::Varied(error) => two_sided_t(level, self.freedom()) * error,
            Spread::Unknown | Spread::Even => 0.0,
        }
    }

    /// Returns the number of replicates that makes the relative interval narrow enough. The
    /// interval has the confidence level `level`, and its half-width must be at most [`PRECISION`].
    /// If all replicates are equal, returns the smallest number at which the sign test is
    /// significant.
    pub(crate) fn seeds_needed(&self, level: f64) -> Option<u64> {
        match self.spread {
            Spread::Unknown => None,
            Spread::Even if self.is_same() => Some(2),
            Spread::Even => (2..=MOST_SEEDS).find(|&n| sign_test(n as usize) <= level),
            Spread::Varied(error) => {
                let allowed = match self.scale {
                    Scale::LogRatio => libm::log1p(PRECISION),
                    Scale::Difference => PRECISION * self.mean_baseline.abs(),
                };
                seeds_needed(error * (self.replicates.len() as f64).sqrt(), allowed, level)
            }
        }
    }

    /// Returns the probability that the mean is at most `threshold`: P(T <= (threshold - mean) /
    /// se). The prior is flat.
    pub(crate) fn below(&self, threshold: f64) -> Option<f64> {
        self.probability(threshold - self.center)
    }

    /// Returns the probability that the mean is at least `threshold`.
    pub(crate) fn above(&self, threshold: f64) -> Option<f64> {
        self.probability(self.center - threshold)
    }

    /// Returns the probability that an error of the mean is at most `error`.
    fn probability(&self, error: f64) -> Option<f64> {
        match self.spread {
            Spread::Unknown => None,
            Spread::Even => Some(if error >= 0.0 { 1.0 } else { 0.0 }),
            Spread::Varied(standard_error) => Some(student::below(error / standard_error, self.freedom())),
        }
    }
}

/// Returns the p value of `n` equal signs: 2 / 2^n. The p value is below 5 % if `n` is at least 6.
fn sign_test(n: usize) -> f64 {
    libm::exp2(1.0 - n as f64)
}

fn spread(values: &[f64], center: f64) -> Spread {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    let [n, largest] = [values.len() as f64, low.abs().max(high.abs())];
    // Scaled by the largest deviation so that no square overflows or underflows.
    let farthest = (high - center).max(center - low);
    let squares: f64 = values.iter().map(|value| ((value - center) / farthest).powi(2)).sum();
    match values.len() {
        0 | 1 => Spread::Unknown,
        _ if high / 2.0 - low / 2.0 <= EQUAL * largest / 2.0 => Spread::Even,
        _ => Spread::Varied((farthest * (squares / (n - 1.0) / n).sqrt()).max(f64::MIN_POSITIVE)),
    }
}
