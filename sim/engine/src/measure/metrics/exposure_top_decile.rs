//! `exposure-top-decile`: share of harmful views of the most exposed tenth of accounts.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Share of harmful views of the tenth of accounts that have most of them.
pub struct ExposureTopDecile;

impl Metric for ExposureTopDecile {
    fn info(&self) -> &'static Info {
        &Info {
            id: "exposure-top-decile",
            title: "Exposure of the top decile",
            family: "content",
            unit: "share of harmful views",
            direction: Direction::Neither,
            default_group: "minor",
            formula: "harmful views of the 10 % of accounts with the most harmful views / harmful views; only accounts that exist when day 0 begins",
            reading: "Share of all harmful views that the most exposed tenth of accounts has. If exposure were equal, it would be 0.1.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let views: Vec<f64> = window.accounts().map(|(counts, _)| f64::from(counts.harmful_views)).collect();
        recsafe_stats::top_share(&views, 0.1).map_or(Ratio::UNDEFINED, |share| Ratio::of(share, 1.0))
    }
}
