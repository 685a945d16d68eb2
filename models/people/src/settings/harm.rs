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
