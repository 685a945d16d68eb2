//! Blocks between accounts.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, Day};

/// Pairs of accounts of which one blocked the other. A block works both ways: neither is suggested to the other, follows the
/// other, or can write to the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocks {
    with: BTreeMap<AccountId, Vec<AccountId>>,
    /// Every block with its day, oldest first.
    made: VecDeque<(Day, AccountId, AccountId)>,
}

impl Blocks {
    /// Adds a block between two accounts on a day, which is never before that of an earlier block; false if there was one.
    pub fn add(&mut self, a: AccountId, b: AccountId, day: Day) -> bool {
        if self.between(a, b) {
            return false;
        }
        self.with.entry(a).or_default().push(b);
        self.with.entry(b).or_default().push(a);
        self.made.push_back((day, a, b));
        true
    }

    /// Forgets blocks that were made before a day.
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

    /// Number of blocks that are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Whether nobody blocked anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
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
