//! What a row says, in a word.

use super::comparison::Comparison;
use super::metric::Direction;

/// A change is clear if its Holm-adjusted p value is at or below this.
pub const SIGNIFICANCE: f64 = 0.05;

/// What a row says, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A clear improvement.
    Better,
    /// A clear change for the worse.
    Worse,
    /// A clear fall of a metric of which neither direction is better.
    Lower,
    /// A clear rise of such a metric.
    Higher,
    /// The seeds do not tell.
    Unclear,
    /// No difference in any seed.
    Same,
    /// One seed cannot tell.
    OneSeed,
    /// No seed has a value in both arms, or there is no second arm.
    NotCompared,
}

impl Verdict {
    /// The verdict on a row.
    #[must_use]
    pub fn of(row: &Comparison) -> Self {
        let Some(difference) = row.difference else { return Verdict::NotCompared };
        let Some(p) = row.p else { return Verdict::OneSeed };
        if difference == 0.0 && row.ci_low == row.ci_high {
            return Verdict::Same;
        }
        if p > SIGNIFICANCE {
            return Verdict::Unclear;
        }
        match (row.direction, difference < 0.0) {
            (Direction::LowerIsBetter, true) | (Direction::HigherIsBetter, false) => Verdict::Better,
            (Direction::LowerIsBetter, false) | (Direction::HigherIsBetter, true) => Verdict::Worse,
            (Direction::Neither, true) => Verdict::Lower,
            (Direction::Neither, false) => Verdict::Higher,
        }
    }

    /// Whether the change is clear.
    #[must_use]
    pub fn is_clear(self) -> bool {
        matches!(self, Verdict::Better | Verdict::Worse | Verdict::Lower | Verdict::Higher)
    }

    /// The word that stands in tables.
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
    use crate::compare::samples::contact_rules_rows;

    #[test]
    fn follows_direction_and_adjusted_p() {
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
}
