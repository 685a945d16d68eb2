//! `metrics.parquet`: metrics of each run and of all runs.

use super::{Name, RunRow, part, table};

table! {
    /// One row a metric and group, over the measured days.
    "metrics": pub struct MetricRow {
        /// metric, see `recsafe list metrics`
        metric: Name;
        /// part of the population: a role, a role with an age band, minor:declared-adult, contacting, exchange, a probe's script, or all; some metrics
        /// have groups of their own
        group: String;
        /// factor * numerator / denominator; null where the denominator is 0
        value: Option<f64>, "the metric's";
        /// the constant of the metric's unit, such as 10,000 for "per 10,000 accounts"; else 1
        factor: f64;
        /// the count that was made
        numerator: f64;
        /// what it is counted for
        denominator: f64;
    }
}

table! {
    /// One row a run, metric and group, over the measured days.
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
