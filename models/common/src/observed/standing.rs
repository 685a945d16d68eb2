//! Sanctions that limit an account.

use crate::choices;

choices! {
    /// What the platform allows an account to do.
    pub enum Standing {
        /// Unrestricted use.
        Active = "active",
        /// Restricted use: suggestions and search omit the account, only its followers see its
        /// posts, and the account cannot message strangers.
        Limited = "limited",
        /// No use for a limited time. Nobody sees the account's posts.
        Suspended = "suspended",
        /// No use, permanently.
        Removed = "removed",
    }
}

impl Standing {
    /// Returns whether the account can be used.
    #[inline]
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Standing::Active | Standing::Limited)
    }
}
