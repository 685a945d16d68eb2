//! `amplification`: prevalence under the arm / prevalence under an arm with a chronological feed (else a random one), same seed.

use recsafe_scenario::Need;

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Ratio};

/// How much more harmful the feed is than one that ranks by nothing but time; made when arms are compared.
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
            formula: "prevalence under the arm / prevalence under an arm with a chronological feed (else a random one), same seed",
            reading: "How much more harmful the feed is than one that ranks by nothing but time; made when arms are compared.",
            daily: false,
            measured: false,
            needs: &[Need::Reference, FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, _: &Cut) -> Ratio {
        Ratio::UNDEFINED
    }
}
