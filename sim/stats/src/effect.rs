//! Effect of an arm on a metric: change, interval, p value and seeds needed, all from one model.

use crate::interval::{Interval, SIGNIFICANCE};
use crate::max_t::Family;
use crate::model::{Model, Spread};
use crate::paired::Paired;
use crate::scale::{Bounds, Scale};

/// A change with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The estimate.
    pub estimate: f64,
    /// The 95 % interval of the estimate, if there is one.
    pub interval: Option<Interval>,
}

/// Adjustment of comparisons for multiple testing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// No adjustment: 95 % is the confidence of each single interval.
    Single,
    /// One family: 95 % is the joint confidence of all intervals. If nothing changes, the
    /// probability that any of the intervals excludes 0 is 5 %. Single-step max-t: p is P(max |T|
    /// >= |t|), and the intervals use the t that max |T| exceeds with probability 5 %.
    Family,
}

/// Effect of an arm on a metric.
///
/// The change is the mean over replicates of ln(arm / baseline) or of arm - baseline. The interval
/// uses Student's t; see [`effects`]. [`difference`](Effect::difference) and
/// [`relative`](Effect::relative) are both derived from this mean, so they never contradict each
/// other.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The change in the metric's unit. On the log-ratio scale, this change is the relative change
    /// times the baseline's mean.
    pub difference: Change,
    /// The relative change: -0.2 is a fall by 20 %. On the difference scale, the relative change is
    /// the difference divided by the baseline's mean, or `None` if that mean is not above 0.
    pub relative: Option<Change>,
    /// Two-sided p value of "no change". If the interval excludes 0, the p value is at most 0.05.
    /// Otherwise, the p value is above 0.05. `None` without an interval.
    pub p: Option<f64>,
    /// Number of replicates that would give the relative interval a half-width of 10 %. The number
    /// is computed with the critical value of this interval. With few replicates the number is a
    /// rough guide.
    pub seeds_needed: Option<u64>,
    model: Model,
}

/// Returns one effect for each comparison of a family, in the same order. All comparisons are of
/// the same metric.
///
/// The scale is log ratios if two conditions hold. Every value of arm and baseline is above 0, and
/// the arm's mean, as implied by the ratios, is within the metric's bounds. Otherwise the scale is
/// differences. Intervals are limited to changes that keep the arm's mean within the bounds. A
/// bound that some value violates is ignored.
///
/// If all replicates are equal, there is no spread to measure. In this case, p is 1 if all
/// replicates are 0. Otherwise p is the p value of the sign test, 2 / 2^n, times the number of
/// comparisons in the family. If this product exceeds 0.05, there is neither p nor interval. With
/// fewer than 6 replicates, the product always exceeds 0.05.
///
/// ```
/// use recsafe_stats::{Adjustment, Bounds, Design, Paired, effects};
/// let (arm, baseline) = ([0.1066, 0.0354, 0.0625], [0.2780, 0.0875, 0.1520]);
/// let pairs = Paired::new(Design::seeds(3), &arm, &baseline).unwrap();
/// let effect = &effects(&[pairs], Bounds::NON_NEGATIVE, Adjustment::Family)[0];
/// let change = effect.relative.unwrap();
/// assert!((change.estimate + 0.600).abs() < 0.001);
/// let interval = change.interval.unwrap();
/// assert!((interval.low + 0.635).abs() < 0.001 && (interval.high + 0.562).abs() < 0.001);
/// assert!(effect.is_clear() && effect.p.unwrap() < 0.001);
/// ```
#[must_use]
pub fn effects(family: &[Paired], bounds: Bounds, adjustment: Adjustment) -> Vec<Effect> {
    let all: Vec<f64> = family.iter().flat_map(Paired::values).collect();
    let bounds = bounds.kept_by(&all);
    let models: Vec<Model> = family.iter().map(|pairs| Model::of(pairs, bounds)).collect();
    let tested = Tested::of(&models, adjustment);
    models.into_iter().map(|model| tested.effect(model, bounds)).collect()
}

/// Test of the comparisons of a family.
struct Tested {
    /// The comparisons whose replicates vary.
    varied: Family,
    /// Number of comparisons that can be significant, or 1 without adjustment.
    tests: f64,
}

impl Tested {
    fn of(models: &[Model], adjustment: Adjustment) -> Self {
        if adjustment == Adjustment::Single {
            return Tested { varied: Family::of(&[]), tests: 1.0 };
        }
        let varied = |model: &&Model| matches!(model.spread, Spread::Varied(_));
        let varied: Vec<&[_]> = models.iter().filter(varied).map(|model| model.replicates.as_slice()).collect();
        let may_be_clear = |model: &&Model| model.spread != Spread::Unknown && !model.is_same();
        let tests = models.iter().filter(may_be_clear).count().max(1);
        Tested { varied: Family::of(&varied), tests: tests as f64 }
    }

    fn effect(&self, model: Model, bounds: Bounds) -> Effect {
        let (level, p) = match model.spread {
            Spread::Varied(_) => (self.varied.level(), model.p().map(|p| self.varied.adjusted(p))),
            Spread::Even if model.is_same() => (SIGNIFICANCE, Some(1.0)),
            Spread::Unknown | Spread::Even => {
                (SIGNIFICANCE / self.tests, model.p().map(|p| self.tests * p).filter(|&p| p <= SIGNIFICANCE))
            }
        };
        let seeds_needed = model.seeds_needed(level);
        let reach = p.map(|_| model.reach(level));
        let (difference, relative) = told(&model, reach, bounds);
        let shown = relative.unwrap_or(difference).interval;
        let p = p.zip(shown).map(|(p, shown)| agreeing(p, shown));
        Effect { difference, relative, p, seeds_needed, model }
    }
}

/// Makes p agree with the interval. p and the interval are computed in different ways, and rounding
/// must not make only one of them significant.
fn agreeing(p: f64, interval: Interval) -> f64 {
    if interval.leaves_out_zero() { p.min(SIGNIFICANCE) } else { p.max(SIGNIFICANCE.next_up()) }
}

/// Returns the change as a difference and as a relative change. `reach` is the half-width of the
/// model's interval.
fn told(model: &Model, reach: Option<f64>, bounds: Bounds) -> (Change, Option<Change>) {
    let (center, baseline) = (model.center, model.mean_baseline);
    let measured = Told { estimate: center, ends: reach.map(|reach| (center - reach, center + reach)) };
    let [low, high] = [bounds.low, bounds.high].map(|bound| bound.map(|bound| bound - baseline));
    match model.scale {
        Scale::LogRatio => {
            let [low, high] = [low, high].map(|bound| bound.map(|bound| bound / baseline));
            let relative = measured.map(libm::expm1).cut(low, high).finite();
            let difference = relative.map(|change| change * baseline).finite();
            let relative = Told { ends: relative.ends.filter(|_| difference.ends.is_some()), ..relative };
            (difference.change(), Some(relative.change()))
        }
        Scale::Difference => {
            let difference = measured.cut(low, high).finite();
            let relative = difference.map(|change| change / baseline);
            (difference.change(), (baseline > 0.0 && relative.is_finite()).then(|| relative.change()))
        }
    }
}

/// A change with the ends of its interval on some scale.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Told {
    estimate: f64,
    ends: Option<(f64, f64)>,
}

impl Told {
    /// Maps the change to another scale by the increasing function `of`.
    fn map(self, of: impl Fn(f64) -> f64) -> Told {
        Told { estimate: of(self.estimate), ends: self.ends.map(|(low, high)| (of(low), of(high))) }
    }

    /// Limits the interval to possible changes: from `low` (at most 0) to `high` (at least 0). The
    /// interval always contains the estimate.
    fn cut(self, low: Option<f64>, high: Option<f64>) -> Told {
        let [low, high] = [low.unwrap_or(f64::NEG_INFINITY).min(0.0), high.unwrap_or(f64::INFINITY).max(0.0)];
        let cut = |ends: (f64, f64)| (ends.0.max(low).min(self.estimate), ends.1.min(high).max(self.estimate));
        Told { ends: self.ends.map(cut), ..self }
    }

    /// Removes the interval if one of its ends is not finite.
    fn finite(self) -> Told {
        Told { ends: self.ends.filter(|(low, high)| low.is_finite() && high.is_finite()), ..self }
    }

    fn is_finite(self) -> bool {
        self.estimate.is_finite() && self.finite() == self
    }

    fn change(self) -> Change {
        Change { estimate: self.estimate, interval: self.ends.map(|(low, high)| Interval { low, high }) }
    }
}

impl Effect {
    /// Returns the scale on which the effect is measured.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.model.scale
    }

    /// Returns whether the interval excludes 0.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.relative.unwrap_or(self.difference).interval.is_some_and(Interval::leaves_out_zero)
    }

    /// Returns the probability that the relative change is at most `change`. The formula is P(T <=
    /// (x - m) / se). Here x is `change` on the scale of the effect, m is the estimate on this
    /// scale, and se is its standard error. The result is the posterior probability under a flat
    /// prior, for this comparison alone.
    ///
    /// Returns `None` if there is only one replicate or no relative change.
    #[must_use]
    pub fn probability_at_most(&self, change: f64) -> Option<f64> {
        self.threshold(change).and_then(|threshold| self.model.below(threshold))
    }

    /// Returns the probability that the relative change is at least `change`; see
    /// [`probability_at_most`](Effect::probability_at_most).
    #[must_use]
    pub fn probability_at_least(&self, change: f64) -> Option<f64> {
        self.threshold(change).and_then(|threshold| self.model.above(threshold))
    }

    /// Converts a relative change to the scale of the effect.
    fn threshold(&self, change: f64) -> Option<f64> {
        self.relative?;
        Some(match self.model.scale {
            Scale::LogRatio if change <= -1.0 => f64::NEG_INFINITY,
            Scale::LogRatio => libm::log1p(change),
            Scale::Difference => change * self.model.mean_baseline,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replication::{Design, Unit};
    use proptest::prelude::*;

    fn pairs(arm: &[f64], baseline: &[f64]) -> Paired {
        Paired::new(Design::seeds(arm.len()), arm, baseline).unwrap()
    }

    fn effect(arm: &[f64], baseline: &[f64], bounds: Bounds) -> Effect {
        effects(&[pairs(arm, baseline)], bounds, Adjustment::Family).remove(0)
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-6
    }

    /// Student's sleep data (1908, in Fisher's pairing): hours of sleep gained by ten patients
    /// under two drugs.
    const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn differences_meet_the_sleep_data() {
        let found = effect(&FIRST, &SECOND, Bounds::NON_NEGATIVE);
        let interval = found.difference.interval.unwrap();
        // The published analysis: t = -4.0621, 9 degrees of freedom, p = 0.002833, interval
        // -2.4598858 to -0.7001142.
        assert_eq!(found.scale(), Scale::Difference);
        assert!(close(found.difference.estimate, -1.58) && close(found.p.unwrap(), 0.002_833));
        assert!(close(interval.low, -2.459_885_8) && close(interval.high, -0.700_114_2));
        let relative = found.relative.unwrap();
        assert!(close(relative.estimate, -1.58 / 2.33) && close(relative.interval.unwrap().low, -2.459_885_8 / 2.33));
    }

    #[test]
    fn two_log_ratios_have_the_closed_form() {
        // ln .5 and ln .8: mean ± 12.7062 × |difference| / 2.
        let found = effect(&[1.0, 4.0], &[2.0, 5.0], Bounds::NON_NEGATIVE);
        let (reach, center) = (12.706_204_736 * (0.8_f64.ln() - 0.5_f64.ln()) / 2.0, (0.5_f64 * 0.8).sqrt());
        let relative = found.relative.unwrap();
        let interval = relative.interval.unwrap();
        assert!(found.scale() == Scale::LogRatio && close(relative.estimate, center - 1.0));
        assert!(close(interval.low, center * (-reach).exp() - 1.0) && close(interval.high, center * reach.exp() - 1.0));
        assert!(close(found.difference.estimate, 3.5 * (center - 1.0)));
        assert!(close(found.difference.interval.unwrap().high, 3.5 * interval.high));
    }

    #[test]
    fn a_clear_fall_by_three_fifths_from_three_seeds() {
        let found = effect(&[0.1066, 0.0354, 0.0625], &[0.2780, 0.0875, 0.1520], Bounds::SHARE);
        let relative = found.relative.unwrap();
        let interval = relative.interval.unwrap();
        let tenths = |share: f64| (1000.0 * share).round() / 10.0;
        assert_eq!([relative.estimate, interval.low, interval.high].map(tenths), [-60.0, -63.5, -56.2]);
        assert!(found.is_clear() && found.p.unwrap() < 0.001);
        // The worlds differ widely, but arm and baseline are similar within each world.
        let found = effect(&[0.30, 0.093, 0.165], &[0.2780, 0.0875, 0.1520], Bounds::SHARE);
        assert!(found.is_clear() && found.relative.unwrap().estimate > 0.0, "{found:?}");
        let found = effect(&[0.30, 0.080, 0.150], &[0.2780, 0.0875, 0.1520], Bounds::SHARE);
        assert!(!found.is_clear() && found.p.unwrap() > 0.05, "{found:?}");
    }

    #[test]
    fn a_value_of_zero_makes_differences_and_no_change_falls_below_all_of_it() {
        let found = effect(&[0.0, 0.001, 0.0, 0.01], &[0.2, 0.3, 0.01, 0.28], Bounds::SHARE);
        let relative = found.relative.unwrap();
        assert_eq!((found.scale(), relative.interval.unwrap().low), (Scale::Difference, -1.0));
        let gone = effect(&[0.0; 4], &[0.2, 0.3, 0.25, 0.28], Bounds::SHARE);
        assert_eq!((gone.relative.unwrap().estimate, gone.is_clear()), (-1.0, true));
        assert_eq!(gone.relative.unwrap().interval.unwrap().low, -1.0);
        let negative = effect(&[0.0, 0.001, 0.0, 0.01], &[0.2, 0.3, 0.01, -0.28], Bounds::NON_NEGATIVE);
        assert!(
            negative.relative.unwrap().interval.unwrap().low < -1.0,
            "a metric with values below 0 has no such bound"
        );
    }

    #[test]
    fn a_share_does_not_rise_above_one() {
        let found = effect(&[0.99, 0.90, 0.97], &[0.80, 0.82, 0.70], Bounds::SHARE);
        let (relative, baseline) = (found.relative.unwrap(), 2.32 / 3.0);
        assert_eq!(found.scale(), Scale::LogRatio);
        assert!(close(baseline * (1.0 + relative.interval.unwrap().high), 1.0), "{found:?}");
        assert!(close(found.difference.interval.unwrap().high, 1.0 - baseline));
        // The geometric mean of the ratios is 3.1 and the baseline's mean is 0.5. The ratios imply
        // an arm's mean of 1.6, but no share is above 1.
        assert_eq!(effect(&[0.9, 0.99], &[0.1, 0.9], Bounds::SHARE).scale(), Scale::Difference);
        assert_eq!(effect(&[0.9, 0.99], &[0.1, 0.9], Bounds::NON_NEGATIVE).scale(), Scale::LogRatio);
    }

    #[test]
    fn equal_changes_are_clear_from_six_replicates_on() {
        let of = |n: usize| effect(&vec![0.2; n], &vec![0.4; n], Bounds::SHARE);
        for n in 1..6 {
            let found = of(n);
            assert_eq!((found.p, found.relative.unwrap().interval, found.is_clear()), (None, None, false), "{n}");
        }
        let found = of(6);
        assert_eq!((found.p, found.relative.unwrap().interval), (Some(0.031_25), Interval::between(-0.5, -0.5)));
        assert!(found.is_clear() && of(2).seeds_needed == Some(6));
        // The same values up to rounding, on the difference scale.
        let rounded = effect(&[0.1 + 0.2, 0.3], &[0.1, 0.1], Bounds::ANY);
        assert_eq!((rounded.p, rounded.is_clear()), (None, false));
        let differences = effect(&[-0.1; 7], &[0.0; 7], Bounds::ANY);
        assert_eq!((differences.p, differences.relative), (Some(0.015_625), None));
    }

    #[test]
    fn equal_changes_of_a_family_need_more_replicates() {
        let family = |n: usize| {
            let arms = [0.5, 0.4, 0.3].map(|retained| pairs(&vec![retained; n], &vec![1.0; n]));
            effects(&arms, Bounds::ANY, Adjustment::Family)
        };
        assert!(family(6).iter().all(|found| found.p.is_none() && !found.is_clear() && found.seeds_needed == Some(7)));
        assert!(family(7).iter().all(|found| found.p == Some(3.0 / 64.0) && found.is_clear()));
    }

    #[test]
    fn identical_arms_differ_by_exactly_nothing() {
        for values in [[0.1, 0.2, 0.3], [0.0, 0.0, 0.3]] {
            let found = effect(&values, &values, Bounds::SHARE);
            let none = Change { estimate: 0.0, interval: Interval::between(0.0, 0.0) };
            assert_eq!((found.difference, found.relative, found.p), (none, Some(none), Some(1.0)));
            assert_eq!((found.is_clear(), found.seeds_needed), (false, Some(2)));
        }
    }

    #[test]
    fn a_baseline_of_nothing_has_no_relative_change() {
        let found = effect(&[1.0, 2.0, 0.5], &[0.0; 3], Bounds::NON_NEGATIVE);
        assert_eq!((found.relative, found.scale(), found.probability_at_most(-0.2)), (None, Scale::Difference, None));
        assert_eq!(found.difference.interval.unwrap().low, 0.0, "an interval that ends at 0 does not exclude 0");
        assert!(!found.is_clear() && found.p.unwrap() > 0.05 && found.seeds_needed.is_none());
    }

    #[test]
    fn one_replicate_has_a_change_and_nothing_else() {
        let found = effect(&[3.0], &[4.0], Bounds::NON_NEGATIVE);
        let relative = found.relative.unwrap();
        assert!(close(relative.estimate, -0.25) && relative.interval.is_none());
        assert_eq!((found.p, found.seeds_needed, found.probability_at_most(0.0)), (None, None, None));
    }

    #[test]
    fn worlds_are_the_replicates_of_several_worlds() {
        let units = (0..3).flat_map(|world| (0..4).map(move |seed| Unit { world, seed })).collect();
        let (arm, baseline): (Vec<f64>, Vec<f64>) =
            (0..12).map(|at| (f64::from(at % 4) + 2.0 + f64::from(at / 4), f64::from(at % 4) + 4.0)).unzip();
        let worlds = Paired::new(Design::new(units), &arm, &baseline).unwrap();
        let found = &effects(&[worlds], Bounds::ANY, Adjustment::Single)[0];
        let logs: Vec<f64> = (0..3)
            .map(|world| {
                (0..4).map(|seed| (arm[4 * world + seed] / baseline[4 * world + seed]).ln()).sum::<f64>() / 4.0
            })
            .collect();
        let plain = crate::mean_interval(&logs).unwrap();
        let interval = found.relative.unwrap().interval.unwrap();
        assert!(close(interval.low, plain.low.exp_m1()) && close(interval.high, plain.high.exp_m1()));
        // If the twelve seeds were treated as independent, the effect would be significant.
        assert!(!found.is_clear() && effect(&arm, &baseline, Bounds::ANY).is_clear());
    }

    #[test]
    fn the_probability_follows_the_interval() {
        let (arm, baseline) = ([7.0, 7.9, 7.2, 6.8], [10.0, 11.0, 10.0, 9.0]);
        let found = effect(&arm, &baseline, Bounds::NON_NEGATIVE);
        let interval = found.relative.unwrap().interval.unwrap();
        assert!(close(found.probability_at_most(interval.high).unwrap(), 0.975));
        assert!(close(found.probability_at_least(interval.high).unwrap(), 0.025));
        assert!(found.probability_at_most(-0.2).unwrap() > 0.99);
        assert_eq!([found.probability_at_most(-1.0), found.probability_at_least(-1.0)], [Some(0.0), Some(1.0)]);
        let even = effect(&[1.0; 6], &[2.0; 6], Bounds::ANY);
        assert_eq!([-0.6, -0.4].map(|change| even.probability_at_most(change)), [Some(0.0), Some(1.0)]);
        assert_eq!([-0.6, -0.4].map(|change| even.probability_at_least(change)), [Some(1.0), Some(0.0)]);
    }

    #[test]
    fn seeds_needed_are_asked_for_on_the_scale_of_the_interval() {
        let (arm, baseline) = ([7.0, 7.9, 6.2, 6.8], [10.0, 11.0, 10.0, 9.0]);
        let found = effect(&arm, &baseline, Bounds::NON_NEGATIVE);
        let logs: Vec<f64> = arm.iter().zip(baseline).map(|(arm, baseline)| (arm / baseline).ln()).collect();
        let deviation = crate::variance(&logs).unwrap().sqrt();
        assert_eq!(found.seeds_needed, crate::seeds_needed(deviation, 1.1_f64.ln(), 0.05));
        let differences = effect(&FIRST, &SECOND, Bounds::ANY);
        assert_eq!(differences.seeds_needed, crate::seeds_needed(1.229_995, 0.233, 0.05));
        let family = [pairs(&arm, &baseline), pairs(&baseline, &[9.0, 11.5, 10.5, 9.7])];
        let both = effects(&family, Bounds::NON_NEGATIVE, Adjustment::Family);
        assert!(both[0].seeds_needed > found.seeds_needed, "the critical value of a family is higher");
    }

    #[test]
    fn a_family_has_wider_intervals_and_higher_p_than_its_comparisons_alone() {
        let baseline = [10.0, 11.0, 10.0, 9.0, 12.0];
        let arms = [[9.0, 10.5, 9.0, 8.9, 11.0], [9.9, 11.1, 9.7, 9.1, 11.8], [12.0, 11.5, 12.0, 10.0, 13.0]];
        let family: Vec<Paired> = arms.iter().map(|arm| pairs(arm, &baseline)).collect();
        let together = effects(&family, Bounds::NON_NEGATIVE, Adjustment::Family);
        let single = effects(&family, Bounds::NON_NEGATIVE, Adjustment::Single);
        for (one, other) in together.iter().zip(&single) {
            let width = |effect: &Effect| effect.difference.interval.unwrap().half_width();
            assert!(
                width(one) > 1.1 * width(other)
                    && one.p > other.p
                    && one.difference.estimate == other.difference.estimate
            );
        }
    }

    /// Generates values that include zeros, ties, shares and large numbers.
    fn values(n: usize) -> impl Strategy<Value = Vec<f64>> {
        let any =
            prop_oneof![Just(0.0), Just(1.0), Just(0.5), 0.0..1.0_f64, 0.9..1.0_f64, 0.0..1e-6_f64, -1.0..50.0_f64];
        prop_oneof![
            prop::collection::vec(any, n),
            prop::collection::vec(0.01..1.0_f64, n),
            prop::collection::vec(prop_oneof![Just(0.0), 0.0..1.0_f64], n),
            (0.0..1.0_f64).prop_map(move |value| vec![value; n]),
        ]
    }

    fn family() -> impl Strategy<Value = Vec<Paired>> {
        (2..12_usize, 1..4_usize).prop_flat_map(|(n, arms)| {
            (values(n), prop::collection::vec((values(n), 0..2_usize), arms)).prop_map(move |(baseline, arms)| {
                let paired = |(arm, missing): &(Vec<f64>, usize)| pairs(&arm[*missing..], &baseline[*missing..]);
                arms.iter().map(paired).collect()
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(160))]
        #[test]
        fn everything_shown_agrees(family in family(), bounds in prop_oneof![Just(Bounds::SHARE), Just(Bounds::NON_NEGATIVE), Just(Bounds::ANY)]) {
            let all: Vec<f64> = family.iter().flat_map(Paired::values).collect();
            let bounds = bounds.kept_by(&all);
            let single = effects(&family, bounds, Adjustment::Single);
            for ((effect, alone), pairs) in effects(&family, bounds, Adjustment::Family).iter().zip(single).zip(&family) {
                for effect in [effect, &alone] {
                    prop_assert_eq!(effect.is_clear(), effect.p.is_some_and(|p| p <= SIGNIFICANCE), "{:?}", effect);
                    let changes = [Some(effect.difference), effect.relative];
                    for change in changes.into_iter().flatten() {
                        prop_assert_eq!(change.interval.is_some(), effect.p.is_some());
                        prop_assert_eq!(change.estimate.total_cmp(&0.0).is_lt(), effect.difference.estimate.total_cmp(&0.0).is_lt());
                        if let Some(interval) = change.interval {
                            prop_assert!(interval.contains(change.estimate) && interval.low.is_finite() && interval.high.is_finite());
                            prop_assert_eq!(interval.leaves_out_zero(), effect.is_clear(), "{:?}", effect);
                        }
                    }
                    if let Some(Change { estimate, interval: Some(interval) }) = effect.relative {
                        let level = |change: f64| pairs.mean_baseline() * (1.0 + change);
                        for change in [estimate, interval.low, interval.high] {
                            let level = level(change);
                            prop_assert!(bounds.allow(bounds.nearest(level)) && (bounds.nearest(level) - level).abs() < 1e-7, "{:?}", effect);
                        }
                    }
                }
                if let Some((together, alone)) = effect.p.zip(alone.p) {
                    prop_assert!(together >= alone, "{} {}", together, alone);
                }
            }
        }

        #[test]
        fn swapping_the_arms_turns_the_sign(pairs_of in prop::collection::vec((0.1..9.0_f64, 0.1..9.0_f64), 2..25)) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = pairs_of.into_iter().unzip();
            let (one, other) = (effect(&arm, &baseline, Bounds::ANY), effect(&baseline, &arm, Bounds::ANY));
            let factors = [one, other].map(|effect| (1.0 + effect.relative.unwrap().estimate, effect.p.unwrap()));
            prop_assert!((factors[0].0 * factors[1].0 - 1.0).abs() < 1e-9 && (factors[0].1 - factors[1].1).abs() < 1e-9);
        }

        #[test]
        fn nothing_that_is_not_finite_leaks(numbers in prop::collection::vec((any::<f64>(), any::<f64>()), 0..9)) {
            let (arm, baseline): (Vec<f64>, Vec<f64>) = numbers.into_iter().unzip();
            if let Some(pairs) = Paired::new(Design::seeds(arm.len()), &arm, &baseline) {
                let ratio = pairs.variance_ratio();
                for effect in effects(&[pairs.clone(), pairs], Bounds::ANY, Adjustment::Family) {
                    let changes = [Some(effect.difference), effect.relative];
                    let ends = changes.iter().flatten().filter_map(|change| change.interval).flat_map(|it| [it.low, it.high]);
                    let estimates = changes.iter().flatten().map(|change| change.estimate);
                    let others = [effect.p, ratio, effect.probability_at_most(-0.2)];
                    prop_assert!(ends.chain(estimates).chain(others.into_iter().flatten()).all(f64::is_finite));
                }
            }
        }
    }
}
