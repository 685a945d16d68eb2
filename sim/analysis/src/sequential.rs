//! Sequential stopping: whether the interval of an outcome is narrow enough, and how many seeds to
//! run next.
//!
//! Optional stopping favours moments at which the interval happens to be narrow. The rule uses the
//! width and not the change, so the bias is small. There is no bias if the experiment starts with a
//! number of seeds that is known to be enough.

use super::compared::Compared;
use super::comparison::Comparison;
use super::question::Outcome;
use super::verdict::Verdict;

/// Minimum number of seeds before the width is judged. With two or three seeds, the width is mostly
/// random.
pub const FEWEST: u64 = 4;

/// Target precision of an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionTarget {
    /// The outcome.
    pub outcome: Outcome,
    /// Target half-width of the relative change's interval; above 0.
    pub width: f64,
    /// Maximum number of seeds.
    pub max_seeds: u64,
}

/// Width of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AchievedPrecision {
    /// Number of seeds.
    pub seeds: u64,
    /// Largest half-width of the relative interval over arms and points; infinite if there is no
    /// interval.
    pub width: f64,
}

impl AchievedPrecision {
    /// Returns the current width, for the arm and point with the widest interval.
    #[must_use]
    pub fn of(compared: Option<&Compared>, target: &PrecisionTarget, seeds: u64) -> AchievedPrecision {
        let widths = compared.into_iter().flat_map(|compared| compared.of(&target.outcome)).map(width);
        AchievedPrecision { seeds, width: widths.reduce(f64::max).unwrap_or(f64::INFINITY) }
    }
}

/// Returns the half-width of the relative interval that tables show. Arms that are equal in every
/// seed have width 0.
fn width(row: &Comparison) -> f64 {
    match (row.relative_low, row.relative_high) {
        _ if Verdict::of(row) == Verdict::Same => 0.0,
        (Some(low), Some(high)) => (high - low) / 2.0,
        _ => f64::INFINITY,
    }
}

/// Returns the next number of seeds: the estimated requirement, at most twice the current number.
/// Returns the current number if the target width is reached.
#[must_use]
pub fn next(achieved: AchievedPrecision, target: &PrecisionTarget) -> u64 {
    if achieved.width <= target.width {
        return achieved.seeds;
    }
    let asked = achieved.seeds as f64 * (achieved.width / target.width).powi(2);
    let wanted = (asked.min(2.0 * achieved.seeds as f64).ceil() as u64).max(achieved.seeds + 1);
    wanted.min(target.max_seeds.max(achieved.seeds))
}

/// Formats a share in per cent, for messages.
#[must_use]
pub fn per_cent(share: f64) -> String {
    if share.is_finite() { super::number::per_cent(share) } else { "no interval".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> PrecisionTarget {
        PrecisionTarget { outcome: Outcome::new("dose", "minor"), width: 0.1, max_seeds: 50 }
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
        assert_eq!(next(AchievedPrecision { seeds: 4, width: 0.1 }, &wish()), 4);
        assert_eq!(next(AchievedPrecision { seeds: 4, width: 0.0 }, &wish()), 4);
    }

    #[test]
    fn seeds_grow_with_the_square_of_the_width_and_at_most_twofold() {
        assert_eq!(next(AchievedPrecision { seeds: 10, width: 0.11 }, &wish()), 13);
        assert_eq!(next(AchievedPrecision { seeds: 10, width: 0.1001 }, &wish()), 11);
        assert_eq!(next(AchievedPrecision { seeds: 10, width: 0.9 }, &wish()), 20);
        assert_eq!(next(AchievedPrecision { seeds: 10, width: f64::INFINITY }, &wish()), 20);
    }

    #[test]
    fn no_more_seeds_than_allowed_are_run_and_none_is_taken_back() {
        assert_eq!(next(AchievedPrecision { seeds: 40, width: 0.9 }, &wish()), 50);
        assert_eq!(next(AchievedPrecision { seeds: 50, width: 0.9 }, &wish()), 50);
        assert_eq!(next(AchievedPrecision { seeds: 60, width: 0.9 }, &wish()), 60);
    }
}
