//! `amplification`: prevalence relative to a chronological or random feed.

use recsafe_scenario::Need;

use super::{Direction, FEED, Info, Metric};
use crate::measure::{GroupWindow, Ratio};

/// Prevalence divided by the prevalence under a neutral feed. Computed when arms are compared.
pub struct Amplification;

impl Metric for Amplification {
    fn info(&self) -> &'static Info {
        &Info {
            id: "amplification",
            title: "Amplification",
            family: "content",
            unit: "ratio",
            direction: Direction::LowerIsBetter,
            default_group: "minor",
            formula: "prevalence under the arm / prevalence under an arm with a chronological feed. Both arms have the same seed. If no arm has a chronological feed, an arm with a random feed is used.",
            reading: "Harmful share of the feed, divided by the harmful share of a feed that ranks by time alone. Above 1: the ranking adds harm. The value is computed when arms are compared, not within a run.",
            daily: false,
            measured: false,
            needs: &[Need::Reference, FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, _: &GroupWindow) -> Ratio {
        Ratio::UNDEFINED
    }
}
