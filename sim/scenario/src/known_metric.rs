//! What is known of a metric before anything is run.

use recsafe_stats::MetricFacts;

use crate::Need;

/// A metric, as far as a file can name it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownMetric {
    /// What it is.
    pub facts: MetricFacts,
    /// What it needs to have a value, beside an account in the group.
    pub needs: Vec<Need>,
    /// What it needs to differ between arms; it is 0 in all of them otherwise.
    pub moved_by: Vec<Need>,
}

impl From<MetricFacts> for KnownMetric {
    /// A metric that needs nothing.
    fn from(facts: MetricFacts) -> Self {
        KnownMetric { facts, ..KnownMetric::default() }
    }
}

impl AsRef<MetricFacts> for KnownMetric {
    fn as_ref(&self) -> &MetricFacts {
        &self.facts
    }
}
