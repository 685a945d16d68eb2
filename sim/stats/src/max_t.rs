//! Simultaneous inference for several comparisons: single-step max-t.
//!
//! Sources: Westfall and Young (1993), "Resampling-based multiple testing", chapter 2; Hothorn,
//! Bretz and Westfall (2008), "Simultaneous inference in general parametric models", Biometrical
//! Journal 50. The rotations follow Langsrud (2005), "Rotation tests", Statistics and Computing 15.

use std::collections::{BTreeMap, BTreeSet};

use crate::interval::{SIGNIFICANCE, two_sided_t};
use crate::moments::mean;
use crate::replication::Replicate;
use crate::splitmix::SplitMix;
use crate::student;

/// Maximum and minimum number of simulated experiments. If (draws + 1) / 20 is whole, the level of
/// 5 % is exact.
const MOST_DRAWS: usize = 9_999;
const FEWEST_DRAWS: usize = 1_999;

/// Maximum work for the draws of one family, in multiplications. This work takes a few tenths of a
/// second.
const MOST_WORK: usize = 200_000_000;

/// Cost of a normal draw, in multiplications.
const NORMAL: usize = 16;

/// Number of rotations of each set of simulated data. Rotated data keep the correlations but have
/// different means.
const ROTATIONS: usize = 32;

/// Seed of the pseudo-random numbers. The seed is fixed, so equal data have equal intervals.
const START: u64 = 0x003A_F7E5;

/// Values of one comparison by replicate.
pub(crate) type Values<'a> = &'a [(Replicate, f64)];

/// Adjustment of a family of t tests.
pub(crate) struct Family {
    /// Number of tests.
    tests: usize,
    tail: Tail,
    /// The most extreme statistic of each simulated experiment, in ascending order. No arm of these
    /// experiments has an effect. `tail` measures how extreme a result is. The list is empty for a
    /// single test.
    smallest: Vec<f64>,
}

/// Measure of how extreme a statistic is; smaller is more extreme.
#[derive(Clone, Copy)]
enum Tail {
    /// 1 - cos² = f / (f + t²), if all tests have the same degrees of freedom f.
    Sine(f64),
    /// The p value, if degrees of freedom differ: the same t is rarer with more degrees of freedom.
    P,
}

impl Tail {
    fn of_sine(self, sine: f64, freedom: f64) -> f64 {
        match self {
            Tail::Sine(_) => sine,
            Tail::P => p_of_sine(sine, freedom),
        }
    }

    fn of_p(self, p: f64) -> f64 {
        match self {
            Tail::Sine(freedom) => freedom / (freedom + two_sided_t(p, freedom).powi(2)),
            Tail::P => p,
        }
    }

    fn p(self, tail: f64) -> f64 {
        match self {
            Tail::Sine(freedom) => p_of_sine(tail, freedom),
            Tail::P => tail,
        }
    }
}

/// Returns the p value of the t with f / (f + t²) = `sine`.
fn p_of_sine(sine: f64, freedom: f64) -> f64 {
    student::two_sided((freedom * (1.0 - sine) / sine).sqrt(), freedom)
}

impl Family {
    /// Returns the family of these comparisons. Each comparison must have at least two replicates,
    /// and its values must vary.
    pub(crate) fn of(comparisons: &[Values]) -> Self {
        let tests = comparisons.len();
        if tests < 2 {
            return Family { tests, tail: Tail::P, smallest: Vec::new() };
        }
        let residuals = Residuals::of(comparisons);
        let tail = residuals.tail();
        Family { tests, tail, smallest: simulate(&residuals, tail) }
    }

    /// Returns the adjusted p value, which is the probability that the smallest p value of the
    /// family is at most `p` if there is no effect. The adjusted value is never below `p` and never
    /// above Bonferroni's p value.
    pub(crate) fn adjusted(&self, p: f64) -> f64 {
        let (bonferroni, draws) = (self.tests as f64 * p, self.smallest.len() as f64);
        // The draws cannot resolve smaller p values, so Bonferroni's p value is used.
        if self.tests < 2 || bonferroni <= 1.0 / (draws + 1.0) {
            return bonferroni.max(p);
        }
        let tail = self.tail.of_p(p);
        let below = self.smallest.partition_point(|&smallest| smallest <= tail) as f64;
        ((below + 1.0) / (draws + 1.0)).min(bonferroni).clamp(p, 1.0)
    }

    /// Returns the level of each single interval. At this level, the joint confidence of all
    /// intervals is 95 %. A p value below this level has an adjusted p value of at most 5 %.
    pub(crate) fn level(&self) -> f64 {
        if self.tests < 2 {
            return SIGNIFICANCE;
        }
        let allowed = (SIGNIFICANCE * (self.smallest.len() + 1) as f64).floor() as usize;
        let simulated = self.tail.p(self.smallest[allowed.saturating_sub(1)]);
        simulated.clamp(SIGNIFICANCE / self.tests as f64, SIGNIFICANCE)
    }
}

/// Comparisons with values in the same replicates.
struct Class {
    replicates: Vec<usize>,
    comparisons: Vec<usize>,
}

/// Residuals of all comparisons, one row per replicate, scaled to length 1 over the replicates.
/// Residuals are 0 where a comparison has no value.
struct Residuals {
    rows: Vec<Vec<f64>>,
    classes: Vec<Class>,
}

impl Residuals {
    fn of(comparisons: &[Values]) -> Self {
        let all: BTreeSet<Replicate> = comparisons.iter().flat_map(|values| values.iter().map(|it| it.0)).collect();
        let places: BTreeMap<Replicate, usize> = all.into_iter().zip(0..).collect();
        let mut rows = vec![vec![0.0; comparisons.len()]; places.len()];
        let mut classes: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for (at, values) in comparisons.iter().enumerate() {
            let replicates: Vec<usize> = values.iter().map(|it| places[&it.0]).collect();
            for (&replicate, residual) in replicates.iter().zip(standardised(values)) {
                rows[replicate][at] = residual;
            }
            classes.entry(replicates).or_default().push(at);
        }
        let classes = classes.into_iter().map(|(replicates, comparisons)| Class { replicates, comparisons }).collect();
        Residuals { rows, classes }
    }

    /// Returns the measure by which the family's statistics are ordered.
    fn tail(&self) -> Tail {
        let first = &self.classes[0];
        let alike = |class: &Class| class.replicates.len() == first.replicates.len();
        if self.classes.iter().all(alike) { Tail::Sine(first.freedom()) } else { Tail::P }
    }

    /// Returns the number of multiplications per draw.
    fn work(&self) -> usize {
        let (replicates, comparisons) = (self.rows.len(), self.rows[0].len());
        let data = replicates * (replicates + NORMAL) * (comparisons + NORMAL);
        replicates * (comparisons + NORMAL) + data / ROTATIONS
    }
}

/// Returns the shrinkage of correlations towards 0: 1 / (n - 1).
///
/// Few replicates overstate correlations, and correlations that are too high make intervals too
/// short. Two replicates contain no information about correlations, because all residuals are on
/// one line. So with two replicates, comparisons are treated as independent.
fn shrinkage(replicates: usize) -> f64 {
    1.0 / (replicates as f64 - 1.0)
}

/// Returns the deviations from the mean, scaled to length 1.
fn standardised(values: Values) -> Vec<f64> {
    let numbers: Vec<f64> = values.iter().map(|it| it.1).collect();
    let center = mean(&numbers).unwrap_or_default();
    let largest = numbers.iter().map(|number| (number - center).abs()).fold(0.0, f64::max);
    let scaled: Vec<f64> = numbers.iter().map(|number| (number - center) / largest).collect();
    let length = scaled.iter().map(|number| number * number).sum::<f64>().sqrt();
    scaled.iter().map(|number| number / length).collect()
}

/// Adds `factor` times `row` to `sums`.
fn add(sums: &mut [f64], factor: f64, row: &[f64]) {
    sums.iter_mut().zip(row).for_each(|(sum, cell)| *sum += factor * cell);
}

/// Returns the most extreme statistic of each simulated experiment, in ascending order. `tail` is
/// the measure.
fn simulate(residuals: &Residuals, tail: Tail) -> Vec<f64> {
    let wanted = (MOST_WORK / residuals.work() / 1_000 * 1_000).saturating_sub(1).clamp(FEWEST_DRAWS, MOST_DRAWS);
    let mut draws = SplitMix::new(START);
    let mut smallest = Vec::with_capacity(wanted + ROTATIONS);
    while smallest.len() < wanted {
        let data = Data::of(residuals, &mut draws);
        smallest.extend((0..ROTATIONS).map(|_| data.rotated(&mut draws).smallest(&residuals.classes, tail)));
    }
    smallest.truncate(wanted);
    smallest.sort_by(f64::total_cmp);
    smallest
}

/// Normal data without any effect.
struct Data {
    /// One row per replicate; 0 where a comparison has no value.
    rows: Vec<Vec<f64>>,
    /// Squared length of each comparison's values.
    lengths: Vec<f64>,
}

/// Randomly rotated data.
///
/// A t statistic depends on the data x only through the angle between x and the vector of ones. The
/// equation is t² = (n - 1) cos² / (1 - cos²). Rotated normal data without effects have the same
/// distribution as the original data. Rotating the data has the same effect on t as rotating the
/// vector of ones, so directions are drawn instead.
struct Rotated<'a> {
    data: &'a Data,
    direction: Vec<f64>,
    /// Inner products of the direction and each comparison's values.
    along: Vec<f64>,
}

impl Data {
    /// Draws data with the residuals' correlations, shrunk towards 0.
    fn of(residuals: &Residuals, draws: &mut SplitMix) -> Self {
        let (replicates, comparisons) = (residuals.rows.len(), residuals.rows[0].len());
        let alone = shrinkage(replicates);
        let (own, shared) = (alone.sqrt(), (1.0 - alone).sqrt());
        let row = |draws: &mut SplitMix| {
            let mut row: Vec<f64> = draws.normal(comparisons).into_iter().map(|draw| own * draw).collect();
            let factors = draws.normal(replicates);
            residuals
                .rows
                .iter()
                .zip(factors)
                .for_each(|(residuals, factor)| add(&mut row, shared * factor, residuals));
            row
        };
        let mut rows: Vec<Vec<f64>> = (0..replicates).map(|_| row(draws)).collect();
        residuals.classes.iter().for_each(|class| class.clear(&mut rows));
        let mut lengths = vec![0.0; comparisons];
        for row in &rows {
            lengths.iter_mut().zip(row).for_each(|(length, cell)| *length += cell * cell);
        }
        Data { rows, lengths }
    }

    fn rotated(&self, draws: &mut SplitMix) -> Rotated<'_> {
        let direction = draws.normal(self.rows.len());
        let mut along = vec![0.0; self.lengths.len()];
        self.rows.iter().zip(&direction).for_each(|(row, &factor)| add(&mut along, factor, row));
        Rotated { data: self, direction, along }
    }
}

impl Rotated<'_> {
    fn smallest(&self, classes: &[Class], tail: Tail) -> f64 {
        classes.iter().map(|class| self.smallest_of(class, tail)).fold(f64::MAX, f64::min)
    }

    fn smallest_of(&self, class: &Class, tail: Tail) -> f64 {
        let size: f64 = class.replicates.iter().map(|&at| self.direction[at] * self.direction[at]).sum();
        let squares = class.comparisons.iter().map(|&at| self.along[at] * self.along[at] / self.data.lengths[at]);
        tail.of_sine((1.0 - squares.fold(0.0, f64::max) / size).max(0.0), class.freedom())
    }
}

impl Class {
    fn freedom(&self) -> f64 {
        self.replicates.len() as f64 - 1.0
    }

    /// Sets the values of the class's comparisons to 0 in replicates that the comparisons lack.
    fn clear(&self, rows: &mut [Vec<f64>]) {
        for (replicate, row) in rows.iter_mut().enumerate() {
            if self.replicates.binary_search(&replicate).is_err() {
                self.comparisons.iter().for_each(|&at| row[at] = 0.0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::standard_error;
    use proptest::prelude::*;

    /// Draws normal values of some comparisons in `n` replicates, with correlation `common` between
    /// any two comparisons.
    fn normal(comparisons: usize, n: u64, common: f64, draws: &mut SplitMix) -> Vec<Vec<(Replicate, f64)>> {
        let mut found = vec![Vec::new(); comparisons];
        for replicate in 0..n {
            let (shared, own) = (draws.normal(1)[0], draws.normal(comparisons));
            for (values, own) in found.iter_mut().zip(own) {
                values.push(((replicate, None), common.sqrt() * shared + (1.0 - common).sqrt() * own));
            }
        }
        found
    }

    fn family(comparisons: &[Vec<(Replicate, f64)>]) -> Family {
        Family::of(&comparisons.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn p(values: &[(Replicate, f64)]) -> f64 {
        let numbers: Vec<f64> = values.iter().map(|it| it.1).collect();
        let t = mean(&numbers).unwrap() / standard_error(&numbers).unwrap();
        student::two_sided(t, numbers.len() as f64 - 1.0)
    }

    /// Returns the share of families without any effect in which some adjusted p value is at most 5
    /// %.
    fn false_alarms(comparisons: usize, n: u64, common: f64, drop: bool) -> f64 {
        let (mut draws, families) = (SplitMix::new(5), 500);
        let mut alarm = || {
            let mut values = normal(comparisons, n, common, &mut draws);
            if drop {
                values[0].truncate(n as usize - 2);
            }
            let family = family(&values);
            values.iter().any(|values| family.adjusted(p(values)) <= SIGNIFICANCE)
        };
        (0..families).filter(|_| alarm()).count() as f64 / f64::from(families)
    }

    #[test]
    fn one_family_in_twenty_has_a_false_alarm() {
        // Three standard errors are 0.029. With few replicates of correlated comparisons the test
        // is conservative.
        for (comparisons, n, common) in [(4, 2, 0.5), (3, 4, 0.5), (4, 8, 0.0), (4, 8, 0.6), (12, 6, 0.3)] {
            let found = false_alarms(comparisons, n, common, false);
            assert!((0.02..0.08).contains(&found), "{comparisons} comparisons, {n} replicates: {found}");
        }
        let found = false_alarms(4, 7, 0.5, true);
        assert!((0.02..0.08).contains(&found), "with missing values: {found}");
    }

    #[test]
    fn a_single_test_is_not_adjusted() {
        let family = family(&normal(1, 5, 0.0, &mut SplitMix::new(1)));
        assert_eq!((family.adjusted(0.03), family.level()), (0.03, SIGNIFICANCE));
    }

    #[test]
    fn copies_of_one_comparison_cost_little_and_independent_ones_as_much_as_sidak_says() {
        let mut draws = SplitMix::new(2);
        let values = normal(1, 40, 0.0, &mut draws);
        let copies = family(&[values[0].clone(), values[0].clone(), values[0].clone()]);
        assert!(copies.level() > 0.035, "{}", copies.level());
        let independent = family(&normal(3, 200, 0.0, &mut draws));
        let sidak = 1.0 - 0.95_f64.powf(1.0 / 3.0);
        assert!((independent.level() / sidak - 1.0).abs() < 0.15, "{} {sidak}", independent.level());
    }

    #[test]
    fn equal_data_have_equal_adjustments() {
        let of = || family(&normal(3, 5, 0.2, &mut SplitMix::new(3)));
        assert_eq!(of().smallest, of().smallest);
    }

    #[test]
    fn large_families_take_fewer_draws() {
        let large = family(&normal(200, 64, 0.2, &mut SplitMix::new(4)));
        assert!((FEWEST_DRAWS..MOST_DRAWS).contains(&large.smallest.len()), "{}", large.smallest.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn adjusted_values_lie_between_the_single_one_and_bonferroni_and_agree_with_the_level(
            seed in any::<u64>(), n in 2..9_u64, comparisons in 2..6_usize, drop in any::<bool>(), p in 0.0..0.2_f64,
        ) {
            let mut values = normal(comparisons, n, 0.3, &mut SplitMix::new(seed));
            if drop && n > 2 {
                values[0].pop();
            }
            let (family, level) = (family(&values), family(&values).level());
            let adjusted = family.adjusted(p);
            prop_assert!(p <= adjusted && adjusted <= (comparisons as f64 * p).max(p));
            prop_assert!(level >= SIGNIFICANCE / comparisons as f64 && level <= SIGNIFICANCE);
            prop_assert!((p / level - 1.0).abs() < 1e-9 || (adjusted <= SIGNIFICANCE) == (p < level), "{adjusted} {p} {level}");
        }
    }
}
