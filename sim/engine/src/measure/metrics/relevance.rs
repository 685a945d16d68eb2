//! `relevance`: sum of true affinity over views of benign posts / views of benign posts.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How well what is shown suits what people care for.
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
            formula: "sum of true affinity over views of benign posts / views of benign posts",
            reading: "How well what is shown suits what people care for.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.relevance, |counts| counts.benign_views as f64)
    }
}
