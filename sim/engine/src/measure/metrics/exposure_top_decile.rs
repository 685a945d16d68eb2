//! `exposure-top-decile`: harmful views of the tenth of accounts with most of them / harmful views.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How much of the exposure falls on those who meet most.
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
            formula: "harmful views of the tenth of accounts with most of them / harmful views",
            reading: "How much of the exposure falls on those who meet most.",
            daily: false,
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let views: Vec<f64> = cut.accounts().map(|(counts, _)| f64::from(counts.harmful_views)).collect();
        recsafe_stats::top_share(&views, 0.1).map_or(Ratio::UNDEFINED, |share| Ratio::of(share, 1.0))
    }
}
