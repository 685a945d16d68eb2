//! Figures: numbers that are computed from measured worlds and compared with evidence.

use recsafe_common::band::AgeBand;
use recsafe_engine::measure::metrics::{self, Info};
use recsafe_stats::{Bounds, Interval, OutcomeName, bounded_interval, mean};
use recsafe_text::suggestion;
use serde::Deserialize;

use super::setup::{ARMS, DEFAULT};
use super::worlds::Sample;

/// Method of combining seeds into one figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pool {
    /// The mean of the seeds' figures; seeds without a figure are skipped.
    #[default]
    Mean,
    /// The sum of the seeds' numerators, divided by the sum of their denominators: a ratio
    /// estimator with a linearised interval (Cochran 1977, Sampling Techniques, chapter 6).
    Sums,
}

/// Computation of a figure.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Figure {
    /// A metric over the measured days.
    Metric {
        /// `ID@GROUP`, or `ID` for the metric's default group.
        metric: String,
        /// The arm.
        #[serde(default = "default_arm")]
        arm: String,
        /// A constant factor, to convert the unit.
        #[serde(default = "one")]
        times: f64,
        /// Method of combining seeds.
        #[serde(default)]
        pool: Pool,
    },
    /// A metric in one arm divided by the same metric in another arm.
    ArmsRatio {
        /// The metric.
        metric: String,
        /// The arm in the numerator.
        arm: String,
        /// The arm in the denominator.
        over: String,
    },
    /// A metric in one arm minus the same metric in another arm.
    ArmsDifference {
        /// The metric.
        metric: String,
        /// The arm.
        arm: String,
        /// The arm that is subtracted.
        minus: String,
        /// Method of combining seeds.
        #[serde(default)]
        pool: Pool,
    },
    /// A metric on one day divided by the same metric on another day.
    DaysRatio {
        /// The metric.
        metric: String,
        /// The arm.
        arm: String,
        /// The day in the numerator; the first measured day is 0.
        day: u32,
        /// The day in the denominator.
        over: u32,
    },
    /// Among the accounts in some true age bands, the share of accounts that declare the band
    /// `at_least` or an older band.
    StatedAge {
        /// True age bands.
        bands: Vec<AgeBand>,
        /// The youngest declared band that is included.
        at_least: AgeBand,
    },
}

fn default_arm() -> String {
    DEFAULT.to_owned()
}

fn one() -> f64 {
    1.0
}

/// A figure that combines all seeds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pooled {
    /// The figure; `None` if nothing was counted.
    pub value: Option<f64>,
    /// 95 % interval over seeds, within the bounds of the figure; `None` with fewer than two seeds.
    pub interval: Option<Interval>,
    /// Number of seeds with a figure.
    pub seeds: usize,
}

impl Pooled {
    fn of(values: &[f64], bounds: Bounds) -> Pooled {
        Pooled { value: mean(values), interval: bounded_interval(values, bounds), seeds: values.len() }
    }
}

/// Names and samples of all arms with one seed.
pub type Seed = [(String, Sample)];

fn sample<'a>(seed: &'a Seed, arm: &str) -> Option<&'a Sample> {
    seed.iter().find(|(name, _)| name == arm).map(|(_, sample)| sample)
}

/// Returns one entry per seed that has the metric: the seed's index, and the metric's scaled
/// numerator and denominator.
fn fractions(seeds: &[Vec<(String, Sample)>], metric: &str, arm: &str) -> Vec<(usize, f64, f64)> {
    let of = |(place, seed): (usize, &Vec<(String, Sample)>)| {
        let ratio = sample(seed, arm)?.whole(metric)?;
        ratio.numerator.is_finite().then_some((place, ratio.scaled(), ratio.denominator))
    };
    seeds.iter().enumerate().filter_map(of).collect()
}

/// Returns one value per seed. The mean of the values is the ratio of the sums. To first order, the
/// spread of the values is the spread of the ratio.
pub(super) fn linearised(fractions: &[(usize, f64, f64)]) -> Vec<(usize, f64)> {
    let (over, under) = fractions.iter().fold((0.0, 0.0), |(n, d), (_, one, other)| (n + one, d + other));
    if under == 0.0 {
        return Vec::new();
    }
    let (ratio, scale) = (over / under, under / fractions.len() as f64);
    fractions.iter().map(|&(place, n, d)| (place, ratio + (n - ratio * d) / scale)).collect()
}

impl Figure {
    /// Checks that every metric, group and arm in the figure exists.
    pub(super) fn check(&self) -> Result<(), String> {
        self.metric().map_or(Ok(()), check_metric)?;
        let known = || ARMS.iter().map(|(name, _)| *name);
        if let Some(arm) = self.arms().into_iter().find(|arm| !known().any(|name| name == *arm)) {
            return Err(format!("there is no arm `{arm}`; {}", suggestion(arm, known())));
        }
        match self {
            Figure::StatedAge { bands, .. } if bands.is_empty() => {
                Err("`bands` is empty; list at least one age band".to_owned())
            }
            Figure::Metric { times, .. } if !times.is_finite() => Err("`times` is not a finite number".to_owned()),
            Figure::DaysRatio { metric, .. } => match info(metric).filter(|info| !info.daily) {
                Some(info) => Err(format!("`{}` has no value for a single day", info.id)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn metric(&self) -> Option<&str> {
        match self {
            Figure::Metric { metric, .. }
            | Figure::ArmsRatio { metric, .. }
            | Figure::ArmsDifference { metric, .. }
            | Figure::DaysRatio { metric, .. } => Some(metric),
            Figure::StatedAge { .. } => None,
        }
    }

    /// Returns the arms that the figure needs.
    #[must_use]
    pub fn arms(&self) -> Vec<&str> {
        match self {
            Figure::Metric { arm, .. } | Figure::DaysRatio { arm, .. } => vec![arm],
            Figure::ArmsRatio { arm, over, .. } => vec![arm, over],
            Figure::ArmsDifference { arm, minus, .. } => vec![arm, minus],
            Figure::StatedAge { .. } => vec![DEFAULT],
        }
    }

    /// Returns the arm for which the figure needs daily values, if any.
    #[must_use]
    pub fn by_day_of(&self) -> Option<&str> {
        match self {
            Figure::DaysRatio { arm, .. } => Some(arm),
            _ => None,
        }
    }

    /// Returns the figure of these seeds.
    #[must_use]
    pub fn pooled(&self, seeds: &[Vec<(String, Sample)>]) -> Pooled {
        let each = || seeds.iter().filter_map(|seed| self.of_seed(seed)).filter(|value| value.is_finite()).collect();
        Pooled::of(&self.of_sums(seeds).unwrap_or_else(each), self.bounds())
    }

    /// Returns the bounds of the figure.
    fn bounds(&self) -> Bounds {
        let of = |named: &str| info(named).map_or(Bounds::ANY, |info| Bounds::of_unit(info.unit));
        match self {
            Figure::Metric { metric, times, .. } if *times > 0.0 => of(metric).times(*times),
            Figure::Metric { .. } => Bounds::ANY,
            Figure::ArmsDifference { metric, .. } => of(metric).of_differences(),
            Figure::ArmsRatio { .. } | Figure::DaysRatio { .. } => Bounds::NON_NEGATIVE,
            Figure::StatedAge { .. } => Bounds::SHARE,
        }
    }

    /// Returns one linearised value per seed, or an empty list if nothing was counted. Returns
    /// `None` for figures that are not computed from sums.
    fn of_sums(&self, seeds: &[Vec<(String, Sample)>]) -> Option<Vec<f64>> {
        match self {
            Figure::Metric { metric, arm, times, pool: Pool::Sums } => {
                let values = linearised(&fractions(seeds, metric, arm));
                Some(values.into_iter().map(|(_, value)| value * times).collect())
            }
            Figure::ArmsDifference { metric, arm, minus, pool: Pool::Sums } => {
                let (one, other) = (fractions(seeds, metric, arm), fractions(seeds, metric, minus));
                let both = |list: &[(usize, f64, f64)], others: &[(usize, f64, f64)]| {
                    let retained = list.iter().filter(|(place, ..)| others.iter().any(|(other, ..)| other == place));
                    linearised(&retained.copied().collect::<Vec<_>>())
                };
                let (one, other) = (both(&one, &other), both(&other, &one));
                Some(one.iter().zip(&other).map(|((_, a), (_, b))| a - b).collect())
            }
            _ => None,
        }
    }

    /// Returns the figure of one seed.
    fn of_seed(&self, seed: &Seed) -> Option<f64> {
        let whole = |arm: &str, metric: &str| sample(seed, arm)?.whole(metric)?.value();
        match self {
            Figure::Metric { metric, arm, times, .. } => Some(whole(arm, metric)? * times),
            Figure::ArmsRatio { metric, arm, over } => Some(whole(arm, metric)? / whole(over, metric)?),
            Figure::ArmsDifference { metric, arm, minus, .. } => Some(whole(arm, metric)? - whole(minus, metric)?),
            Figure::DaysRatio { metric, arm, day, over } => {
                let on = |day| sample(seed, arm)?.on_day(metric, day)?.value();
                Some(on(*day)? / on(*over)?)
            }
            Figure::StatedAge { bands, at_least } => sample(seed, DEFAULT)?.stated.share(bands, *at_least),
        }
    }
}

/// Returns the metric with the name `ID@GROUP` or `ID`.
fn info(named: &str) -> Option<&'static Info> {
    metrics::find(&OutcomeName::from(named).metric)
}

fn check_metric(named: &str) -> Result<(), String> {
    let OutcomeName { metric: id, group } = named.into();
    let all = metrics::all();
    let Some(metric) = all.iter().find(|metric| metric.info().id == id) else {
        let help = suggestion(&id, all.iter().map(|metric| metric.info().id));
        return Err(format!("there is no metric `{id}`; {help}"));
    };
    if !metric.info().measured {
        return Err(format!("`{id}` compares two arms; use the metric that it compares instead"));
    }
    let groups = metric.groups();
    match group.filter(|group| !groups.contains(group)) {
        Some(group) => {
            let help = suggestion(&group, groups.iter().map(String::as_str));
            Err(format!("`{id}` has no group `{group}`; {help}"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_engine::measure::{Measured, Ratio};

    fn sample_of(metric: &'static str, group: &str, numerator: f64, denominator: f64) -> Sample {
        let ratio = Ratio::of(numerator, denominator);
        Sample { totals: vec![Measured { day: None, metric, group: group.to_owned(), ratio }], ..Sample::default() }
    }

    fn seeds(arm: &[(f64, f64)], other: &[(f64, f64)]) -> Vec<Vec<(String, Sample)>> {
        let named = |name: &str, &(n, d): &(f64, f64)| (name.to_owned(), sample_of("dose", "minor", n, d));
        let pair = |(one, two)| vec![named("default", one), named("chronological", two)];
        arm.iter().zip(other).map(pair).collect()
    }

    fn figure(text: &str) -> Figure {
        #[derive(Deserialize)]
        struct One {
            figure: Figure,
        }
        toml::from_str::<One>(&format!("figure = {text}")).unwrap().figure
    }

    #[test]
    fn means_and_sums_of_seeds() {
        let seeds = seeds(&[(1.0, 2.0), (1.0, 10.0), (3.0, 0.0)], &[(1.0, 1.0); 3]);
        let mean = figure("{ kind = \"metric\", metric = \"dose@minor\" }").pooled(&seeds);
        assert_eq!((mean.value, mean.seeds), (Some(0.3), 2), "a seed without a denominator has no figure");
        let sums = figure("{ kind = \"metric\", metric = \"dose\", times = 2.0, pool = \"sums\" }").pooled(&seeds);
        assert!(
            (sums.value.unwrap() - 2.0 * 5.0 / 12.0).abs() < 1e-12,
            "the numerator of a seed without a denominator is included in sums"
        );
        assert!(sums.interval.unwrap().contains(sums.value.unwrap()));
    }

    #[test]
    fn arms_are_paired_by_seed() {
        let seeds = seeds(&[(2.0, 10.0), (8.0, 10.0)], &[(1.0, 10.0), (2.0, 10.0)]);
        let ratio = figure("{ kind = \"arms-ratio\", metric = \"dose\", arm = \"default\", over = \"chronological\" }");
        assert_eq!(ratio.pooled(&seeds).value, Some(3.0));
        for pool in ["mean", "sums"] {
            let text = format!(
                "{{ kind = \"arms-difference\", metric = \"dose\", arm = \"default\", minus = \"chronological\", pool = \"{pool}\" }}"
            );
            assert!((figure(&text).pooled(&seeds).value.unwrap() - 0.35).abs() < 1e-12);
        }
    }

    #[test]
    fn intervals_stay_within_what_is_possible() {
        let share = |numerator| vec![("default".to_owned(), sample_of("prevalence", "all", numerator, 100.0))];
        let interval = |times: &str, shares: &[f64], pool: &str| {
            let text =
                format!("{{ kind = \"metric\", metric = \"prevalence@all\", times = {times}, pool = \"{pool}\" }}");
            figure(&text)
                .pooled(&shares.iter().map(|&numerator| share(numerator)).collect::<Vec<_>>())
                .interval
                .unwrap()
        };
        for pool in ["mean", "sums"] {
            let low = interval("1.0", &[1.0, 2.0, 30.0], pool);
            assert!(low.low > 0.0 && low.high < 1.0, "{low:?}");
            assert_eq!(interval("1.0", &[0.0, 2.0, 3.0], pool).low, 0.0);
            assert_eq!(interval("100.0", &[90.0, 100.0, 99.0], pool).high, 100.0);
        }
        let seeds = seeds(&[(1.0, 10.0), (9.0, 10.0)], &[(1.0, 10.0), (1.0, 10.0)]);
        let ratio = figure("{ kind = \"arms-ratio\", metric = \"dose\", arm = \"default\", over = \"chronological\" }");
        assert!(ratio.pooled(&seeds).interval.unwrap().low > 0.0);
    }

    #[test]
    fn nothing_counted_is_no_figure() {
        let empty = seeds(&[(0.0, 0.0)], &[(0.0, 0.0)]);
        for pool in ["mean", "sums"] {
            let figure = figure(&format!("{{ kind = \"metric\", metric = \"dose\", pool = \"{pool}\" }}"));
            assert_eq!(figure.pooled(&empty), Pooled::default());
        }
    }
}
