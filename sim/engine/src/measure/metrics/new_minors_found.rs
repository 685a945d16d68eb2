//! `new-minors-found`: minors newly found / account-days of contacting predators.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How many minors a contacting predator newly finds in a day, on any route.
pub struct NewMinorsFound;

impl Metric for NewMinorsFound {
    fn info(&self) -> &'static Info {
        &Info {
            id: "new-minors-found",
            title: "New minors found",
            family: "contact",
            unit: "minors per account-day",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "minors newly found / account-days of contacting predators",
            reading: "How many minors a contacting predator newly finds in a day, on any route.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.contact();
        Ratio::of(counts.found as f64, counts.seekers as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.name == "contacting"
    }
}
