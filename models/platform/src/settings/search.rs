//! `[search]`: how search ranks posts and accounts.

use recsafe_common::settings;

settings! {
    /// How search works: it ranks posts near the query, or the accounts that created them, by
    /// relevance and popularity.
    pub struct Search {
        /// Number of results per search.
        pub results: u32 = 10, 1..=50, "posts or accounts", "assumed";
        /// Number of posts considered per search.
        pub candidates: u32 = 200, 1..=1000, "posts", "assumed";
        /// Weight of relevance, the cosine similarity of the query and a post's features.
        pub relevance: f64 = 0.7, 0.0..=1.0e6, "weight", "assumed";
        /// Weight of popularity. Popularity has a logarithmic scale from 0 to 1, and the most
        /// popular candidate has the value 1.
        pub popularity: f64 = 0.3, 0.0..=1.0e6, "weight", "assumed";
    }
}
