//! Enough seeds: when the interval of an outcome is narrow enough, and how many seeds come next where it is not.
//!
//! Looking at the data to decide when to stop favours moments at which the interval happens to be narrow. It is the width that is
//! looked at, never the change, so that the bias is small; it is gone with the first number of seeds that is known to do.

use super::compared::Compared;
use super::comparison::Comparison;
use super::question::Outcome;
use super::verdict::Verdict;

/// Fewest seeds at which a width is believed: from two or three it is mostly luck.
pub const FEWEST: u64 = 4;

/// An interval that is wished for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Of which outcome.
    pub outcome: Outcome,
    /// Half of the length of the relative change's interval; above 0.
    pub width: f64,
    /// Most seeds to run.
    pub max_seeds: u64,
}

/// How wide an interval is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Seeds.
    pub seeds: u64,
    /// Half of the widest relative interval over arms and points; infinite where there is none.
    pub width: f64,
}

impl Reach {
    /// The present width, of the arm and point where it is widest.
    #[must_use]
    pub fn of(compared: Option<&Compared>, wish: &Wish, seeds: u64) -> Reach {
        let widths = compared.into_iter().flat_map(|compared| compared.of(&wish.outcome)).map(width);
        Reach { seeds, width: widths.reduce(f64::max).unwrap_or(f64::INFINITY) }
    }
}

/// Half of a row's relative interval, the one that tables show. Arms that are equal in every seed have no width.
fn width(row: &Comparison) -> f64 {
    match (row.relative_low, row.relative_high) {
        _ if Verdict::of(row) == Verdict::Same => 0.0,
        (Some(low), Some(high)) => (high - low) / 2.0,
        _ => f64::INFINITY,
    }
}

/// How many seeds to have next: as many as the width seems to ask for, at most twice what there is. As many as there are if the width does.
#[must_use]
pub fn next(reach: Reach, wish: &Wish) -> u64 {
    if reach.width <= wish.width {
        return reach.seeds;
    }
    let asked = reach.seeds as f64 * (reach.width / wish.width).powi(2);
    let wanted = (asked.min(2.0 * reach.seeds as f64).ceil() as u64).max(reach.seeds + 1);
    wanted.min(wish.max_seeds.max(reach.seeds))
}

/// A share in per cent, for messages.
#[must_use]
pub fn per_cent(share: f64) -> String {
    if share.is_finite() { super::number::per_cent(share) } else { "no interval".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish { outcome: Outcome::new("dose", "minor"), width: 0.1, max_seeds: 50 }
    }

    #[test]
    fn the_width_is_that_of_the_relative_interval() {
        let row = |relative_low, relative_high| Comparison {
            n: 4,
            difference: Some(0.0),
            relative: Some(0.0),
            relative_low,
            relative_high,
            ..Comparison::default()
        };
        assert!((width(&row(Some(-0.3), Some(-0.1))) - 0.1).abs() < 1e-12);
        assert_eq!(width(&row(Some(0.0), Some(0.0))), 0.0);
        assert_eq!(width(&row(None, None)), f64::INFINITY);
    }

    #[test]
    fn a_width_that_does_asks_for_no_more() {
        assert_eq!(next(Reach { seeds: 4, width: 0.1 }, &wish()), 4);
        assert_eq!(next(Reach { seeds: 4, width: 0.0 }, &wish()), 4);
    }

    #[test]
    fn seeds_grow_with_the_square_of_the_width_and_at_most_twofold() {
        assert_eq!(next(Reach { seeds: 10, width: 0.11 }, &wish()), 13);
        assert_eq!(next(Reach { seeds: 10, width: 0.1001 }, &wish()), 11);
        assert_eq!(next(Reach { seeds: 10, width: 0.9 }, &wish()), 20);
        assert_eq!(next(Reach { seeds: 10, width: f64::INFINITY }, &wish()), 20);
    }

    #[test]
    fn no_more_seeds_than_allowed_are_run_and_none_is_taken_back() {
        assert_eq!(next(Reach { seeds: 40, width: 0.9 }, &wish()), 50);
        assert_eq!(next(Reach { seeds: 50, width: 0.9 }, &wish()), 50);
        assert_eq!(next(Reach { seeds: 60, width: 0.9 }, &wish()), 60);
    }
}
