//! Accounts as the platform knows them.

use crate::band::AgeBand;
use crate::ids::{AccountId, Day};
use crate::messages::MessagesFrom;

/// One column for each thing that an account states or shows; all of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObservedAccounts {
    /// Age band as stated.
    pub stated: Vec<AgeBand>,
    /// Whether follow requests need an answer, and only followers are shown its posts and lists.
    pub private: Vec<bool>,
    /// From whom it takes messages.
    pub messages: Vec<MessagesFrom>,
    /// Region, uniform in [0, 1).
    pub region: Vec<f32>,
    /// First day on the platform.
    pub joined: Vec<Day>,
}

impl ObservedAccounts {
    /// Number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stated.len()
    }

    /// Whether there is no account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stated.is_empty()
    }

    /// Whether the account states an age below 18.
    #[inline]
    #[must_use]
    pub fn states_minor(&self, account: AccountId) -> bool {
        self.stated[account.row()].is_minor()
    }
}
