//! The message setting of accounts.

use crate::choices;

choices! {
    /// Whose messages an account accepts.
    pub enum MessagesFrom {
        /// Messages from everyone.
        Everyone = "everyone",
        /// Messages from followers.
        Followers = "followers",
        /// Messages from accounts with a mutual follow.
        Mutuals = "mutuals",
    }
}
