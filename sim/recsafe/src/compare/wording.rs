//! A row's change and interval in words that sentences and tables share.

use super::comparison::Comparison;
use super::number::{per_cent, signed};

/// The change: relative where defined, else in the metric's own unit; `None` without a difference.
pub(super) fn change(row: &Comparison) -> Option<String> {
    match row.relative {
        Some(relative) => Some(format!("{} %", per_cent(relative))),
        None => row.difference.map(signed),
    }
}

/// The change's 95 % interval, on the scale on which [`change`] gives the change; `None` where there is none.
pub(super) fn interval(row: &Comparison) -> Option<String> {
    match row.relative {
        Some(_) => Some(format!("{} to {} %", per_cent(row.relative_low?), per_cent(row.relative_high?))),
        None => Some(format!("{} to {}", signed(row.ci_low?), signed(row.ci_high?))),
    }
}

/// `1 seed`, `8 seeds`.
pub(super) fn seeds(n: u32) -> String {
    if n == 1 { "1 seed".to_owned() } else { format!("{n} seeds") }
}

/// The change and its interval, as tables print them; a dash where there is none.
pub(crate) fn change_in_words(row: &Comparison) -> (String, String) {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    (or_dash(change(row)), or_dash(interval(row)))
}
