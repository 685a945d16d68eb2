//! `relevance`: match between viewed posts and the viewers' interests.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Mean match between the viewed benign posts and the interests of the viewer.
pub struct Relevance;

impl Metric for Relevance {
    fn info(&self) -> &'static Info {
        &Info {
            id: "relevance",
            title: "Relevance",
            family: "quality",
            unit: "cosine",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "mean cosine between the viewer's interests and the topic of the viewed post; only views of benign posts",
            reading: "How well the viewed posts match the viewers' true interests. 1: perfect match. 0: unrelated.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.relevance, |counts| counts.benign_views as f64)
    }
}
