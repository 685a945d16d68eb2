//! `target-list-length`: minors on a predator's target list.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Minors on the target list of a predator who contacts minors.
pub struct TargetListLength;

impl Metric for TargetListLength {
    fn info(&self) -> &'static Info {
        &Info {
            id: "target-list-length",
            title: "Length of predators' target lists",
            family: "contact",
            unit: "minors",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "minors on target lists, summed over lists and days / account-days of predators who contact minors. Suspended and removed predators are excluded.",
            reading: "Number of minors whom a predator has discovered and could message. While this number is small, predators lack minors to contact, so rules against discovery also reduce contact.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.contact();
        Ratio::of(counts.listed as f64, counts.seekers as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.name == "contacting"
    }
}
