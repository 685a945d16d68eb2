//! `minors-suggested`: share of minors among suggested accounts.

use super::{Direction, Info, Metric};
use crate::measure::{ContactCounts, Period, Ratio};

/// Share of minors among the accounts that people suggestions show to a group of viewers.
pub struct MinorsSuggested;

/// Groups of viewers.
const VIEWERS: [&str; 5] = ["all", "user", "minor", "predator", "contacting"];

/// Returns the share of minors among suggested accounts. The true age decides who is a minor. If
/// `stated` is true, only minors who also declare an age below 18 count.
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
            formula: "suggestions that show a minor to the group / all suggestions shown to the group. In GROUP:declared, only minors who declare an age below 18 count as minors.",
            reading: "Share of minors among the accounts that people suggestions show to the group. A rule that acts on the declared age can lower the value of GROUP:declared to 0. Such a rule has no effect on suggestions of minors who declare 18 or over.",
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        VIEWERS.iter().flat_map(|viewer| [(*viewer).to_owned(), format!("{viewer}:declared")]).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let windows = VIEWERS.iter().filter_map(|viewer| period.window(viewer));
        windows
            .flat_map(|window| {
                let (name, counts) = (&window.group().name, window.contact());
                [(name.clone(), share(&counts, false)), (format!("{name}:declared"), share(&counts, true))]
            })
            .collect()
    }
}
