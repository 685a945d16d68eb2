//! `[behavior.searching]`: who searches, and for what.

use recsafe_common::settings;

settings! {
    /// Searches: how many there are, and whether they look for posts or accounts. The subject of a
    /// search is one of the account's topics, drawn by its weight among the account's interests.
    /// (Predators' searches for minors are part of `behavior.contact`.)
    pub struct Searching {
        /// Searches per day, at one session per day.
        pub searches: f64 = 0.1, 0.0..=50.0, "searches per day", "assumed";
        /// Searches per day by minors, at one session per day.
        pub searches_minors: f64 = 0.12, 0.0..=50.0, "searches per day", "assumed: minors then search about 0.15 times per day";
        /// Share of searches that look for accounts. The others look for posts.
        pub accounts: f64 = 0.5, 0.0..=1.0, "share of searches", "assumed";
    }
}
