//! `[harm]`: what counts as harmful.

use recsafe_common::settings;

settings! {
    /// What counts as harmful. Changes measures and what a classifier looks for, not what anybody does.
    pub struct Harm {
        /// A post is harmful, and violates, from this severity on.
        pub threshold: f64 = 0.5, 0.0..=1.0, "severity", "assumed";
        /// A post is severe from this severity on.
        pub severe: f64 = 0.8, 0.0..=1.0, "severity", "assumed";
    }
}

impl Harm {
    /// Whether a post of this severity is harmful, and violates.
    #[inline]
    #[must_use]
    pub fn is_harmful(&self, severity: f32) -> bool {
        f64::from(severity) >= self.threshold
    }

    /// Whether a post of this severity is severe.
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
