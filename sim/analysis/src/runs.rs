//! Values of the runs by metric, group, arm, point and seed.

use std::collections::BTreeMap;

use recsafe_stats::{Design, Paired};

use super::metric::{MetricFacts, MetricValue};

/// Values by seed; `None` if undefined.
type BySeed = BTreeMap<u64, Option<f64>>;

/// Values of one metric and group, by arm and point.
#[derive(Default)]
pub(super) struct Family<'a>(BTreeMap<(&'a str, u32), BySeed>);

impl<'a> Family<'a> {
    /// Returns the sweep points of `arm` in ascending order.
    pub(super) fn points(&self, arm: &str) -> Vec<u32> {
        self.0.keys().filter(|(its_arm, _)| *its_arm == arm).map(|(_, point)| *point).collect()
    }

    /// Returns the values of two arms at a point, paired by seed in ascending order, or `None` if
    /// no seed has a value in both arms.
    pub(super) fn pairs(&self, arm: &'a str, baseline: &'a str, point: u32) -> Option<Paired> {
        let (ours, theirs) = (self.0.get(&(arm, point))?, self.0.get(&(baseline, point))?);
        let pair =
            |(seed, value): (&u64, &Option<f64>)| Some((*seed, ((*value)?, theirs.get(seed).copied().flatten()?)));
        let (seeds, (ours, theirs)): (Vec<u64>, (Vec<f64>, Vec<f64>)) = ours.iter().filter_map(pair).unzip();
        Paired::new(Design::of_seeds(seeds), &ours, &theirs)
    }
}

/// All values, by metric and group.
pub(super) struct Runs<'a>(BTreeMap<(&'a str, &'a str), Family<'a>>);

impl<'a> Runs<'a> {
    /// Collects the values. A value that is not finite is treated as undefined.
    pub(super) fn of(values: impl Iterator<Item = &'a MetricValue>) -> Self {
        let mut families: BTreeMap<_, Family> = BTreeMap::new();
        for row in values {
            let Family(runs) = families.entry((row.metric.as_str(), row.group.as_str())).or_default();
            let value = row.value.filter(|value| value.is_finite());
            runs.entry((row.arm.as_str(), row.point)).or_default().insert(row.seed, value);
        }
        Runs(families)
    }

    /// Returns the metric's groups: the default group first, then the other groups by name. Numbers
    /// in names are sorted by size.
    pub(super) fn groups(&self, facts: &MetricFacts) -> Vec<(&'a str, &Family<'a>)> {
        let of_metric = self.0.iter().filter(|((metric, _), _)| *metric == facts.id);
        let mut groups: Vec<_> = of_metric.map(|((_, group), family)| (*group, family)).collect();
        groups.sort_by_key(|(group, _)| (*group != facts.default_group, group.parse::<u64>().ok(), *group));
        groups
    }
}
