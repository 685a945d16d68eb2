//! The level of an outcome under one arm: its mean over seeds with an interval.

use std::collections::BTreeMap;

use recsafe_stats::{mean, mean_interval};

use recsafe_analysis::{MetricValue, Outcome};

/// A mean over seeds. All arms use the same seeds, so two intervals can overlap although the change
/// between the arms is clear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Level {
    /// The mean.
    pub mean: f64,
    /// 95 % interval of the mean, Student-t over seeds; `None` with one seed. If no value is
    /// negative, the interval does not extend below 0.
    pub interval: Option<(f64, f64)>,
}

impl Level {
    fn of(values: &[f64]) -> Option<Level> {
        let least = if values.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
        let interval = mean_interval(values).map(|it| (it.low.max(least), it.high));
        mean(values).map(|mean| Level { mean, interval })
    }
}

/// Returns the level of every outcome under every arm, from the values at one point.
pub(super) fn levels(values: &[MetricValue]) -> BTreeMap<(Outcome, String), Level> {
    let mut by_arm: BTreeMap<(Outcome, String), Vec<f64>> = BTreeMap::new();
    for MetricValue { arm, metric, group, value, .. } in values {
        let finite = value.filter(|value| value.is_finite());
        by_arm.entry((Outcome::new(metric, group), arm.clone())).or_default().extend(finite);
    }
    by_arm.into_iter().filter_map(|(key, values)| Some((key, Level::of(&values)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_lies_in_its_interval_and_counts_stay_above_0() {
        let level = Level::of(&[1.0, 2.0, 3.0]).unwrap();
        let (low, high) = level.interval.unwrap();
        assert_eq!(level.mean, 2.0);
        assert!((high - 4.484).abs() < 1e-3 && low == 0.0, "2 - 2.484 is below 0");
        assert!(Level::of(&[-1.0, 2.0, 3.0]).unwrap().interval.unwrap().0 < 0.0);
    }

    #[test]
    fn one_seed_has_no_interval_and_none_no_level() {
        assert_eq!(Level::of(&[2.0]), Some(Level { mean: 2.0, interval: None }));
        assert_eq!(Level::of(&[]), None);
    }
}
