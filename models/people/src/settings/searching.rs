//! `[behavior.searching]`: who searches, and for what.

use recsafe_common::settings;

settings! {
    /// Searches: how many, and whether for posts or accounts. What is searched for follows from interests: one of the account's
    /// topics, by its weight among them. (Searches for minors are part of `behavior.contact`.)
    pub struct Searching {
        /// Searches a day, at one session a day.
        pub searches: f64 = 0.1, 0.0..=50.0, "searches a day", "assumed";
        /// The same for minors, whose sessions are more.
        pub searches_minors: f64 = 0.12, 0.0..=50.0, "searches a day", "assumed, so that minors search about 0.15 times a day";
        /// Share of searches that are for accounts; the others are for posts.
        pub accounts: f64 = 0.5, 0.0..=1.0, "share of searches", "assumed";
    }
}
