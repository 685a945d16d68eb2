//! The level of an outcome under one arm: its mean over seeds with an interval.

use std::collections::BTreeMap;

use recsafe_stats::{mean, mean_interval};

use crate::compare::Outcome;
use crate::store::{Folder, Manifest, StoreError};

/// A mean over seeds. Arms meet the same seeds, so that two intervals may overlap although the change between the arms is clear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Level {
    /// The mean.
    pub mean: f64,
    /// Its 95 % interval, Student-t over seeds; none with one seed. What cannot be negative has no interval below 0.
    pub interval: Option<(f64, f64)>,
}

impl Level {
    fn of(values: &[f64]) -> Option<Level> {
        let least = if values.iter().all(|value| *value >= 0.0) { 0.0 } else { f64::NEG_INFINITY };
        let interval = mean_interval(values).map(|it| (it.low.max(least), it.high));
        mean(values).map(|mean| Level { mean, interval })
    }
}

/// The levels at point 0 of every outcome that a run has, by outcome and arm.
pub(super) fn levels(folder: &Folder, manifest: &Manifest) -> Result<BTreeMap<(Outcome, String), Level>, StoreError> {
    let runs = manifest.runs.iter().filter(|run| run.point == 0).cloned().collect();
    let first = Manifest { runs, ..manifest.clone() };
    let mut values: BTreeMap<(Outcome, String), Vec<f64>> = BTreeMap::new();
    for (run, rows) in folder.read_metrics(&first)? {
        for (metric, group, value) in rows {
            let outcome = Outcome::new(metric, group);
            values.entry((outcome, run.arm.clone())).or_default().extend(value.filter(|value| value.is_finite()));
        }
    }
    Ok(values.into_iter().filter_map(|(key, values)| Some((key, Level::of(&values)?))).collect())
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
