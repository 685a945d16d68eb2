//! `novelty`: mean over views of -log2 of the post's share of all views so far.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How far from what everybody sees.
pub struct Novelty;

impl Metric for Novelty {
    fn info(&self) -> &'static Info {
        &Info {
            id: "novelty",
            title: "Novelty",
            family: "quality",
            unit: "bits",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "mean over views of -log2 of the post's share of all views so far",
            reading: "How far from what everybody sees.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.novelty, |counts| counts.views as f64)
    }
}
