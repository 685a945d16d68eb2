//! `metrics.parquet`: metrics of each run and of all runs.

use super::{Name, RunRow, part, table};

table! {
    /// One row per metric and group, over the measured days.
    "metrics": pub struct MetricRow {
        /// id of the metric, see `recsafe list metrics`
        metric: Name;
        /// group of accounts: a role, a role with an age band, minor:declared-adult, contacting,
        /// exchange, a probe script, or all; some metrics have special groups
        group: String;
        /// factor * numerator / denominator; null if the denominator is 0
        value: Option<f64>, "the metric's";
        /// constant of the unit, such as 10,000 for "per 10,000 accounts"; otherwise 1
        factor: f64;
        /// the counted quantity, such as views
        numerator: f64;
        /// the reference quantity, such as account-days
        denominator: f64;
    }
}

table! {
    /// One row per run, metric and group, over the measured days.
    "metrics": pub struct RunMetricRow {
        arm: String = RunRow;
        point: u32 = RunRow;
        seed: u64 = RunRow;
        metric: Name = MetricRow;
        group: String = MetricRow;
        value: Option<f64> = MetricRow;
        factor: f64 = MetricRow;
        numerator: f64 = MetricRow;
        denominator: f64 = MetricRow;
    }
}

part! {
    /// The value of a metric for a group.
    pub struct GroupValue of MetricRow {
        metric: String;
        group: String;
        value: Option<f64>;
    }
}
