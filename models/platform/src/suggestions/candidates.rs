//! Candidates for people suggestions: columns of evidence, filled by the sources.

use recsafe_common::choices;
use recsafe_common::ids::AccountId;

use crate::request::View;
use crate::small_map::SmallMap;

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
    /// Who.
    pub accounts: Vec<AccountId>,
    /// Adamic-Adar closeness to the viewer, 0 or more.
    pub ties: Vec<f32>,
    /// Summed cosine of audiences with accounts that the viewer follows or attends to, 0 or more.
    pub audience: Vec<f32>,
    /// ln(1 + followers).
    pub popularity: Vec<f32>,
    places: SmallMap,
}

impl AccountCandidates {
    /// Forgets all and keeps the memory.
    pub fn start(&mut self) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.clear();
        }
        self.accounts.clear();
        self.places.clear();
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
        self.places.get(account.0)
    }

    /// Where an account stands in the columns; it is added if it is not there.
    #[inline]
    pub fn add(&mut self, account: AccountId) -> usize {
        let next = self.accounts.len();
        let place = self.places.get_or_insert(account.0, next);
        if place < next {
            return place;
        }
        self.accounts.push(account);
        if next >= self.ties.len() {
            self.lengthen();
        }
        place
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
        for place in (0..self.accounts.len()).rev() {
            if !view.observed.accounts.is_free(self.accounts[place]) {
                self.remove(place);
            }
        }
    }

    /// Puts the last candidate in the place of one that is taken out.
    fn remove(&mut self, place: usize) {
        self.places.remove(self.accounts[place].0);
        self.accounts.swap_remove(place);
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.swap_remove(place);
        }
        if let Some(moved) = self.accounts.get(place) {
            self.places.move_to(moved.0, place);
        }
    }
}
