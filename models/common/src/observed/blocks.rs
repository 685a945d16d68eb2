//! Blocks between accounts.

use std::collections::BTreeMap;

use crate::ids::AccountId;

/// Pairs of accounts of which one blocked the other. A block works both ways: neither is suggested to the other, follows the
/// other, or can write to the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    with: BTreeMap<AccountId, Vec<AccountId>>,
}

impl Blocks {
    /// Adds a block between two accounts; false if there was one.
    pub fn add(&mut self, a: AccountId, b: AccountId) -> bool {
        if self.between(a, b) {
            return false;
        }
        self.with.entry(a).or_default().push(b);
        self.with.entry(b).or_default().push(a);
        true
    }

    /// Whether one of the two blocked the other.
    #[must_use]
    pub fn between(&self, a: AccountId, b: AccountId) -> bool {
        self.of(a).contains(&b)
    }

    /// Accounts that `account` blocked, or that blocked it.
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[AccountId] {
        self.with.get(&account).map_or(&[], Vec::as_slice)
    }
}
