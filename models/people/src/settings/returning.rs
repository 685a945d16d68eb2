//! `[behavior.return]`: who returns after removal.

use recsafe_common::settings;

settings! {
    /// Return after removal: whether and when the holder of a removed account comes back with a new
    /// account, and which former contacts the holder finds again. Predators and niche creators can
    /// return. All other removed accounts stay removed unless an appeal restores them.
    pub struct Return {
        /// Probability that the holder of a removed account never returns, unless the removal was
        /// reported to the authorities.
        pub permanent_exit: f64 = 0.1, 0.0..=1.0, "probability", "assumed";
        /// Probability that the holder of a removed account never returns, if the removal was
        /// reported to the authorities.
        pub permanent_exit_reported: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability that a holder who might return tries to do so. A holder whose new account is
        /// rejected tries again with the same probability.
        pub probability: f64 = 0.7, 0.0..=1.0, "probability", "assumed";
        /// Mean number of days until an attempt to return: geometric, at least 1.
        pub delay: f64 = 5.0, 1.0..=1000.0, "days", "assumed";
        /// Share of former follows, links and known minors that a returning holder finds again.
        pub recovered_ties: f64 = 0.5, 0.0..=1.0, "share", "assumed";
    }
}
