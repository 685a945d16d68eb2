//! `novelty`: rarity of the viewed posts.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Rarity of the viewed posts.
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
            formula: "mean of -log2(s) over all views, where s is the viewed post's share of all views before the day",
            reading: "How rarely other people see the viewed posts. If the number of views of a post is halved, the novelty of the post rises by 1 bit.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.novelty, |counts| counts.views as f64)
    }
}
