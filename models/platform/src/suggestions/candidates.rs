//! Candidates for people suggestions: columns of evidence, filled by the sources.

use recsafe_common::choices;
use recsafe_common::ids::AccountId;

use crate::request::View;

choices! {
    /// Where a candidate for people suggestions comes from.
    pub enum AccountSource {
        /// Followed by accounts that the viewer follows.
        FriendsOfFriends = "friends-of-friends",
        /// With an audience like that of accounts that the viewer follows or attends to.
        SharedAudience = "shared-audience",
        /// Most followed.
        Popular = "popular",
        /// Anybody.
        Random = "random",
    }
}

/// Places by which columns of evidence grow.
const AHEAD: usize = 512;

/// Candidates in the order in which sources found them, each once. All columns have one length once they are settled.
#[derive(Clone, Debug, Default)]
pub struct AccountCandidates {
    /// Who. Only [`AccountCandidates::add`] adds to it.
    pub accounts: Vec<AccountId>,
    /// Adamic-Adar closeness to the viewer, 0 or more.
    pub ties: Vec<f32>,
    /// Summed cosine of audiences with accounts that the viewer follows or attends to, 0 or more.
    pub audience: Vec<f32>,
    /// ln(1 + followers).
    pub popularity: Vec<f32>,
    /// For each account 1 + its place, or 0: one number is read or written for each follow that is looked at, where a table would be searched.
    places: Vec<u32>,
}

impl AccountCandidates {
    /// Forgets all and keeps the memory. `accounts`: how many there are in all; candidates are among them.
    pub fn start(&mut self, accounts: usize) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.clear();
        }
        for account in self.accounts.drain(..) {
            self.places[account.row()] = 0;
        }
        if self.places.len() < accounts {
            self.places = vec![0; accounts]; // new and not longer: what nobody reads or writes takes no memory
        }
    }

    /// Number of candidates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// Whether there is no candidate.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Where an account stands in the columns, if it is a candidate.
    #[inline]
    #[must_use]
    pub fn place(&self, account: AccountId) -> Option<usize> {
        self.places.get(account.row()).and_then(|&place| (place as usize).checked_sub(1))
    }

    /// Where an account stands in the columns; it is added if it is not there.
    ///
    /// # Panics
    /// If there are not so many accounts as its id says.
    #[inline]
    pub fn add(&mut self, account: AccountId) -> usize {
        let next = self.accounts.len();
        let place = &mut self.places[account.row()];
        if *place > 0 {
            return *place as usize - 1;
        }
        *place = next as u32 + 1;
        self.accounts.push(account);
        if next >= self.ties.len() {
            self.lengthen();
        }
        next
    }

    /// Makes the columns of evidence longer, all at once and ahead of the accounts: a push into each for every account costs more.
    #[cold]
    fn lengthen(&mut self) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.resize(self.accounts.len() + AHEAD, 0.0);
        }
    }

    /// Cuts the columns of evidence to the candidates, once all are there.
    pub fn settle(&mut self) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.truncate(self.accounts.len());
        }
    }

    /// Keeps accounts that may be suggested: others than the viewer, under no sanction, not followed yet, without a block between the
    /// two.
    pub fn keep_eligible(&mut self, viewer: AccountId, view: &View) {
        self.settle();
        let (followed, blocked) = (view.observed.graph.followees(viewer), view.observed.blocks.of(viewer));
        for &account in followed.iter().chain(blocked).chain(&[viewer]) {
            if let Some(place) = self.place(account) {
                self.remove(place);
            }
        }
        // From the back: what is put in the place of one that goes was looked at already.
        for place in (0..self.accounts.len()).rev() {
            if !view.observed.accounts.is_free(self.accounts[place]) {
                self.remove(place);
            }
        }
    }

    /// Puts the last candidate in the place of one that is taken out.
    fn remove(&mut self, place: usize) {
        let gone = self.accounts.swap_remove(place);
        self.places[gone.row()] = 0;
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.swap_remove(place);
        }
        if let Some(moved) = self.accounts.get(place) {
            self.places[moved.row()] = place as u32 + 1;
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
                    let place = candidates.add(AccountId(id));
                    candidates.ties[place] += 1.0;
                    candidates.audience[place] = id as f32;
                    *model.entry(id).or_default() += 1.0;
                }
                candidates.settle();
                for &(id, stays) in &round {
                    if let Some(place) = candidates.place(AccountId(id)).filter(|_| !stays) {
                        candidates.remove(place);
                        model.remove(&id);
                    }
                }
                prop_assert_eq!(candidates.len(), model.len());
                for id in 0..600 {
                    let place = candidates.place(AccountId(id));
                    prop_assert_eq!(place.map(|place| candidates.ties[place]), model.get(&id).copied());
                    prop_assert_eq!(place.map(|place| candidates.accounts[place]), place.map(|_| AccountId(id)));
                    prop_assert_eq!(place.map(|place| candidates.audience[place]), place.map(|_| id as f32));
                }
            }
        }
    }
}
