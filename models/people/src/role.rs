//! Roles, and the intents of predators.

use recsafe_common::choices;
use serde::{Deserialize, Serialize};

choices! {
    /// What an account is in truth. The platform never sees it.
    pub enum Role {
        /// An ordinary adult account holder.
        User = "user",
        /// An account whose holder is under 18.
        Minor = "minor",
        /// An adult account with harmful intent: an abstract bundle of rates.
        Predator = "predator",
        /// An automated account that makes posts of little worth.
        Bot = "bot",
        /// A scripted test account, counted apart from the population.
        Probe = "probe",
    }
}

/// What a predator is after; several may hold at once, and for all other roles none does.
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
    /// No intent: everybody but predators.
    pub const NONE: Intents = Intents { contacting: false, seller: false, buyer: false };

    /// Whether the account takes part in the exchange network, as seller or buyer.
    #[must_use]
    pub const fn is_exchange(self) -> bool {
        self.seller || self.buyer
    }
}
