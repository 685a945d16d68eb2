//! `[search]`: how searches are answered.

use recsafe_common::settings;

settings! {
    /// How searches are answered: posts near the query, or the accounts that made them, by relevance and popularity.
    pub struct Search {
        /// Results of a search.
        pub results: u32 = 10, 1..=50, "posts or accounts", "assumed";
        /// Posts looked through for a search.
        pub candidates: u32 = 200, 1..=1000, "posts", "assumed";
        /// Weight of relevance, the cosine of query and features.
        pub relevance: f64 = 0.7, 0.0..=1.0e6, "weight", "assumed";
        /// Weight of popularity, on a logarithmic scale from 0 to 1 for the most popular candidate.
        pub popularity: f64 = 0.3, 0.0..=1.0e6, "weight", "assumed";
    }
}
