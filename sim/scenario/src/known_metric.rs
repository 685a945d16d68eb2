//! Facts about a metric that are known before any run.

use recsafe_stats::MetricFacts;

use crate::Need;

/// A metric with its requirements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownMetric {
    /// Description of the metric.
    pub facts: MetricFacts,
    /// Requirements for a value. In addition, the group must contain an account.
    pub needs: Vec<Need>,
    /// Requirements for a difference between arms. If these requirements are not met, the metric is
    /// 0 in all arms.
    pub moved_by: Vec<Need>,
}

impl From<MetricFacts> for KnownMetric {
    /// Returns a metric without requirements.
    fn from(facts: MetricFacts) -> Self {
        KnownMetric { facts, ..KnownMetric::default() }
    }
}

impl AsRef<MetricFacts> for KnownMetric {
    fn as_ref(&self) -> &MetricFacts {
        &self.facts
    }
}
