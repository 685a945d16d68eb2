//! Outcomes: a metric of a group, written `metric@group`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::MetricFacts;

/// A metric of a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// The metric's id.
    pub metric: String,
    /// The group.
    pub group: String,
}

impl Outcome {
    /// Creates the outcome `metric@group`.
    pub fn new(metric: impl Into<String>, group: impl Into<String>) -> Self {
        Outcome { metric: metric.into(), group: group.into() }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.metric, self.group)
    }
}

/// An outcome in its written form: `metric@group`, or `metric` alone for the metric's default
/// group. Any text is accepted; whether the metric exists is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct OutcomeName {
    /// The metric's id.
    pub metric: String,
    /// The group, if given.
    pub group: Option<String>,
}

impl OutcomeName {
    /// Returns the outcome. An outcome without a group gets the metric's default group, or `all` if
    /// the metric is unknown.
    #[must_use]
    pub fn outcome<M: AsRef<MetricFacts>>(self, metrics: &[M]) -> Outcome {
        let OutcomeName { metric, group } = self;
        let own = || MetricFacts::find(metrics, &metric).map_or("all", |facts| &facts.default_group).to_owned();
        let group = group.unwrap_or_else(own);
        Outcome { metric, group }
    }
}

impl From<&str> for OutcomeName {
    fn from(written: &str) -> Self {
        let (metric, group) = written.split_once('@').map_or((written, None), |(metric, group)| (metric, Some(group)));
        OutcomeName { metric: metric.to_owned(), group: group.map(str::to_owned) }
    }
}

impl From<String> for OutcomeName {
    fn from(written: String) -> Self {
        OutcomeName::from(written.as_str())
    }
}

impl fmt::Display for OutcomeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Some(group) => write!(f, "{}@{group}", self.metric),
            None => f.write_str(&self.metric),
        }
    }
}

impl From<OutcomeName> for String {
    fn from(name: OutcomeName) -> String {
        name.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_as_it_was_read() {
        for written in ["dose", "dose@minor", "dose@minor:declared-adult", "dose@", "@minor", "dose@a@b", ""] {
            assert_eq!(OutcomeName::from(written).to_string(), written);
        }
        let name = OutcomeName::from("dose@minor:declared-adult");
        assert_eq!((name.metric.as_str(), name.group.as_deref()), ("dose", Some("minor:declared-adult")));
    }

    #[test]
    fn a_metric_alone_means_its_own_group() {
        let dose = MetricFacts { id: "dose".to_owned(), default_group: "minor".to_owned(), ..MetricFacts::default() };
        let message = |written: &str| OutcomeName::from(written).outcome(std::slice::from_ref(&dose)).to_string();
        assert_eq!(["dose", "dose@all", "dose@", "doze"].map(message), ["dose@minor", "dose@all", "dose@", "doze@all"]);
    }
}
