//! `minors-suggested`: minors among accounts suggested / accounts suggested.

use super::{Direction, Info, Metric};
use crate::measure::{ContactCounts, Period, Ratio};

/// Of the accounts that people suggestions put before a kind of viewer, the share of minors.
pub struct MinorsSuggested;

/// Kinds of viewers.
const VIEWERS: [&str; 5] = ["all", "user", "minor", "predator", "contacting"];

/// Share of minors among what was suggested: by true age, or of those only who also state an age below 18.
pub(super) fn share(counts: &ContactCounts, stated: bool) -> Ratio {
    let minors = if stated { counts.stated_minors } else { counts.minors };
    Ratio::of(minors as f64, counts.suggestions as f64)
}

impl Metric for MinorsSuggested {
    fn info(&self) -> &'static Info {
        &Info {
            id: "minors-suggested",
            title: "Minors suggested",
            family: "contact",
            unit: "share of suggestions",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "minors among accounts suggested to the group / accounts suggested to it; in GROUP:declared only minors who state an age below 18 count",
            reading: "How often people suggestions put a minor before such a viewer. A rule by stated age can bring GROUP:declared to 0, not the rest.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        VIEWERS.iter().flat_map(|viewer| [(*viewer).to_owned(), format!("{viewer}:declared")]).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let cuts = VIEWERS.iter().filter_map(|viewer| period.cut(viewer));
        cuts.flat_map(|cut| {
            let (name, counts) = (&cut.group().name, cut.contact());
            [(name.clone(), share(&counts, false)), (format!("{name}:declared"), share(&counts, true))]
        })
        .collect()
    }
}
