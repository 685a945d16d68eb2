//! What the platform can do to a post or an account, and how it can decide.

use recsafe_common::choices;

choices! {
    /// What the platform did.
    pub enum Kind {
        /// It took a post down.
        PostRemoved = "post-removed",
        /// It demoted a post: only followers are shown it.
        Demoted = "demoted",
        /// It limited an account.
        Limited = "limited",
        /// It suspended an account.
        Suspended = "suspended",
        /// It removed an account.
        Removed = "removed",
        /// It removed an account for its ties.
        NetworkRemoved = "network-removed",
        /// It told authorities of an account.
        ReportedToAuthorities = "reported-to-authorities",
        /// A reviewer found nothing to act on.
        Dismissed = "dismissed",
        /// It decided on an appeal.
        Appeal = "appeal",
    }
}

impl Kind {
    /// Whether it is against a post.
    #[must_use]
    pub const fn is_of_a_post(self) -> bool {
        matches!(self, Kind::PostRemoved | Kind::Demoted)
    }

    /// Whether it is a sanction against an account.
    #[must_use]
    pub const fn is_a_sanction(self) -> bool {
        matches!(self, Kind::Limited | Kind::Suspended | Kind::Removed | Kind::NetworkRemoved)
    }
}

choices! {
    /// What was decided.
    pub enum Decision {
        /// What was suspected holds.
        Confirmed = "confirmed",
        /// It does not, or an appeal fails.
        Rejected = "rejected",
        /// An appeal succeeds.
        Granted = "granted",
    }
}
