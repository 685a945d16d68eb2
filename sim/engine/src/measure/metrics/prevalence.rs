//! `prevalence`: harmful views / views.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// Of all that is viewed, the share that is harmful: the definition of platforms' transparency reports.
pub struct Prevalence;

impl Metric for Prevalence {
    fn info(&self) -> &'static Info {
        &Info {
            id: "prevalence",
            title: "Prevalence",
            family: "content",
            unit: "share of views",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "harmful views / views",
            reading: "Of all that is viewed, the share that is harmful: the definition of platforms' transparency reports.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.harmful_views as f64, |counts| counts.views as f64)
    }
}
