//! `suggestion-conversion`: share of suggested minors whom the viewer follows.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Share of suggested minors whom the viewer follows or asks to follow.
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
            formula: "suggestions that show a minor and lead to a follow or a follow request / suggestions that show a minor",
            reading: "Share of suggested minors whom the viewer follows or asks to follow. The group consists of the viewers, not of the suggested minors.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.contact();
        Ratio::of(counts.minors_followed as f64, counts.minors as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
