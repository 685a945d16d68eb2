//! Relative change of an arm against the baseline, and the chance that it reaches a target.
//!
//! Where every value is positive the effects of policies multiply, and the change is measured on logarithms; where a
//! value is 0 or below, on the ratio of the means.

use crate::fieller::fieller;
use crate::interval::{Interval, mean_interval, standard_error};
use crate::moments::{finite, mean};
use crate::student;

/// A relative change: -0.2 is a fall by 20 %, 0 no change, 1 a doubling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelativeChange {
    /// The estimate, above or equal to -1 unless values are negative.
    pub change: f64,
    /// Its 95 % interval over pairs, where there is one.
    pub interval: Option<Interval>,
}

/// Relative change of `arm` against `baseline`, paired by position.
///
/// All values positive: exp(mean of ln(arm / baseline)) - 1, with the Student-t interval of that mean carried through
/// exp - 1. Else: mean(arm - baseline) / mean(baseline), with Fieller's interval (see [`fieller`]). So where values are
/// positive it is the geometric mean of the pairs' ratios, which may differ a little from the ratio of the means.
///
/// `None` for empty slices or slices of different length, and where the baseline's mean is not positive. The interval
/// is `None` for one pair, and for Fieller's where the baseline's mean is not clearly above 0.
///
/// ```
/// let halved = recsafe_stats::relative_change(&[1.0, 2.0, 4.0], &[2.0, 4.0, 8.0]).unwrap();
/// assert!((halved.change + 0.5).abs() < 1e-12);
/// assert_eq!(recsafe_stats::relative_change(&[1.0], &[0.0]), None);
/// ```
#[must_use]
pub fn relative_change(arm: &[f64], baseline: &[f64]) -> Option<RelativeChange> {
    if arm.len() != baseline.len() {
        return None;
    }
    if all_positive(arm) && all_positive(baseline) {
        let logs = log_ratios(arm, baseline);
        let interval = mean_interval(&logs).and_then(|logs| Interval::between(logs.low.exp_m1(), logs.high.exp_m1()));
        return Some(RelativeChange { change: finite(mean(&logs)?.exp_m1())?, interval });
    }
    let bottom = mean(baseline).filter(|&bottom| bottom > 0.0)?;
    let differences: Vec<f64> = arm.iter().zip(baseline).map(|(arm, baseline)| arm - baseline).collect();
    Some(RelativeChange { change: finite(mean(&differences)? / bottom)?, interval: fieller(&differences, baseline) })
}

/// Probability that the relative change is `change` or lower, from the paired t: P(T <= -m / se) with n - 1 degrees of
/// freedom.
///
/// m and se are mean and standard error over pairs of ln(arm / baseline) - ln(1 + change) where all values are
/// positive, else of arm - (1 + change) baseline. It is the posterior probability under a flat prior for the mean.
///
/// `None` for fewer than two pairs, and where the baseline's mean is not positive. In [0, 1].
///
/// ```
/// let (arm, baseline) = ([7.0, 7.9, 7.2, 6.8], [10.0, 11.0, 10.0, 9.0]);
/// let falls_by_a_fifth = recsafe_stats::probability_at_most(&arm, &baseline, -0.2).unwrap();
/// assert!(falls_by_a_fifth > 0.99);
/// ```
#[must_use]
pub fn probability_at_most(arm: &[f64], baseline: &[f64], change: f64) -> Option<f64> {
    chance_below_zero(&excess(arm, baseline, change)?)
}

/// Probability that the relative change is `change` or higher; see [`probability_at_most`].
///
/// ```
/// let even = recsafe_stats::probability_at_least(&[1.0, 3.0], &[2.0, 2.0], -0.5).unwrap();
/// assert!(even > 0.5);
/// ```
#[must_use]
pub fn probability_at_least(arm: &[f64], baseline: &[f64], change: f64) -> Option<f64> {
    let negated: Vec<f64> = excess(arm, baseline, change)?.iter().map(|excess| -excess).collect();
    chance_below_zero(&negated)
}

/// By how much each pair exceeds the relative change `change`, on the scale on which effects are measured.
fn excess(arm: &[f64], baseline: &[f64], change: f64) -> Option<Vec<f64>> {
    if arm.len() != baseline.len() || !change.is_finite() {
        return None;
    }
    let kept = 1.0 + change;
    if kept > 0.0 && all_positive(arm) && all_positive(baseline) {
        return Some(log_ratios(arm, baseline).iter().map(|ratio| ratio - change.ln_1p()).collect());
    }
    mean(baseline).filter(|&bottom| bottom > 0.0)?;
    Some(arm.iter().zip(baseline).map(|(arm, baseline)| arm - kept * baseline).collect())
}

/// P(mean <= 0), the mean's distribution being Student's about the measured one.
fn chance_below_zero(values: &[f64]) -> Option<f64> {
    let (center, standard_error) = (mean(values)?, standard_error(values)?);
    if standard_error > 0.0 {
        return Some(student::below(-center / standard_error, values.len() as f64 - 1.0));
    }
    Some(if center <= 0.0 { 1.0 } else { 0.0 })
}

fn all_positive(values: &[f64]) -> bool {
    values.iter().all(|&value| value > 0.0)
}

/// ln(arm / baseline) of each pair, as a difference, because a quotient may leave the range of numbers.
fn log_ratios(arm: &[f64], baseline: &[f64]) -> Vec<f64> {
    arm.iter().zip(baseline).map(|(arm, baseline)| arm.ln() - baseline.ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_pairs_have_the_closed_form() {
        // Log ratios ln .5 and ln .8: mean ± 12.7062 × |difference| / 2.
        let found = relative_change(&[1.0, 4.0], &[2.0, 5.0]).unwrap();
        let reach = 12.706_204_736 * (0.8_f64.ln() - 0.5_f64.ln()) / 2.0;
        let center = (0.5_f64 * 0.8).sqrt();
        assert!((found.change - (center - 1.0)).abs() < 1e-12);
        let interval = found.interval.unwrap();
        assert!((interval.low - (center * (-reach).exp() - 1.0)).abs() < 1e-9);
        assert!((interval.high - (center * reach.exp() - 1.0)).abs() < 1e-6);
    }

    #[test]
    fn all_gone_is_minus_one_for_certain() {
        let found = relative_change(&[0.0; 4], &[0.2, 0.3, 0.25, 0.28]).unwrap();
        assert_eq!(found, RelativeChange { change: -1.0, interval: Interval::between(-1.0, -1.0) });
        assert!(probability_at_most(&[0.0; 4], &[0.2, 0.3, 0.25, 0.28], -0.2).unwrap() > 0.999);
    }

    #[test]
    fn a_baseline_without_harm_has_no_relative_change() {
        assert_eq!(relative_change(&[1.0, 2.0], &[0.0, 0.0]), None);
        assert_eq!(probability_at_most(&[1.0, 2.0], &[0.0, 0.0], -0.2), None);
        assert_eq!(relative_change(&[], &[]), None);
        assert_eq!(relative_change(&[1.0], &[1.0, 2.0]), None);
    }

    #[test]
    fn one_pair_has_a_change_and_no_interval() {
        let found = relative_change(&[3.0], &[4.0]).unwrap();
        assert!((found.change + 0.25).abs() < 1e-12);
        assert_eq!(found.interval, None);
        assert_eq!(probability_at_most(&[3.0], &[4.0], -0.2), None);
    }

    #[test]
    fn equal_pairs_change_by_zero_for_certain() {
        assert_eq!(probability_at_most(&[2.0, 3.0], &[2.0, 3.0], 0.0), Some(1.0));
        assert_eq!(probability_at_least(&[2.0, 3.0], &[2.0, 3.0], 0.0), Some(1.0));
        assert_eq!(probability_at_least(&[2.0, 3.0], &[2.0, 3.0], 0.1), Some(0.0));
    }

    proptest! {
        #[test]
        fn the_interval_holds_what_the_probability_says(
            pairs in prop::collection::vec((0.0..10.0_f64, 1.0..10.0_f64), 3..12)
        ) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            if let Some(RelativeChange { change, interval: Some(interval) }) = relative_change(&arm, &baseline) {
                prop_assert!(interval.contains(change));
                let at_high = probability_at_most(&arm, &baseline, interval.high).unwrap();
                prop_assert!((at_high - 0.975).abs() < 1e-6 || interval.half_width() < 1e-9, "{at_high}");
            }
        }

        #[test]
        fn the_two_sides_make_one(pairs in prop::collection::vec((0.1..10.0_f64, 0.1..10.0_f64), 2..12), change in -0.9..2.0_f64) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let sides = [probability_at_most, probability_at_least].map(|side| side(&arm, &baseline, change).unwrap());
            prop_assert!((sides[0] + sides[1] - 1.0).abs() < 1e-9);
        }
    }
}
