//! The message setting of accounts.

use crate::choices;

choices! {
    /// Whose messages an account accepts.
    pub enum MessagesFrom {
        /// Messages from everyone.
        Everyone = "everyone",
        /// Messages from accounts that follow it.
        Followers = "followers",
        /// Messages from accounts that it follows and that follow it.
        Mutuals = "mutuals",
    }
}
