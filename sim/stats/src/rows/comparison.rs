//! `comparison.parquet`: arms compared with the baseline.

use super::{MetricRow, Name, table};

table! {
    /// One row per metric, group, arm and point: the arm compared with the baseline, paired by
    /// seed.
    "comparison": pub struct ComparisonRow {
        metric: Name = MetricRow;
        group: String = MetricRow;
        /// unit of the metric
        unit: Name;
        /// which values are better: lower, higher or neither
        direction: Name;
        /// name of the arm
        arm: String;
        /// arm with which `arm` is compared
        baseline: String;
        /// sweep point
        point: u32;
        /// seeds in which both arms have a value
        n: u32, "seeds";
        /// statistical model: log-ratio if every value is above 0 and the implied mean of the arm
        /// is possible, otherwise difference; null if nothing is compared
        scale: Option<Name>;
        /// mean of the arm over seeds
        mean: Option<f64>, "the metric's";
        /// mean of the baseline over seeds
        mean_baseline: Option<f64>, "the metric's";
        /// change: mean of the paired differences; for the scale log-ratio, the relative change
        /// times mean_baseline
        difference: Option<f64>, "the metric's";
        /// relative change: -0.2 is a fall by 20 %; for the scale difference, the relative change
        /// is difference / mean_baseline
        relative: Option<f64>, "share";
        /// lower end of the 95 % interval of the difference
        ci_low: Option<f64>, "the metric's";
        /// upper end of the 95 % interval of the difference
        ci_high: Option<f64>, "the metric's";
        /// lower end of the 95 % interval of the relative change
        relative_low: Option<f64>, "share";
        /// upper end of the 95 % interval of the relative change
        relative_high: Option<f64>, "share";
        /// two-sided p value of no change; it is 0.05 or less if the interval excludes 0, and above
        /// 0.05 otherwise; for declared outcomes, p and intervals are adjusted for the number of
        /// arms and points (single-step max-t)
        p: Option<f64>, "probability";
        /// share of seeds in which the arm is better
        improved_share: Option<f64>, "share";
        /// gain from common random numbers: (Var arm + Var baseline) / Var difference
        variance_ratio: Option<f64>, "ratio";
        /// approximate number of seeds at which the 95 % interval of the relative change is about
        /// ±10 %
        seeds_needed: Option<f64>, "seeds";
        /// whether the outcome is the declared harm or cost; all other outcomes are exploratory
        confirmatory: bool;
    }
}
