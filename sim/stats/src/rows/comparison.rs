//! `comparison.parquet`: arms compared with the baseline.

use super::{MetricRow, Name, table};

table! {
    /// One row per metric, group, arm and point: the arm compared with the baseline, paired by
    /// seed.
    "comparison": pub struct ComparisonRow {
        metric: Name = MetricRow;
        group: String = MetricRow;
        /// the metric's unit
        unit: Name;
        /// better direction: lower, higher or neither
        direction: Name;
        /// arm
        arm: String;
        /// arm for comparison
        baseline: String;
        /// sweep point
        point: u32;
        /// number of seeds with a value in both arms
        n: u32, "seeds";
        /// scale of the model: log-ratio if every value is above 0, otherwise difference; null
        /// without a comparison
        scale: Option<Name>;
        /// mean of the arm over seeds
        mean: Option<f64>, "the metric's";
        /// mean of the baseline over seeds
        mean_baseline: Option<f64>, "the metric's";
        /// change: mean of the paired differences; with log-ratio, the relative change times
        /// mean_baseline
        difference: Option<f64>, "the metric's";
        /// relative change: -0.2 is a fall by 20 %; with difference, difference / mean_baseline
        relative: Option<f64>, "share";
        /// 95 % interval of the difference, lower end
        ci_low: Option<f64>, "the metric's";
        /// 95 % interval of the difference, upper end
        ci_high: Option<f64>, "the metric's";
        /// 95 % interval of the relative change, lower end
        relative_low: Option<f64>, "share";
        /// 95 % interval of the relative change, upper end
        relative_high: Option<f64>, "share";
        /// two-sided p value of no change; at most 0.05 if and only if the intervals exclude 0.
        /// Intervals and p of declared outcomes are adjusted over arms and points (single-step
        /// max-t)
        p: Option<f64>, "probability";
        /// share of seeds in which the arm is better
        improved_share: Option<f64>, "share";
        /// gain from common random numbers: (Var arm + Var baseline) / Var difference
        variance_ratio: Option<f64>, "ratio";
        /// number of seeds for an interval of the relative change of 10 % to either side
        seeds_needed: Option<f64>, "seeds";
        /// whether it is the declared harm or cost; all other outcomes are exploratory
        confirmatory: bool;
    }
}
