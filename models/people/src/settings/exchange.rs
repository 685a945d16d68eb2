//! `[behavior.exchange]`: how exchange accounts form a network.

use recsafe_common::settings;

settings! {
    /// The exchange network. Sellers and buyers follow each other wherever they meet. Some of these
    /// follows become links, and links between a seller and a buyer lead to exchanges. The network
    /// has no content: a link is a pair of accounts, and an exchange is a count.
    pub struct Exchange {
        /// Probability that a follow between two exchange accounts creates a link. The link lasts
        /// as long as one of them follows the other.
        pub link: f64 = 0.5, 0.0..=1.0, "probability", "assumed";
        /// Probability per day of an exchange over a link between a seller and a buyer.
        pub rate: f64 = 0.05, 0.0..=1.0, "per link and day", "assumed";
        /// Mean number of new exchange accounts that each exchange account recruits. It recruits
        /// once, on the day after its first day (accounts of the initial population: on day 0).
        /// Each recruit starts with a link to its recruiter. For checks against the theory of
        /// branching processes (Galton and Watson 1875): a tree of more than 2,000 accounts stops
        /// growing.
        pub recruits: f64 = 0.0, 0.0..=10.0, "accounts", "none in the default world";
    }
}
