//! Roles, and the intents of predators.

use recsafe_common::choices;
use serde::{Deserialize, Serialize};

choices! {
    /// The true role of an account. The platform never sees the true role.
    pub enum Role {
        /// An ordinary adult.
        User = "user",
        /// An account whose holder is under 18.
        Minor = "minor",
        /// An adult with harmful intent, modelled only as a set of rates.
        Predator = "predator",
        /// An automated account that makes posts of low quality.
        Bot = "bot",
        /// A scripted test account, counted separately from the population.
        Probe = "probe",
    }
}

/// The intents of a predator. A predator can have several intents. For other roles, all intents are
/// `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intents {
    /// Looks for minors to contact.
    pub contacting: bool,
    /// Sells in the exchange network.
    pub seller: bool,
    /// Buys in the exchange network.
    pub buyer: bool,
}

impl Intents {
    /// No intents. All roles except predators have no intents.
    pub const NONE: Intents = Intents { contacting: false, seller: false, buyer: false };

    /// Returns whether the account is a seller or buyer in the exchange network.
    #[must_use]
    pub const fn is_exchange(self) -> bool {
        self.seller || self.buyer
    }
}
