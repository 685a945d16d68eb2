//! Verdict on a row, as one word.

use super::comparison::Comparison;
use super::metric::Direction;

/// Verdict on a row, as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A clear improvement.
    Better,
    /// A clear deterioration.
    Worse,
    /// A clear fall, if neither direction is better.
    Lower,
    /// A clear rise, if neither direction is better.
    Higher,
    /// The interval includes 0, or there is no interval.
    Unclear,
    /// No difference in any seed.
    Same,
    /// There is only one seed.
    OneSeed,
    /// No seed has a value in both arms, or there is no second arm.
    NotCompared,
}

/// Returns the interval that tables show: the interval of the relative change if defined, otherwise
/// the interval of the difference.
#[must_use]
pub fn shown_interval(row: &Comparison) -> Option<(f64, f64)> {
    match row.relative {
        Some(_) => row.relative_low.zip(row.relative_high),
        None => row.ci_low.zip(row.ci_high),
    }
}

impl Verdict {
    /// Returns the verdict on a row. A change is clear only if the shown interval excludes 0. An
    /// interval that ends at 0 includes 0.
    #[must_use]
    pub fn of(row: &Comparison) -> Self {
        let falls = match shown_interval(row) {
            _ if row.difference.is_none() => return Verdict::NotCompared,
            _ if row.n == 1 => return Verdict::OneSeed,
            Some((0.0, 0.0)) => return Verdict::Same,
            Some((_, high)) if high < 0.0 => true,
            Some((low, _)) if low > 0.0 => false,
            Some(_) | None => return Verdict::Unclear,
        };
        match (row.direction, falls) {
            (Direction::LowerIsBetter, true) | (Direction::HigherIsBetter, false) => Verdict::Better,
            (Direction::LowerIsBetter, false) | (Direction::HigherIsBetter, true) => Verdict::Worse,
            (Direction::Neither, true) => Verdict::Lower,
            (Direction::Neither, false) => Verdict::Higher,
        }
    }

    /// Returns whether the change is clear.
    #[must_use]
    pub fn is_clear(self) -> bool {
        matches!(self, Verdict::Better | Verdict::Worse | Verdict::Lower | Verdict::Higher)
    }

    /// Returns the verdict's word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Lower => "lower",
            Verdict::Higher => "higher",
            Verdict::Unclear => "unclear",
            Verdict::Same => "same",
            Verdict::OneSeed => "one seed",
            Verdict::NotCompared => "-",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::contact_rules_rows;

    #[test]
    fn follows_direction_and_interval() {
        let (rows, _) = contact_rules_rows();
        let words: Vec<_> = rows.iter().map(|row| Verdict::of(row).word()).collect();
        assert_eq!(words, ["better", "unclear", "unclear", "same", "worse", "same", "lower", "unclear", "lower"]);
    }

    #[test]
    fn one_seed_cannot_tell() {
        let row = Comparison { difference: Some(-1.0), n: 1, ..Comparison::default() };
        assert_eq!(Verdict::of(&row), Verdict::OneSeed);
        assert_eq!(Verdict::of(&Comparison::default()), Verdict::NotCompared);
    }

    #[test]
    fn the_interval_that_is_shown_decides() {
        let of = |relative, relative_low, relative_high| {
            let row = Comparison {
                difference: Some(-1.0),
                n: 4,
                ci_low: Some(-3.0),
                ci_high: Some(-0.1),
                ..Comparison::default()
            };
            Verdict::of(&Comparison { relative, relative_low, relative_high, ..row }).word()
        };
        assert_eq!(of(None, None, None), "lower");
        assert_eq!(of(Some(-0.2), Some(-0.3), Some(-0.1)), "lower");
        assert_eq!(of(Some(-0.2), Some(-0.3), Some(0.0)), "unclear");
        assert_eq!(of(Some(0.2), Some(0.1), Some(0.3)), "higher");
        assert_eq!(of(Some(-0.2), None, None), "unclear");
        assert_eq!(of(Some(0.0), Some(0.0), Some(0.0)), "same");
    }
}
