//! `[harm]`: what counts as harmful.

use recsafe_common::settings;

settings! {
    /// What counts as harmful. These settings change what is measured and what classifiers look
    /// for, but not how accounts behave.
    pub struct Harm {
        /// Severity from which a post is harmful and violates the rules of the platform. The lower
        /// it is, the more posts count as harmful.
        pub threshold: f64 = 0.5, 0.0..=1.0, "severity", "assumed";
        /// Severity from which a post is severe.
        pub severe: f64 = 0.8, 0.0..=1.0, "severity", "assumed";
    }
}

impl Harm {
    /// Returns whether a post of this severity is harmful (and violates the rules of the platform).
    #[inline]
    #[must_use]
    pub fn is_harmful(&self, severity: f32) -> bool {
        f64::from(severity) >= self.threshold
    }

    /// Returns whether a post of this severity is severe.
    #[inline]
    #[must_use]
    pub fn is_severe(&self, severity: f32) -> bool {
        f64::from(severity) >= self.severe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_at_a_threshold_reaches_it() {
        let harm = Harm { threshold: 0.5, severe: 0.75 };
        assert_eq!([0.49, 0.5, 0.75].map(|severity| harm.is_harmful(severity)), [false, true, true]);
        assert_eq!([0.5, 0.74, 0.75].map(|severity| harm.is_severe(severity)), [false, false, true]);
    }
}
