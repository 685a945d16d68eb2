//! Findings of a law's trials, their theoretical values, and the verdict.

use recsafe_stats::{mean, variance};
use serde::Serialize;

/// Allowed deviation of a finding from its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Margin {
    /// Only chance is allowed to cause a deviation. The value is the standard error.
    Chance(f64),
    /// A maximum deviation in either direction. The setup states the reason. The second value is
    /// the standard error, or `None` if nothing is random.
    UpTo(f64, Option<f64>),
}

/// One number that a law predicts.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Name of the finding.
    pub id: String,
    /// What was simulated and measured.
    pub setup: String,
    /// The theoretical value.
    pub target: f64,
    /// The obtained value; NaN if there is no value.
    pub value: f64,
    /// The allowed deviation from the target.
    pub margin: Margin,
}

impl Finding {
    /// Creates a finding with its standard error.
    pub fn new(
        id: impl Into<String>,
        setup: impl Into<String>,
        target: f64,
        (value, standard_error): (f64, f64),
    ) -> Self {
        Finding { id: id.into(), setup: setup.into(), target, value, margin: Margin::Chance(standard_error) }
    }

    /// Returns whether only chance can make the finding differ from the target.
    #[must_use]
    pub fn is_tested(&self) -> bool {
        matches!(self.margin, Margin::Chance(_))
    }
}

/// Returns the mean of independent values and its standard error; a result is NaN if there are too
/// few values.
#[must_use]
pub fn mean_with_error(values: &[f64]) -> (f64, f64) {
    let error = variance(values).map_or(f64::NAN, |variance| (variance / values.len() as f64).sqrt());
    (mean(values).unwrap_or(f64::NAN), error)
}

/// Returns a share of `n` independent cases, and the standard error that follows from the true
/// share `expected`.
#[must_use]
pub fn share_with_error(hits: usize, n: usize, expected: f64) -> (f64, f64) {
    let n = n as f64;
    (hits as f64 / n, (expected * (1.0 - expected) / n).sqrt())
}

/// Verdict on a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The value agrees with theory within its tolerance.
    Within,
    /// The value does not agree with theory.
    Outside,
}

impl Verdict {
    /// Returns the verdict's word in tables.
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
    /// What was simulated and measured.
    pub setup: String,
    /// The theoretical value.
    pub target: f64,
    /// The obtained value, if any.
    pub value: Option<f64>,
    /// Standard error, or `None` if nothing is random.
    pub se: Option<f64>,
    /// Deviation in standard errors: (value - target) / se.
    pub z: Option<f64>,
    /// Largest allowed deviation from the target. A check detects errors of about this size and
    /// larger errors.
    pub tolerance: f64,
    /// The verdict.
    pub verdict: Verdict,
}

impl Case {
    /// Judges a finding; `bound` is the largest |z| that is allowed.
    #[must_use]
    pub fn new(case: &'static str, finding: Finding, bound: f64) -> Self {
        let Finding { id, setup, target, value, margin } = finding;
        let distance = value - target;
        let (se, tolerance) = match margin {
            Margin::Chance(se) => (Some(se), bound * se),
            Margin::UpTo(most, se) => (se, most),
        };
        // If the value or the tolerance is NaN, the verdict is `Outside`.
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
            [1.29, 0.71, 1.31].map(|value| verdict(value, Margin::Chance(0.1))),
            [Verdict::Within, Verdict::Within, Verdict::Outside]
        );
        assert_eq!(
            [1.02, 0.97].map(|value| verdict(value, Margin::UpTo(0.025, None))),
            [Verdict::Within, Verdict::Outside]
        );
    }

    #[test]
    fn no_number_is_outside() {
        assert_eq!(verdict(f64::NAN, Margin::Chance(0.1)), Verdict::Outside);
        assert_eq!(verdict(1.0, Margin::Chance(f64::NAN)), Verdict::Outside);
        assert_eq!(verdict(1.0, Margin::Chance(0.0)), Verdict::Within);
    }
}
