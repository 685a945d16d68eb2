//! Who may write to an account, as its holder set it.

use crate::choices;

choices! {
    /// From whom an account takes messages.
    pub enum MessagesFrom {
        /// Anybody.
        Everyone = "everyone",
        /// Accounts that follow it.
        Followers = "followers",
        /// Accounts that follow it and that it follows.
        Mutuals = "mutuals",
    }
}
