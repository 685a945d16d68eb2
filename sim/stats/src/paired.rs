//! Two arms compared seed by seed.

use crate::bootstrap::bias_corrected;
use crate::interval::{Interval, mean_interval, standard_error};
use crate::moments::{finite, mean, variance};
use crate::relative::{RelativeChange, probability_at_least, probability_at_most, relative_change};
use crate::seeds_needed::seeds_needed;
use crate::student;

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// A fall is an improvement.
    Lower,
    /// A rise is an improvement.
    Higher,
}

/// One metric under an arm and under the baseline, one pair a seed.
///
/// With the same seed the two arms met the same world and the same luck, so it is their difference that is measured,
/// d = arm - baseline, and the seeds are its only replicates.
///
/// ```
/// use recsafe_stats::Paired;
/// let pairs = Paired::new(&[8.0, 7.0, 9.0], &[10.0, 10.0, 11.0]).unwrap();
/// assert!((pairs.difference() + 7.0 / 3.0).abs() < 1e-12);
/// assert!(pairs.interval().unwrap().high < 0.0);
/// assert_eq!(Paired::new(&[1.0], &[]), None);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Paired {
    arm: Vec<f64>,
    baseline: Vec<f64>,
    differences: Vec<f64>,
    mean: f64,
    mean_baseline: f64,
    difference: f64,
}

impl Paired {
    /// Pairs the values by position; `None` for empty slices, slices of different length, a value that is not finite,
    /// and values so large that a mean is not finite.
    #[must_use]
    pub fn new(arm: &[f64], baseline: &[f64]) -> Option<Self> {
        if arm.len() != baseline.len() || !arm.iter().chain(baseline).all(|value| value.is_finite()) {
            return None;
        }
        let differences: Vec<f64> = arm.iter().zip(baseline).map(|(arm, baseline)| arm - baseline).collect();
        let (mean_arm, mean_baseline, difference) = (mean(arm)?, mean(baseline)?, mean(&differences)?);
        let (arm, baseline) = (arm.to_vec(), baseline.to_vec());
        Some(Paired { arm, baseline, differences, mean: mean_arm, mean_baseline, difference })
    }

    /// Number of pairs, at least 1.
    #[must_use]
    pub fn n(&self) -> usize {
        self.differences.len()
    }

    /// Mean of the arm, in the metric's unit.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Mean of the baseline, in the metric's unit.
    #[must_use]
    pub fn mean_baseline(&self) -> f64 {
        self.mean_baseline
    }

    /// Mean of d, in the metric's unit; exactly 0 for identical arms.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.difference
    }

    /// The differences d, one a pair, in the order given.
    #[must_use]
    pub fn differences(&self) -> &[f64] {
        &self.differences
    }

    /// 95 % interval of the mean difference, Student-t over pairs; `None` for one pair. See [`mean_interval`].
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        mean_interval(&self.differences)
    }

    /// 95 % interval of the mean difference from the bootstrap; `None` below 20 pairs. See [`bias_corrected`].
    #[must_use]
    pub fn bootstrap(&self) -> Option<Interval> {
        bias_corrected(&self.differences)
    }

    /// Relative change and its interval; `None` where undefined. See [`relative_change`].
    #[must_use]
    pub fn relative(&self) -> Option<RelativeChange> {
        relative_change(&self.arm, &self.baseline)
    }

    /// Two-sided p value of the paired t test of "the mean difference is 0": P(|T| >= |mean d| √n / s), n - 1 degrees of
    /// freedom; `None` for one pair.
    ///
    /// Differences that do not vary at all give 1 if they are 0, and else 0, the limits of the test.
    /// Source: Student (1908), Biometrika 6.
    ///
    /// ```
    /// // d = 1, 2, 3: t = 2 √3 with 2 degrees of freedom, so that p = 1 - t / √(t² + 2).
    /// let pairs = recsafe_stats::Paired::new(&[1.0, 2.0, 3.0], &[0.0; 3]).unwrap();
    /// assert!((pairs.p_value().unwrap() - (1.0 - (12.0_f64 / 14.0).sqrt())).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        let standard_error = standard_error(&self.differences)?;
        if standard_error > 0.0 {
            return Some(student::two_sided(self.difference / standard_error, self.n() as f64 - 1.0));
        }
        Some(if self.difference == 0.0 { 1.0 } else { 0.0 })
    }

    /// Share of pairs with an improvement, in [0, 1]; an equal pair is none.
    ///
    /// ```
    /// use recsafe_stats::{Better, Paired};
    /// let pairs = Paired::new(&[1.0, 2.0, 3.0, 4.0], &[2.0, 2.0, 2.0, 2.0]).unwrap();
    /// assert_eq!(pairs.improved_share(Better::Lower), 0.25);
    /// assert_eq!(pairs.improved_share(Better::Higher), 0.5);
    /// ```
    #[must_use]
    pub fn improved_share(&self, better: Better) -> f64 {
        let improved = |difference: &&f64| match better {
            Better::Lower => **difference < 0.0,
            Better::Higher => **difference > 0.0,
        };
        self.differences.iter().filter(improved).count() as f64 / self.n() as f64
    }

    /// (Var arm + Var baseline) / Var d: how many times more seeds the same precision would take without pairing.
    ///
    /// Above 0; about 1 where pairing earned nothing, below 1 where it cost. `None` for one pair and where the
    /// differences do not vary. Source: the method of common random numbers, Law (2015), Simulation Modeling and
    /// Analysis, chapter 11.
    ///
    /// ```
    /// let pairs = recsafe_stats::Paired::new(&[1.0, 5.0, 9.5], &[0.0, 4.0, 8.0]).unwrap();
    /// assert!(pairs.variance_ratio().unwrap() > 100.0);
    /// ```
    #[must_use]
    pub fn variance_ratio(&self) -> Option<f64> {
        let shared = variance(&self.differences).filter(|&shared| shared > 0.0)?;
        finite((variance(&self.arm)? + variance(&self.baseline)?) / shared)
    }

    /// Number of seeds that would bring the interval's half-width within 10 % of the baseline's mean; see
    /// [`seeds_needed`].
    #[must_use]
    pub fn seeds_needed(&self) -> Option<u64> {
        seeds_needed(&self.differences, self.mean_baseline)
    }

    /// Probability that the relative change is `change` or lower; see [`probability_at_most`].
    #[must_use]
    pub fn probability_at_most(&self, change: f64) -> Option<f64> {
        probability_at_most(&self.arm, &self.baseline, change)
    }

    /// Probability that the relative change is `change` or higher; see [`probability_at_least`].
    #[must_use]
    pub fn probability_at_least(&self, change: f64) -> Option<f64> {
        probability_at_least(&self.arm, &self.baseline, change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Student's sleep data (1908, in Fisher's pairing): hours gained under two drugs by ten patients.
    const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn meets_the_sleep_data() {
        let pairs = Paired::new(&FIRST, &SECOND).unwrap();
        let interval = pairs.interval().unwrap();
        // The published analysis: t = -4.0621, 9 degrees of freedom, p = 0.002833, interval -2.4598858 to -0.7001142.
        assert!((pairs.difference() + 1.58).abs() < 1e-12);
        assert!((interval.low + 2.459_885_8).abs() < 1e-6 && (interval.high + 0.700_114_2).abs() < 1e-6);
        assert!((pairs.p_value().unwrap() - 0.002_833).abs() < 1e-6);
    }

    #[test]
    fn what_is_asked_of_pairs_is_what_their_functions_say() {
        let (arm, baseline) = ([7.0, 7.9, 7.2, 6.8], [10.0, 11.0, 10.0, 9.0]);
        let pairs = Paired::new(&arm, &baseline).unwrap();
        assert_eq!((pairs.mean(), pairs.mean_baseline()), (7.225, 10.0));
        assert_eq!(pairs.differences(), [7.0 - 10.0, 7.9 - 11.0, 7.2 - 10.0, 6.8 - 9.0]);
        for change in [-0.3, -0.2, 0.0] {
            assert_eq!(pairs.probability_at_most(change), probability_at_most(&arm, &baseline, change));
            assert_eq!(pairs.probability_at_least(change), probability_at_least(&arm, &baseline, change));
        }
        assert!(pairs.probability_at_most(-0.2) > Some(0.99) && pairs.probability_at_least(-0.2) < Some(0.01));
        assert_eq!(pairs.seeds_needed(), seeds_needed(pairs.differences(), 10.0));
    }

    #[test]
    fn identical_arms_differ_by_exactly_nothing() {
        let pairs = Paired::new(&[0.1, 0.2, 0.3], &[0.1, 0.2, 0.3]).unwrap();
        assert_eq!((pairs.difference(), pairs.interval()), (0.0, Interval::between(0.0, 0.0)));
        assert_eq!(pairs.relative().unwrap(), RelativeChange { change: 0.0, interval: Interval::between(0.0, 0.0) });
        assert_eq!((pairs.p_value(), pairs.variance_ratio(), pairs.seeds_needed()), (Some(1.0), None, Some(2)));
    }

    #[test]
    fn one_pair_has_a_difference_and_nothing_else() {
        let pairs = Paired::new(&[3.0], &[2.0]).unwrap();
        assert_eq!((pairs.difference(), pairs.n()), (1.0, 1));
        assert_eq!((pairs.interval(), pairs.bootstrap(), pairs.p_value()), (None, None, None));
        assert_eq!((pairs.variance_ratio(), pairs.seeds_needed()), (None, None));
    }

    #[test]
    fn values_that_are_not_numbers_are_refused() {
        assert_eq!(Paired::new(&[f64::NAN], &[1.0]), None);
        assert_eq!(Paired::new(&[f64::INFINITY], &[1.0]), None);
        assert_eq!(Paired::new(&[], &[]), None);
    }

    #[test]
    fn independent_arms_earn_nothing_by_pairing() {
        let pairs = Paired::new(&[1.0, 1.0, 3.0, 3.0], &[1.0, 3.0, 1.0, 3.0]).unwrap();
        assert!((pairs.variance_ratio().unwrap() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn swapping_the_arms_turns_the_sign(pairs in prop::collection::vec((-9.0..9.0_f64, -9.0..9.0_f64), 2..25)) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let (one, other) = (Paired::new(&arm, &baseline).unwrap(), Paired::new(&baseline, &arm).unwrap());
            prop_assert!((one.difference() + other.difference()).abs() < 1e-12);
            prop_assert!((one.interval().unwrap().low + other.interval().unwrap().high).abs() < 1e-9);
            prop_assert!((one.improved_share(Better::Lower) - other.improved_share(Better::Higher)).abs() < 1e-12);
        }

        #[test]
        fn nothing_that_is_not_finite_leaks(pairs in prop::collection::vec((any::<f64>(), any::<f64>()), 0..30)) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            if let Some(pairs) = Paired::new(&arm, &baseline) {
                let intervals = [pairs.interval(), pairs.bootstrap(), pairs.relative().and_then(|it| it.interval)];
                let numbers = [pairs.p_value(), pairs.variance_ratio(), pairs.probability_at_most(-0.2)];
                let ends = intervals.iter().flatten().flat_map(|it| [it.low, it.high]);
                prop_assert!(ends.chain(numbers.into_iter().flatten()).all(f64::is_finite));
                prop_assert!([pairs.mean(), pairs.mean_baseline(), pairs.difference()].iter().all(|it| it.is_finite()));
            }
        }

        #[test]
        fn the_interval_excludes_zero_exactly_when_p_is_below_five_percent(
            pairs in prop::collection::vec((0.0..9.0_f64, 1.0..10.0_f64), 2..15)
        ) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let pairs = Paired::new(&arm, &baseline).unwrap();
            let p = pairs.p_value().unwrap();
            prop_assume!((p - 0.05).abs() > 1e-9);
            prop_assert_eq!(p < 0.05, !pairs.interval().unwrap().contains(0.0));
        }
    }
}
