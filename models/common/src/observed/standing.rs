//! Where an account stands with the platform.

use crate::choices;

choices! {
    /// What the platform lets an account do.
    pub enum Standing {
        /// Anything.
        Active = "active",
        /// It is not suggested or found, only its followers are shown its posts, and it writes to nobody new.
        Limited = "limited",
        /// Nothing, for a time; nobody is shown its posts.
        Suspended = "suspended",
        /// Nothing for good.
        Removed = "removed",
    }
}

impl Standing {
    /// Whether the account can be used.
    #[inline]
    #[must_use]
    pub const fn is_usable(self) -> bool {
        matches!(self, Standing::Active | Standing::Limited)
    }
}
