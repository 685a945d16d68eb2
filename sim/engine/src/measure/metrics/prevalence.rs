//! `prevalence`: share of views that are harmful.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Share of views that are harmful.
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
            reading: "Harmful views as a share of all views. The transparency reports of platforms define prevalence in the same way.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.harmful_views as f64, |counts| counts.views as f64)
    }
}
