//! `age-inference`: recognises, by their behaviour, minors who declare 18 or over.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::draw::normal_cdf;
use recsafe_common::settings;

use super::{AgeCheck, Intervention};

settings! {
    /// Accounts that declare 18 or over but behave like minors are treated as minors.
    ///
    /// A classifier gives each account a score: d' for minors and 0 for adults, plus normal noise
    /// of variance 1 (equal-variance binormal model; Green and Swets 1966). The noise of an account
    /// never changes. Holders with a score above `threshold` are treated as minors, and some of the
    /// adults among them prove their age. A detected minor is treated according to the true age
    /// band. An adult who does not prove their age is treated as 16 or 17. `audience` and
    /// `coverage` select accounts by their declared age. Efficacy is drawn once per account and
    /// never again.
    pub struct AgeInference {
        /// Quality d' of the classifier. 0 is guessing, and higher values separate minors from
        /// adults better.
        pub d_prime: f64 = 2.0, 0.0..=10.0, "standard deviations", "assumed";
        /// Score above which a holder is treated as a minor.
        pub threshold: f64 = 2.0, -10.0..=10.0, "score", "assumed";
        /// Probability that an adult who is treated as a minor proves their age at once.
        pub proof_rate: f64 = 0.5, 0.0..=1.0, "share of accounts", "assumed";
    }
}

impl Described for AgeInference {
    const TITLE: &'static str = "Age inference";
    const FAMILY: &'static str = "age";
    const HOOKS: &'static [&'static str] = &["checks-age"];
}

impl Intervention for AgeInference {
    fn acts_on(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn checks_age(&self) -> Option<AgeCheck> {
        let (hit, false_alarm) = (normal_cdf(self.d_prime - self.threshold), normal_cdf(-self.threshold));
        let (caught, again) = ([hit, hit, hit, false_alarm], [1.0, 1.0, 1.0, 1.0 - self.proof_rate]);
        Some(AgeCheck { share: 1.0, caught, again, retries: 1, asks: false })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_the_binormal_model() {
        let [hit, .., false_alarm] = AgeInference::default().checks_age().unwrap().caught;
        assert!((hit - 0.5).abs() < 1e-6 && (false_alarm - 0.022_75).abs() < 1e-4);
    }
}
