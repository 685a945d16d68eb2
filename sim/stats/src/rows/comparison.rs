//! `comparison.parquet`: arms compared with the baseline.

use super::{MetricRow, Name, table};

table! {
    /// One row a metric, group, arm and point: the arm against the baseline, paired by seed.
    "comparison": pub struct ComparisonRow {
        metric: Name = MetricRow;
        group: String = MetricRow;
        /// the metric's unit
        unit: Name;
        /// lower or higher is better, or neither
        direction: Name;
        /// arm
        arm: String;
        /// arm that it is compared with
        baseline: String;
        /// sweep point
        point: u32;
        /// seeds where both have a value
        n: u32, "seeds";
        /// what the model is of: log-ratio where every value is above 0, else difference; null where nothing is compared
        scale: Option<Name>;
        /// mean of the arm over seeds
        mean: Option<f64>, "the metric's";
        /// mean of the baseline over seeds
        mean_baseline: Option<f64>, "the metric's";
        /// change: mean of the paired differences; with log-ratio the relative change times mean_baseline
        difference: Option<f64>, "the metric's";
        /// relative change: -0.2 is a fall by 20 %; with difference it is difference / mean_baseline
        relative: Option<f64>, "share";
        /// 95 % interval of the difference, lower end
        ci_low: Option<f64>, "the metric's";
        /// 95 % interval of the difference, upper end
        ci_high: Option<f64>, "the metric's";
        /// 95 % interval of the relative change, lower end
        relative_low: Option<f64>, "share";
        /// 95 % interval of the relative change, upper end
        relative_high: Option<f64>, "share";
        /// two-sided p value of no change, at most 0.05 exactly if the intervals leave out 0; like them adjusted over arms and points for declared
        /// outcomes (single-step max-t)
        p: Option<f64>, "probability";
        /// share of seeds in which the arm is better
        improved_share: Option<f64>, "share";
        /// what common random numbers earned: (Var arm + Var baseline) / Var difference
        variance_ratio: Option<f64>, "ratio";
        /// seeds for an interval of the relative change within 10 % to either side
        seeds_needed: Option<f64>, "seeds";
        /// whether it is the declared harm or cost; all else is exploratory
        confirmatory: bool;
    }
}
