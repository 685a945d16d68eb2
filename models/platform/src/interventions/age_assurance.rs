//! `age-assurance`: accounts that state 18 or over have to prove it.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{AgeCheck, Intervention};

settings! {
    /// Accounts that state 18 or over are asked to prove it; who is taken for a minor is treated as one: as of its true band where the
    /// check is right, as 16 or 17 where it is wrong. Reaches accounts by stated age; efficacy is one draw an account, for good. The errors
    /// of one try are those of face estimation with a threshold of 18 (NIST IR 8525, Face Analysis Technology Evaluation: Age Estimation
    /// and Verification, 2024, gives errors of this order); that tries are independent is assumed.
    pub struct AgeAssurance {
        /// Share of the accounts reached that are asked.
        pub asked: f64 = 1.0, 0.0..=1.0, "share of accounts", "assumed";
        /// Probability that one try passes a holder below 13 as an adult.
        pub passes_under_13: f64 = 0.02, 0.0..=1.0, "probability", "assumed";
        /// Probability that one try passes a holder of 13 to 15 as an adult.
        pub passes_13_15: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// Probability that one try passes a holder of 16 or 17 as an adult.
        pub passes_16_17: f64 = 0.35, 0.0..=1.0, "probability", "assumed";
        /// Probability that one try takes an adult for a minor.
        pub refuses_adults: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// How often a holder who was taken for a minor may try again.
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
        Some(AgeCheck { share: self.asked, caught, again: caught, retries: self.retries, asks: true })
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
