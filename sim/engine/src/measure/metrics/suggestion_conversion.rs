//! `suggestion-conversion`: follow requests for minors suggested / minors suggested.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// Of the minors suggested to contacting predators, the share that these follow or ask to.
pub struct SuggestionConversion;

impl Metric for SuggestionConversion {
    fn info(&self) -> &'static Info {
        &Info {
            id: "suggestion-conversion",
            title: "Suggestion conversion",
            family: "contact",
            unit: "share of suggestions",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "follow requests for minors suggested / minors suggested",
            reading: "Of the minors suggested to contacting predators, the share that these follow or ask to.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.contact();
        Ratio::of(counts.minors_followed as f64, counts.minors as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
