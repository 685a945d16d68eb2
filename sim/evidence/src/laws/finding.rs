//! What a law's trials gave, beside what theory says, and the verdict.

use recsafe_stats::{mean, variance};
use serde::Serialize;

/// How far a finding may be from its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Margin {
    /// By luck alone: its standard error.
    Luck(f64),
    /// So far to either side, for a reason that the set-up tells; with the standard error, if luck is in it too.
    UpTo(f64, Option<f64>),
}

/// One number of a law.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its name.
    pub id: String,
    /// What was run, and what is measured.
    pub setup: String,
    /// What theory says.
    pub target: f64,
    /// What was obtained; NaN if nothing was.
    pub value: f64,
    /// How far it may be from the target.
    pub margin: Margin,
}

impl Finding {
    /// A finding with its standard error.
    pub fn new(
        id: impl Into<String>,
        setup: impl Into<String>,
        target: f64,
        (value, standard_error): (f64, f64),
    ) -> Self {
        Finding { id: id.into(), setup: setup.into(), target, value, margin: Margin::Luck(standard_error) }
    }

    /// Whether luck alone decides how far it is from the target.
    #[must_use]
    pub fn is_tested(&self) -> bool {
        matches!(self.margin, Margin::Luck(_))
    }
}

/// The mean of independent values, and its standard error; NaN of too few.
#[must_use]
pub fn mean_with_error(values: &[f64]) -> (f64, f64) {
    let error = variance(values).map_or(f64::NAN, |variance| (variance / values.len() as f64).sqrt());
    (mean(values).unwrap_or(f64::NAN), error)
}

/// A share of `n` independent cases, and its standard error if it is `expected` in truth.
#[must_use]
pub fn share_with_error(hits: usize, n: usize, expected: f64) -> (f64, f64) {
    let n = n as f64;
    (hits as f64 / n, (expected * (1.0 - expected) / n).sqrt())
}

/// Whether a law holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The number is as close to theory as luck allows.
    Within,
    /// It is not.
    Outside,
}

impl Verdict {
    /// The word for it in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Within => "within",
            Verdict::Outside => "outside",
        }
    }
}

/// A judged finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// The law.
    pub case: &'static str,
    /// The finding's name.
    pub id: String,
    /// What was run, and what is measured.
    pub setup: String,
    /// What theory says.
    pub target: f64,
    /// What was obtained; none if nothing was.
    pub value: Option<f64>,
    /// Standard error; none where luck plays no part.
    pub se: Option<f64>,
    /// (value - target) / se.
    pub z: Option<f64>,
    /// Largest distance from the target that is within: about the smallest deviation that is found.
    pub tolerance: f64,
    /// The verdict.
    pub verdict: Verdict,
}

impl Case {
    /// Judges a finding; `bound`: the largest |z| that is within.
    #[must_use]
    pub fn new(case: &'static str, finding: Finding, bound: f64) -> Self {
        let Finding { id, setup, target, value, margin } = finding;
        let distance = value - target;
        let (se, tolerance) = match margin {
            Margin::Luck(se) => (Some(se), bound * se),
            Margin::UpTo(most, se) => (se, most),
        };
        // A value or tolerance that is not a number is not within.
        let verdict = if distance.abs() <= tolerance { Verdict::Within } else { Verdict::Outside };
        let se = se.filter(|se| se.is_finite());
        let z = se.filter(|&se| se > 0.0).map(|se| distance / se).filter(|z| z.is_finite());
        Case {
            case,
            id,
            setup,
            target,
            value: Some(value).filter(|value| value.is_finite()),
            se,
            z,
            tolerance,
            verdict,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(value: f64, margin: Margin) -> Verdict {
        let finding = Finding { id: "a".to_owned(), setup: String::new(), target: 1.0, value, margin };
        Case::new("law", finding, 3.0).verdict
    }

    #[test]
    fn close_is_within_and_far_is_outside() {
        assert_eq!(
            [1.29, 0.71, 1.31].map(|value| verdict(value, Margin::Luck(0.1))),
            [Verdict::Within, Verdict::Within, Verdict::Outside]
        );
        assert_eq!(
            [1.02, 0.97].map(|value| verdict(value, Margin::UpTo(0.025, None))),
            [Verdict::Within, Verdict::Outside]
        );
    }

    #[test]
    fn no_number_is_outside() {
        assert_eq!(verdict(f64::NAN, Margin::Luck(0.1)), Verdict::Outside);
        assert_eq!(verdict(1.0, Margin::Luck(f64::NAN)), Verdict::Outside);
        assert_eq!(verdict(1.0, Margin::Luck(0.0)), Verdict::Within);
    }
}
