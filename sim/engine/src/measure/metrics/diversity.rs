//! `diversity`: mean over slates of the mean of 1 - cosine over pairs of posts.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How unlike each other the posts of a slate are.
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
            formula: "mean over slates of the mean of 1 - cosine over pairs of posts",
            reading: "How unlike each other the posts of a slate are.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.distance, |counts| counts.slates as f64)
    }
}
