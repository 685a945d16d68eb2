//! `target-list-length`: minors on the target list of a contacting predator.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Minors on the target list of a contacting predator.
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
            formula: "minors on the target lists of contacting predators, summed over days / account-days of contacting predators that are neither suspended nor removed",
            reading: "Number of minors that a contacting predator has discovered and could message. While it is small, discovery limits contact: rules against discovery then also reduce contact.",
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
