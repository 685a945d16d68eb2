//! `exposure-gini`: inequality of harmful views between accounts.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Gini index of the number of harmful views per account.
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
            formula: "Gini index of the number of harmful views per account. Only accounts that exist when day 0 begins are included.",
            reading: "How unequally harmful views are distributed. 0: every account has the same number of harmful views. 1: one account has all harmful views.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let views: Vec<f64> = window.accounts().map(|(counts, _)| f64::from(counts.harmful_views)).collect();
        recsafe_stats::gini(&views).map_or(Ratio::UNDEFINED, |gini| Ratio::of(gini, 1.0))
    }
}
