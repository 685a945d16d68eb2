//! Candidates for people suggestions: columns of evidence, filled by the sources.

use recsafe_common::choices;
use recsafe_common::ids::AccountId;

use crate::candidates::{Mark, Marks};
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

/// Candidates in the order in which sources found them, each once; all columns have one length.
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
    places: Vec<u32>,
    marks: Marks,
    taken: Mark,
}

impl AccountCandidates {
    /// Forgets all and keeps the memory. `accounts`: how many there are.
    pub fn start(&mut self, accounts: usize) {
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.clear();
        }
        self.accounts.clear();
        self.places.resize(accounts, 0);
        self.taken = self.marks.fresh(accounts);
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
        self.marks.has(account.0, self.taken).then(|| self.places[account.row()] as usize)
    }

    /// Where an account stands in the columns; it is added if it is not there.
    #[inline]
    pub fn add(&mut self, account: AccountId) -> usize {
        if let Some(place) = self.place(account) {
            return place;
        }
        let place = self.accounts.len();
        self.marks.put(account.0, self.taken);
        self.places[account.row()] = place as u32;
        self.accounts.push(account);
        self.ties.push(0.0);
        self.audience.push(0.0);
        self.popularity.push(0.0);
        place
    }

    /// Keeps accounts that may be suggested: others than the viewer, under no sanction, not followed yet, without a block between the
    /// two.
    pub fn keep_eligible(&mut self, viewer: AccountId, view: &View) {
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
        self.marks.put(self.accounts[place].0, Mark::default());
        self.accounts.swap_remove(place);
        for column in [&mut self.ties, &mut self.audience, &mut self.popularity] {
            column.swap_remove(place);
        }
        if let Some(moved) = self.accounts.get(place) {
            self.places[moved.row()] = place as u32;
        }
    }
}
