//! Blocks between accounts.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, Day};

/// Pairs of accounts with a block. A block works in both directions: neither account is suggested
/// to the other, and neither can follow or message the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocks {
    with: BTreeMap<AccountId, Vec<AccountId>>,
    /// All blocks with their days, oldest first.
    made: VecDeque<(Day, AccountId, AccountId)>,
}

impl Blocks {
    /// Adds a block between two accounts. The day must not be before the day of a block that was
    /// added earlier. Returns false if the two accounts already have a block.
    pub fn add(&mut self, a: AccountId, b: AccountId, day: Day) -> bool {
        if self.between(a, b) {
            return false;
        }
        self.with.entry(a).or_default().push(b);
        self.with.entry(b).or_default().push(a);
        self.made.push_back((day, a, b));
        true
    }

    /// Removes the blocks that were added before a day.
    pub fn forget_before(&mut self, day: Day) {
        while let Some(&(made, a, b)) = self.made.front()
            && made < day
        {
            self.made.pop_front();
            self.remove(a, b);
            self.remove(b, a);
        }
    }

    fn remove(&mut self, a: AccountId, b: AccountId) {
        if let Some(list) = self.with.get_mut(&a) {
            list.retain(|&other| other != b);
            if list.is_empty() {
                self.with.remove(&a);
            }
        }
    }

    /// Returns the number of blocks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Returns whether there are no blocks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }

    /// Returns whether there is a block between two accounts.
    #[must_use]
    pub fn between(&self, a: AccountId, b: AccountId) -> bool {
        self.of(a).contains(&b)
    }

    /// Returns the accounts that blocked `account` or that `account` blocked.
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[AccountId] {
        self.with.get(&account).map_or(&[], Vec::as_slice)
    }
}
