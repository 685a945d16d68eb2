//! `target-list-length`: minors on the lists of contacting predators / account-days of contacting predators.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How many minors a contacting predator could try; contact is limited by supply while this is small.
pub struct TargetListLength;

impl Metric for TargetListLength {
    fn info(&self) -> &'static Info {
        &Info {
            id: "target-list-length",
            title: "Target list length",
            family: "contact",
            unit: "minors",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "minors on the lists of contacting predators / account-days of contacting predators",
            reading: "How many minors a contacting predator could try; contact is limited by supply while this is small.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.contact();
        Ratio::of(counts.listed as f64, counts.seekers as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.name == "contacting"
    }
}
