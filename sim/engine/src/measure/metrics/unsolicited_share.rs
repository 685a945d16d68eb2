//! `unsolicited-share`: harmful views of accounts whose own interest in niches is below the population's median and who never searched for one / harmful views.

use super::{Direction, FEED, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// Of what is harmful, the share that reaches those who did not care for it.
pub struct UnsolicitedShare;

impl Metric for UnsolicitedShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "unsolicited-share",
            title: "Unsolicited share",
            family: "content",
            unit: "share of harmful views",
            direction: Direction::Neither,
            default_group: "minor",
            formula: "harmful views of accounts whose own interest in niches is below the population's median and who never searched for one / harmful views",
            reading: "Of what is harmful, the share that reaches those who did not care for it.",
            needs: &[FEED],
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        cut.ratio(|counts| counts.unsolicited as f64, |counts| counts.harmful_views as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
