//! `exposure-gini`: Gini index of harmful views over accounts.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How unevenly harmful views are spread: 0 is evenly, 1 all on one account.
pub struct ExposureGini;

impl Metric for ExposureGini {
    fn info(&self) -> &'static Info {
        &Info {
            id: "exposure-gini",
            title: "Exposure Gini",
            family: "content",
            unit: "index in [0, 1]",
            direction: Direction::Neither,
            default_group: "minor",
            formula: "Gini index of harmful views over accounts",
            reading: "How unevenly harmful views are spread: 0 is evenly, 1 all on one account.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let views: Vec<f64> = cut.accounts().map(|(counts, _)| f64::from(counts.harmful_views)).collect();
        recsafe_stats::gini(&views).map_or(Ratio::UNDEFINED, |gini| Ratio::of(gini, 1.0))
    }
}
