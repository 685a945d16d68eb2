//! Actions of the platform against posts and accounts, and the outcomes of decisions.

use recsafe_common::choices;

choices! {
    /// Action of the platform, or outcome of a case.
    pub enum Kind {
        /// A post is taken down.
        PostRemoved = "post-removed",
        /// A post is demoted: only followers see it.
        Demoted = "demoted",
        /// An account is limited.
        Limited = "limited",
        /// An account is suspended.
        Suspended = "suspended",
        /// An account is removed.
        Removed = "removed",
        /// An account is removed because of its ties to sanctioned accounts.
        NetworkRemoved = "network-removed",
        /// An account is reported to the authorities.
        ReportedToAuthorities = "reported-to-authorities",
        /// A reviewer takes no action.
        Dismissed = "dismissed",
        /// An appeal is decided.
        Appeal = "appeal",
    }
}

impl Kind {
    /// Returns whether the action is against a post.
    #[must_use]
    pub const fn is_of_a_post(self) -> bool {
        matches!(self, Kind::PostRemoved | Kind::Demoted)
    }

    /// Returns whether the action is a sanction of an account.
    #[must_use]
    pub const fn is_a_sanction(self) -> bool {
        matches!(self, Kind::Limited | Kind::Suspended | Kind::Removed | Kind::NetworkRemoved)
    }
}

choices! {
    /// Outcome of a decision.
    pub enum Decision {
        /// The suspicion is confirmed.
        Confirmed = "confirmed",
        /// The suspicion is not confirmed, or an appeal fails.
        Rejected = "rejected",
        /// An appeal succeeds.
        Granted = "granted",
    }
}
