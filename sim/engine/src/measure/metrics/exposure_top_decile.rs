//! `exposure-top-decile`: share of all harmful views that the most exposed 10 % of accounts have.

use super::{Direction, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Share of all harmful views that the most exposed 10 % of accounts have.
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
            formula: "harmful views by the 10 % of accounts with the most harmful views / all harmful views. Only accounts that exist when day 0 begins are included.",
            reading: "Share of all harmful views that the most exposed 10 % of accounts have. If exposure were equal, the share would be 0.1.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let views: Vec<f64> = window.accounts().map(|(counts, _)| f64::from(counts.harmful_views)).collect();
        recsafe_stats::top_share(&views, 0.1).map_or(Ratio::UNDEFINED, |share| Ratio::of(share, 1.0))
    }
}
