//! `diversity`: differences between the posts of a slate.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Mean distance between the posts of a slate.
pub struct Diversity;

impl Metric for Diversity {
    fn info(&self) -> &'static Info {
        &Info {
            id: "diversity",
            title: "Diversity",
            family: "quality",
            unit: "1 - cosine",
            direction: Direction::HigherIsBetter,
            default_group: "all",
            formula: "1 - cosine between two posts, averaged over all pairs of posts in a slate and then over all slates",
            reading: "How different the topics of the posts in a slate are. 0: all posts have the same topic.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.distance, |counts| counts.slates as f64)
    }
}
