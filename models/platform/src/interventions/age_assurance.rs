//! `age-assurance`: asks accounts that declare 18 or over to prove their age.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{AgeCheck, Intervention};

settings! {
    /// Accounts that declare 18 or over have to prove their age, and are treated as minors if they
    /// fail.
    ///
    /// The check makes mistakes in both directions. A minor who fails is treated according to the
    /// true age band. An adult who fails is treated as 16 or 17. The default error rates of one try
    /// have the order of magnitude of error rates of face estimation with a threshold of 18 (NIST
    /// IR 8525, Face Analysis Technology Evaluation: Age Estimation and Verification, 2024). Tries
    /// are assumed to be independent. `audience` and `coverage` select accounts by their declared
    /// age. Efficacy is drawn once per account and never again.
    pub struct AgeAssurance {
        /// Share of the selected accounts that have to prove their age.
        pub checked_share: f64 = 1.0, 0.0..=1.0, "share of accounts", "assumed";
        /// Probability that a holder under 13 passes one try as an adult.
        pub passes_under_13: f64 = 0.02, 0.0..=1.0, "probability", "assumed";
        /// Probability that a holder aged 13 to 15 passes one try as an adult.
        pub passes_13_15: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// Probability that a holder aged 16 or 17 passes one try as an adult.
        pub passes_16_17: f64 = 0.35, 0.0..=1.0, "probability", "assumed";
        /// Probability that an adult fails one try.
        pub refuses_adults: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// Number of further tries after the first try has failed.
        pub retries: u32 = 1, 0..=100, "tries", "assumed";
    }
}

impl Described for AgeAssurance {
    const TITLE: &'static str = "Age assurance";
    const FAMILY: &'static str = "age";
    const HOOKS: &'static [&'static str] = &["checks-age"];
}

impl Intervention for AgeAssurance {
    fn acts_on(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn checks_age(&self) -> Option<AgeCheck> {
        let passes = [self.passes_under_13, self.passes_13_15, self.passes_16_17, 1.0 - self.refuses_adults];
        let caught = passes.map(|passes| 1.0 - passes);
        Some(AgeCheck { share: self.checked_share, caught, again: caught, retries: self.retries, asks: true })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn younger_holders_are_caught_more_often_than_adults() {
        let check = AgeAssurance::default().checks_age().unwrap();
        assert!(check.caught.is_sorted_by(|younger, older| younger > older));
        assert!((check.caught[3] - 0.1).abs() < 1e-12);
    }
}
