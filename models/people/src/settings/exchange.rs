//! `[behavior.exchange]`: how exchange accounts tie together.

use recsafe_common::settings;

settings! {
    /// The exchange network: sellers and buyers follow one another wherever they meet, some follows become links, and a link between
    /// a seller and a buyer leads to exchanges. Abstract: a link is a pair of accounts and an exchange a count.
    pub struct Exchange {
        /// Probability that a follow between two exchange accounts makes a link, which lasts while one follows the other.
        pub link: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Exchanges a day over a link between a seller and a buyer: a probability.
        pub rate: f64 = 0.05, 0.0..=1.0, "per link and day", "assumed";
        /// Mean number of new exchange accounts that each exchange account brings in, once, on the day after its first (on day 0 for those there from the start); each begins with a link to it. For checks against the theory of branching processes (Galton and Watson 1875): a tree that has passed 2,000 accounts grows no more.
        pub offspring: f64 = 0.0, 0.0..=10.0, "accounts", "none in the default world";
    }
}
