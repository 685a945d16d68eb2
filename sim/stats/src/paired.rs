//! Paired comparison of two arms.

use crate::moments::{finite, mean, variance};
use crate::replication::{Design, Replicate};

/// Direction in which a metric improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// A fall is an improvement.
    Lower,
    /// A rise is an improvement.
    Higher,
}

/// Largest absolute value that is accepted.
const LARGEST: f64 = 1e300;

/// One metric under an arm and under the baseline, with one pair per unit of the design.
///
/// With the same seed, both arms have the same world and random numbers, so only the difference or
/// ratio of their values is interpreted. The replicates are the seeds or worlds of the design, not
/// accounts.
///
/// ```
/// use recsafe_stats::{Design, Paired};
/// let pairs = Paired::new(Design::seeds(3), &[8.0, 7.0, 9.0], &[10.0, 10.0, 11.0]).unwrap();
/// assert_eq!((pairs.n(), pairs.mean()), (3, 8.0));
/// assert_eq!(Paired::new(Design::seeds(1), &[1.0], &[]), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    design: Design,
    arm: Vec<f64>,
    baseline: Vec<f64>,
    mean: f64,
    mean_baseline: f64,
}

impl Paired {
    /// Pairs the values by position. Returns `None` if there are no values, or if a list does not
    /// have one value per unit. Also returns `None` if a value is NaN or its absolute value exceeds
    /// 1e300, because sums of larger values can be infinite.
    #[must_use]
    pub fn new(design: Design, arm: &[f64], baseline: &[f64]) -> Option<Self> {
        let whole = design.units() == arm.len() && arm.len() == baseline.len();
        if !whole || !arm.iter().chain(baseline).all(|value| value.abs() <= LARGEST) {
            return None;
        }
        let mean_of = |values: &[f64]| mean(&numbers(&design.means(values)));
        let (mean, mean_baseline) = (mean_of(arm)?, mean_of(baseline)?);
        let (arm, baseline) = (arm.to_vec(), baseline.to_vec());
        Some(Paired { design, arm, baseline, mean, mean_baseline })
    }

    /// Returns the number of pairs, at least 1.
    #[must_use]
    pub fn n(&self) -> usize {
        self.arm.len()
    }

    /// Returns the mean of the arm over replicates, in the metric's unit.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Returns the mean of the baseline over replicates, in the metric's unit.
    #[must_use]
    pub fn mean_baseline(&self) -> f64 {
        self.mean_baseline
    }

    /// Returns all values of both arms.
    pub(crate) fn values(&self) -> Vec<f64> {
        [self.arm.as_slice(), &self.baseline].concat()
    }

    /// Applies the function `of` to the values of arm and baseline in each replicate.
    pub(crate) fn replicates(&self, of: impl Fn(f64, f64) -> f64) -> Vec<(Replicate, f64)> {
        let each: Vec<f64> = self.arm.iter().zip(&self.baseline).map(|(&arm, &baseline)| of(arm, baseline)).collect();
        self.design.means(&each)
    }

    /// Returns the share of pairs in which the arm is better than the baseline, in [0, 1]. In a
    /// pair of equal values, the arm is not better.
    ///
    /// ```
    /// use recsafe_stats::{Better, Design, Paired};
    /// let pairs = Paired::new(Design::seeds(4), &[1.0, 2.0, 3.0, 4.0], &[2.0; 4]).unwrap();
    /// assert_eq!(pairs.improved_share(Better::Lower), 0.25);
    /// assert_eq!(pairs.improved_share(Better::Higher), 0.5);
    /// ```
    #[must_use]
    pub fn improved_share(&self, better: Better) -> f64 {
        let improved = |(arm, baseline): &(&f64, &f64)| match better {
            Better::Lower => arm < baseline,
            Better::Higher => arm > baseline,
        };
        self.arm.iter().zip(&self.baseline).filter(improved).count() as f64 / self.n() as f64
    }

    /// Returns (Var arm + Var baseline) / Var (arm - baseline) over replicates. For the same
    /// precision, unpaired runs would need more replicates by this factor.
    ///
    /// The ratio is above 0: about 1 if pairing has no benefit, and below 1 if pairing increases
    /// the variance. Returns `None` if there is only one replicate, or if the differences do not
    /// vary. Source: the method of common random numbers, Law (2015), Simulation Modeling and
    /// Analysis, chapter 11.
    ///
    /// ```
    /// use recsafe_stats::{Design, Paired};
    /// let pairs = Paired::new(Design::seeds(3), &[1.0, 5.0, 9.5], &[0.0, 4.0, 8.0]).unwrap();
    /// assert!(pairs.variance_ratio().unwrap() > 100.0);
    /// ```
    #[must_use]
    pub fn variance_ratio(&self) -> Option<f64> {
        let spread = |of: fn(f64, f64) -> f64| variance(&numbers(&self.replicates(of)));
        let shared = spread(|arm, baseline| arm - baseline).filter(|&shared| shared > 0.0)?;
        finite((spread(|arm, _| arm)? + spread(|_, baseline| baseline)?) / shared)
    }
}

/// Returns the values without the keys of their replicates.
pub(crate) fn numbers(replicates: &[(Replicate, f64)]) -> Vec<f64> {
    replicates.iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replication::Unit;
    use proptest::prelude::*;

    fn seeds(arm: &[f64], baseline: &[f64]) -> Option<Paired> {
        Paired::new(Design::seeds(arm.len()), arm, baseline)
    }

    #[test]
    fn values_that_are_not_numbers_or_not_one_a_unit_are_refused() {
        assert_eq!(seeds(&[f64::NAN], &[1.0]), None);
        assert_eq!(seeds(&[f64::INFINITY], &[1.0]), None);
        assert_eq!(seeds(&[f64::MAX], &[-f64::MAX]), None);
        assert_eq!(seeds(&[], &[]), None);
        assert_eq!(Paired::new(Design::seeds(3), &[1.0, 2.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn independent_arms_earn_nothing_by_pairing() {
        let pairs = seeds(&[1.0, 1.0, 3.0, 3.0], &[1.0, 3.0, 1.0, 3.0]).unwrap();
        assert!((pairs.variance_ratio().unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(seeds(&[1.0], &[2.0]).unwrap().variance_ratio(), None);
    }

    #[test]
    fn means_are_over_worlds_and_improvements_over_pairs() {
        let units = [(1, 1), (1, 2), (1, 3), (2, 1)].map(|(world, seed)| Unit { world, seed });
        let pairs = Paired::new(Design::new(units.to_vec()), &[1.0, 2.0, 3.0, 8.0], &[2.0, 2.0, 4.0, 4.0]).unwrap();
        assert_eq!((pairs.n(), pairs.mean()), (4, 5.0));
        assert!((pairs.mean_baseline() - f64::midpoint(8.0 / 3.0, 4.0)).abs() < 1e-12);
        assert_eq!(pairs.improved_share(Better::Lower), 0.5);
    }

    proptest! {
        #[test]
        fn swapping_the_arms_turns_improvements_round(pairs in prop::collection::vec((-9.0..9.0_f64, -9.0..9.0_f64), 2..25)) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let (one, other) = (seeds(&arm, &baseline).unwrap(), seeds(&baseline, &arm).unwrap());
            prop_assert!((one.improved_share(Better::Lower) - other.improved_share(Better::Higher)).abs() < 1e-12);
            prop_assert_eq!((one.mean(), one.mean_baseline()), (other.mean_baseline(), other.mean()));
        }
    }
}
