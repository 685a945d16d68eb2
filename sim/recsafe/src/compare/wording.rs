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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_said_relative_where_it_can_be_and_in_its_own_unit_else() {
        let words = |row: &Comparison| {
            let (change, interval) = change_in_words(row);
            format!("{change} | {interval}")
        };
        let absolute =
            Comparison { difference: Some(-0.5), ci_low: Some(-0.75), ci_high: Some(0.25), ..Comparison::default() };
        let (relative, relative_low, relative_high) = (Some(-0.2), Some(-0.3), Some(0.1));
        assert_eq!(words(&Comparison::default()), "– | –");
        assert_eq!(words(&absolute), "-0.5 | -0.75 to +0.25");
        assert_eq!(words(&Comparison { ci_low: None, ..absolute.clone() }), "-0.5 | –", "one seed has no interval");
        assert_eq!(
            words(&Comparison { relative, relative_low, relative_high, ..absolute }),
            "-20.0 % | -30.0 to +10.0 %"
        );
    }

    #[test]
    fn one_seed_is_no_plural() {
        assert_eq!([1, 8].map(seeds), ["1 seed", "8 seeds"]);
    }
}
