//! `new-minors-found`: minors whom a predator discovers per day.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Minors whom a predator discovers per day, by any route. Only predators who contact minors count.
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
            formula: "newly discovered minors / account-days of predators who contact minors. Suspended and removed predators are excluded.",
            reading: "Number of minors whom a predator discovers per day, by any route. Only predators who contact minors count.",
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
