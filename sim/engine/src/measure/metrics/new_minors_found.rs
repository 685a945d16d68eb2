//! `new-minors-found`: minors that a contacting predator discovers per day.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Minors that a contacting predator discovers per day, by any route.
pub struct NewMinorsFound;

impl Metric for NewMinorsFound {
    fn info(&self) -> &'static Info {
        &Info {
            id: "new-minors-found",
            title: "Discoveries of minors by predators",
            family: "contact",
            unit: "minors per account-day",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "newly discovered minors / account-days of contacting predators that are neither suspended nor removed",
            reading: "Number of minors that a contacting predator discovers per day, by any route.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.contact();
        Ratio::of(counts.found as f64, counts.seekers as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.name == "contacting"
    }
}
