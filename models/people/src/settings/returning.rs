//! `[behavior.return]`: who comes back after removal.

use recsafe_common::settings;

settings! {
    /// Return after removal: whether and when the holder of a removed account comes back with a new one, and what of the old it finds
    /// again. Predators return, and niche creators; all others who are removed are gone, unless an appeal gives the account back.
    pub struct Return {
        /// Probability that a removal is the end for good ...
        pub exit: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// ... and where the removal was reported to authorities.
        pub exit_reported: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Of those for whom it is not the end, the share that tries to come back. Who is turned away tries again with the same probability.
        pub probability: f64 = 0.7, 0.0..=1.0, "probability", "assumed";
        /// Mean days until then; geometric, at least 1.
        pub delay: f64 = 5.0, 1.0..=1000.0, "days", "assumed";
        /// Share of former follows, links and known minors that are found again.
        pub found_again: f64 = 0.5, 0.0..=1.0, "share", "assumed";
    }
}
