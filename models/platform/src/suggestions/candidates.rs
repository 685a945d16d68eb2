//! Candidates for people suggestions, with columns of evidence that the sources fill.

use recsafe_common::choices;
use recsafe_common::ids::AccountId;

use crate::request::View;

choices! {
    /// Source of a candidate for people suggestions.
    pub enum AccountSource {
        /// An account followed by followees of the viewer.
        FriendsOfFriends = "friends-of-friends",
        /// An account whose audience is similar to the audiences of accounts that the viewer
        /// follows or visited.
        SharedAudience = "shared-audience",
        /// One of the most followed accounts.
        Popular = "popular",
        /// Any account.
        Random = "random",
    }
}

/// Number of entries that are added when the columns of evidence grow.
const AHEAD: usize = 512;

/// Candidates in the order in which sources found them. Each candidate occurs once. All columns
/// have the same length after [`AccountCandidates::settle`].
#[derive(Clone, Debug, Default)]
pub struct AccountCandidates {
    /// The candidate accounts. Only [`AccountCandidates::add`] adds accounts to this list.
    pub accounts: Vec<AccountId>,
    /// Adamic-Adar closeness to the viewer, 0 or more.
    pub ties: Vec<f32>,
    /// Similarity of the audience to the audiences of accounts that the viewer follows or visited:
    /// a sum of cosines, 0 or more.
    pub audience: Vec<f32>,
    /// ln(1 + followers).
    pub popularity: Vec<f32>,
    /// For each account, 1 + its index among the candidates, or 0 if the account is not a
    /// candidate. Every follow that is read needs one lookup in this list, and an array is faster
    /// than a hash table.
    indices: Vec<u32>,
}

impl AccountCandidates {
    /// Removes all candidates and keeps the memory. `accounts` is the number of all accounts.
    pub fn start(&mut self, accounts: usize) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.clear();
        }
        for account in self.accounts.drain(..) {
            self.indices[account.row()] = 0;
        }
        if self.indices.len() < accounts {
            self.indices = vec![0; accounts]; // not resized: untouched zero pages take no memory
        }
    }

    /// Returns the number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Returns whether there are no candidates.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Returns the index of an account in the columns, if it is a candidate.
    #[inline]
    #[must_use]
    pub fn index_of(&self, account: AccountId) -> Option<usize> {
        self.indices.get(account.row()).and_then(|&index| (index as usize).checked_sub(1))
    }

    /// Adds an account if the account is not a candidate yet. Returns the account's index in the
    /// columns.
    ///
    /// # Panics
    /// Panics if the account does not exist.
    #[inline]
    pub fn add(&mut self, account: AccountId) -> usize {
        let next = self.accounts.len();
        let index = &mut self.indices[account.row()];
        if *index > 0 {
            return *index as usize - 1;
        }
        *index = next as u32 + 1;
        self.accounts.push(account);
        if next >= self.ties.len() {
            self.lengthen();
        }
        next
    }

    /// Makes the columns of evidence longer than the list of accounts. To push three values per
    /// account would be slower.
    #[cold]
    fn lengthen(&mut self) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.resize(self.accounts.len() + AHEAD, 0.0);
        }
    }

    /// Truncates the columns of evidence to the number of candidates. Call this method after all
    /// sources have added candidates.
    pub fn settle(&mut self) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.truncate(self.accounts.len());
        }
    }

    /// Keeps only accounts that can be suggested. Removes the viewer, accounts under a sanction,
    /// accounts that the viewer follows, and accounts that block the viewer or that the viewer
    /// blocks.
    pub fn keep_eligible(&mut self, viewer: AccountId, view: &View) {
        self.settle();
        let (followed, blocked) = (view.observed.graph.followees(viewer), view.observed.blocks.of(viewer));
        for &account in followed.iter().chain(blocked).chain(&[viewer]) {
            if let Some(index) = self.index_of(account) {
                self.remove(index);
            }
        }
        // The loop starts at the end, because removal moves the last account to the gap. So that
        // account was already checked.
        for index in (0..self.accounts.len()).rev() {
            if !view.observed.accounts.is_free(self.accounts[index]) {
                self.remove(index);
            }
        }
    }

    /// Removes a candidate and moves the last candidate to its index.
    fn remove(&mut self, index: usize) {
        let gone = self.accounts.swap_remove(index);
        self.indices[gone.row()] = 0;
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.swap_remove(index);
        }
        if let Some(moved) = self.accounts.get(index) {
            self.indices[moved.row()] = index as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn an_account_stands_where_it_is_said_to_with_its_own_evidence(
            rounds in prop::collection::vec(prop::collection::vec((0_u32..500, any::<bool>()), 0..2000), 1..4),
        ) {
            let mut candidates = AccountCandidates::default();
            for round in rounds {
                candidates.start(1_000 * (1 + round.len()));
                let mut model: BTreeMap<u32, f32> = BTreeMap::new();
                for &(id, _) in &round {
                    let index = candidates.add(AccountId(id));
                    candidates.ties[index] += 1.0;
                    candidates.audience[index] = id as f32;
                    *model.entry(id).or_default() += 1.0;
                }
                candidates.settle();
                for &(id, stays) in &round {
                    if let Some(index) = candidates.index_of(AccountId(id)).filter(|_| !stays) {
                        candidates.remove(index);
                        model.remove(&id);
                    }
                }
                prop_assert_eq!(candidates.len(), model.len());
                for id in 0..600 {
                    let index = candidates.index_of(AccountId(id));
                    prop_assert_eq!(index.map(|index| candidates.ties[index]), model.get(&id).copied());
                    prop_assert_eq!(index.map(|index| candidates.accounts[index]), index.map(|_| AccountId(id)));
                    prop_assert_eq!(index.map(|index| candidates.audience[index]), index.map(|_| id as f32));
                }
            }
        }
    }
}
