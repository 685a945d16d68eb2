//! `daily.parquet`: metrics by day, of each run and of all runs.

use super::{MetricRow, Name, RunRow, part, table};

table! {
    /// One row per day, metric and group, for metrics with a value per day.
    "daily": pub struct DailyRow {
        /// measured day, where the first is 0
        day: i32, "day";
        metric: Name = MetricRow;
        group: String = MetricRow;
        value: Option<f64> = MetricRow;
        factor: f64 = MetricRow;
        numerator: f64 = MetricRow;
        denominator: f64 = MetricRow;
    }
}

table! {
    /// One row per run, day, metric and group, for metrics with a value per day.
    "daily": pub struct RunDailyRow {
        arm: String = RunRow;
        point: u32 = RunRow;
        seed: u64 = RunRow;
        day: i32 = DailyRow;
        metric: Name = MetricRow;
        group: String = MetricRow;
        value: Option<f64> = MetricRow;
        factor: f64 = MetricRow;
        numerator: f64 = MetricRow;
        denominator: f64 = MetricRow;
    }
}

part! {
    /// The value of a metric for a group on a day.
    pub struct DayValue of DailyRow {
        day: i32;
        metric: String;
        group: String;
        value: Option<f64>;
    }
}
