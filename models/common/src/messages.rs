//! The message setting of accounts.

use crate::choices;

choices! {
    /// Senders from whom an account accepts messages.
    pub enum MessagesFrom {
        /// Messages from everyone.
        Everyone = "everyone",
        /// Messages from followers.
        Followers = "followers",
        /// Messages from accounts with a mutual follow.
        Mutuals = "mutuals",
    }
}
