//! Survival analysis: time until an event, with censoring.

use crate::interval::Interval;
use crate::moments::finite;

/// Rounding error that is allowed when a survival probability is compared with one half. A product
/// of fractions, such as 3/4 × 2/3, can differ slightly from one half.
const ROUNDING: f64 = 1e-12;

/// Observation time of one account, and whether the observation ended with the event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lifetime {
    /// Days from the account's entry (day 0, or its arrival) to the event or to the end of the
    /// observation; at least 0.
    pub days: f64,
    /// Whether the event happened; otherwise the lifetime is censored.
    pub ended: bool,
}

/// A number and its standard error, in the same unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// The standard error of the estimate, at least 0.
    pub standard_error: f64,
}

impl Estimate {
    /// Returns the 95 % interval of a share: S^exp(±1.96 e / (S |ln S|)). Here S is the share and e
    /// is its standard error. The log(-log) scale keeps the interval between 0 and 1. A share of 0
    /// or 1 has no interval.
    ///
    /// Source: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data,
    /// section 1.4.
    #[must_use]
    pub fn share_interval(self) -> Option<Interval> {
        let share = Some(self.value).filter(|share| *share > 0.0 && *share < 1.0)?;
        let reach = NORMAL_975 * self.standard_error / (share * share.ln().abs());
        Interval::between(share.powf(reach.exp()), share.powf((-reach).exp()))
    }
}

/// The 97.5 % quantile of the standard normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// One day with events.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    day: f64,
    /// Survival from this day on.
    survival: f64,
    /// Greenwood's d / (r (r - d)) of this day, for r accounts at risk and d events. 0 if nobody
    /// remains.
    greenwood: f64,
}

/// The Kaplan-Meier curve: S(t) is the share of accounts without the event up to and including day
/// t.
///
/// S(t) = product over event days u <= t of (1 - d(u) / r(u)). On day u, r(u) accounts are at risk,
/// and d(u) of them have the event. An account that is censored on the day of an event counts as at
/// risk on that day. Source: Kaplan and Meier (1958), "Nonparametric estimation from incomplete
/// observations", JASA 53.
///
/// ```
/// use recsafe_stats::{Lifetime, Survival};
/// let lifetimes = [(2.0, true), (3.0, false), (5.0, true)].map(|(days, ended)| Lifetime { days, ended });
/// let curve = Survival::of(&lifetimes).unwrap();
/// assert!((curve.at(2.0).value - 2.0 / 3.0).abs() < 1e-12);
/// assert_eq!(curve.median(), Some(5.0));
/// // 2 days at 1, then 3 days at 2/3.
/// assert!((curve.restricted_mean(5.0).unwrap().value - 4.0).abs() < 1e-12);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    steps: Vec<Step>,
}

impl Survival {
    /// Returns the curve of these lifetimes, or `None` if there are no lifetimes, or if some days
    /// are negative or not finite.
    #[must_use]
    pub fn of(lifetimes: &[Lifetime]) -> Option<Self> {
        if lifetimes.is_empty() || lifetimes.iter().any(|life| !life.days.is_finite() || life.days < 0.0) {
            return None;
        }
        let mut ordered = lifetimes.to_vec();
        ordered.sort_by(|one, other| one.days.total_cmp(&other.days));
        let mut at_risk = ordered.len();
        let (mut steps, mut survival) = (Vec::new(), 1.0);
        for day in ordered.chunk_by(|one, other| one.days.total_cmp(&other.days).is_eq()) {
            let events = day.iter().filter(|life| life.ended).count();
            if events > 0 {
                survival *= (at_risk - events) as f64 / at_risk as f64;
                steps.push(Step { day: day[0].days, survival, greenwood: greenwood(events, at_risk) });
            }
            at_risk -= day.len();
        }
        Some(Survival { steps })
    }

    /// Returns S(`day`), in [0, 1], with Greenwood's standard error. At day t, this error is S(t)
    /// √(sum over event days u <= t of d / (r (r - d))). Here r accounts are at risk on day u, and
    /// d of them have the event.
    ///
    /// After the last lifetime the curve is constant. Source: Greenwood (1926), "The natural
    /// duration of cancer".
    #[must_use]
    pub fn at(&self, day: f64) -> Estimate {
        let passed = || self.steps.iter().take_while(|step| step.day <= day);
        let value = passed().last().map_or(1.0, |step| step.survival);
        let variance: f64 = passed().map(|step| step.greenwood).sum();
        Estimate { value, standard_error: value * variance.sqrt() }
    }

    /// Returns the mean number of days without the event within `[0, until]`: the area under S.
    ///
    /// The variance of this mean is the sum over event days u of A(u)² d / (r (r - d)), where A(u)
    /// is the area from u to `until`. After the end of the observation the curve is constant. The
    /// result is in [0, `until`]. Returns `None` if `until` is negative or not finite. Source:
    /// Klein and Moeschberger (2003), Survival Analysis, section 4.5.
    #[must_use]
    pub fn restricted_mean(&self, until: f64) -> Option<Estimate> {
        finite(until).filter(|&until| until >= 0.0)?;
        let (mut area, mut variance, mut end) = (0.0, 0.0, until);
        // The steps are visited from the last to the first. So `area` is always the area between
        // the step and the end of the window.
        for step in self.steps.iter().rev().filter(|step| step.day < until) {
            area += step.survival * (end - step.day);
            variance += area * area * step.greenwood;
            end = step.day;
        }
        Some(Estimate { value: area + end, standard_error: finite(f64::sqrt(variance))? })
    }

    /// Returns the first day by which half of the accounts have had the event, or `None` if the
    /// observation ended before that day.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        self.steps.iter().find(|step| step.survival <= 0.5 + ROUNDING).map(|step| step.day)
    }
}

/// Returns Greenwood's term. If all accounts at risk have the event, S is 0 from then on. In this
/// case, the term has no effect, and 0 is returned.
fn greenwood(events: usize, at_risk: usize) -> f64 {
    let left = at_risk - events;
    if left == 0 { 0.0 } else { events as f64 / (at_risk as f64 * left as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lifetimes(ended: &[f64], censored: &[f64]) -> Vec<Lifetime> {
        let of = |days: &[f64], ended| days.iter().map(|&days| Lifetime { days, ended }).collect::<Vec<_>>();
        [of(ended, true), of(censored, false)].concat()
    }

    /// The 6-MP arm of Freireich et al. (1963), the textbook example: weeks of remission of 21
    /// children.
    fn leukemia() -> Survival {
        let relapsed = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0];
        let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
        Survival::of(&lifetimes(&relapsed, &censored)).unwrap()
    }

    #[test]
    fn meets_the_published_remission_curve() {
        for (week, survival, error) in
            [(6.0, 0.857, 0.076), (7.0, 0.807, 0.087), (10.0, 0.753, 0.096), (16.0, 0.627, 0.114), (23.0, 0.448, 0.135)]
        {
            let found = leukemia().at(week);
            assert!((found.value - survival).abs() < 6e-4, "{week}: {found:?}");
            assert!((found.standard_error - error).abs() < 6e-4, "{week}: {found:?}");
        }
        assert_eq!(leukemia().median(), Some(23.0));
        let mean = leukemia().restricted_mean(35.0).unwrap();
        assert!((mean.value - 23.287).abs() < 1e-3 && (mean.standard_error - 2.827).abs() < 1e-2, "{mean:?}");
    }

    #[test]
    fn without_censoring_the_restricted_mean_is_the_mean() {
        let curve = Survival::of(&lifetimes(&[1.0, 4.0, 6.0, 9.0], &[])).unwrap();
        let mean = curve.restricted_mean(10.0).unwrap();
        assert!((mean.value - 5.0).abs() < 1e-12);
        // Without censoring, Greenwood's error equals the standard error of the mean with n instead
        // of n - 1: √(sum of squares / n²).
        assert!((mean.standard_error - (34.0_f64 / 16.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn the_interval_of_a_share_stays_between_nothing_and_all() {
        let of = |value, standard_error| Estimate { value, standard_error }.share_interval();
        let found = of(0.5, 0.1).unwrap();
        assert!((found.low - 0.2952).abs() < 1e-4 && (found.high - 0.6745).abs() < 1e-4, "{found:?}");
        let near = of(0.98, 0.02).unwrap();
        assert!(near.low > 0.0 && near.low < 0.98 && near.high > 0.98 && near.high < 1.0, "{near:?}");
        assert_eq!([of(0.0, 0.0), of(1.0, 0.0)], [None, None]);
    }

    #[test]
    fn nobody_met_the_event() {
        let curve = Survival::of(&lifetimes(&[], &[7.0, 7.0])).unwrap();
        assert_eq!(curve.restricted_mean(7.0), Some(Estimate { value: 7.0, standard_error: 0.0 }));
        assert_eq!((curve.median(), curve.at(7.0).value), (None, 1.0));
    }

    #[test]
    fn all_met_it_at_once() {
        let curve = Survival::of(&lifetimes(&[0.0, 0.0], &[])).unwrap();
        assert_eq!(curve.restricted_mean(7.0), Some(Estimate { value: 0.0, standard_error: 0.0 }));
        assert_eq!(curve.median(), Some(0.0));
    }

    #[test]
    fn what_is_no_lifetime_is_refused() {
        assert_eq!(Survival::of(&[]), None);
        assert_eq!(Survival::of(&lifetimes(&[-1.0], &[])), None);
        assert_eq!(Survival::of(&lifetimes(&[f64::NAN], &[])), None);
        assert_eq!(leukemia().restricted_mean(f64::INFINITY), None);
    }

    proptest! {
        #[test]
        fn falls_from_one_and_fills_the_window_at_most(
            days in prop::collection::vec((0.0..30.0_f64, any::<bool>()), 1..40), until in 0.0..40.0_f64
        ) {
            let lives: Vec<Lifetime> = days.into_iter().map(|(days, ended)| Lifetime { days, ended }).collect();
            let curve = Survival::of(&lives).unwrap();
            let heights: Vec<f64> = curve.steps.iter().map(|step| step.survival).collect();
            prop_assert!(heights.windows(2).all(|pair| pair[1] < pair[0]) && heights.iter().all(|s| (0.0..1.0).contains(s)));
            let mean = curve.restricted_mean(until).unwrap();
            prop_assert!(mean.value >= 0.0 && mean.value <= until + 1e-9 && mean.standard_error.is_finite());
        }
    }
}
