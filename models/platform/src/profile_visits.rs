//! Recent visits to profiles, which people suggestions use in addition to follows.

use recsafe_common::ids::AccountId;
use recsafe_common::prefetch::prefetch_at;
use serde::{Deserialize, Serialize};

use crate::index::Ring;

/// Number of visits remembered per account, once for visits made and once for visits received.
pub const MOST_VISITS: usize = 16;

/// For each account, the profiles that it visited last, and the last visitors to its profile.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProfileVisits {
    to: Vec<Ring<MOST_VISITS>>,
    by: Vec<Ring<MOST_VISITS>>,
}

impl ProfileVisits {
    /// Creates a record without visits for `accounts` accounts.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        ProfileVisits { to: vec![Ring::default(); accounts], by: vec![Ring::default(); accounts] }
    }

    /// Adds an account.
    pub fn add_account(&mut self) {
        self.to.push(Ring::default());
        self.by.push(Ring::default());
    }

    /// Records that one account visited the profile of another account. A repeated visit is ignored
    /// while the earlier visit is remembered.
    pub fn add(&mut self, from: AccountId, to: AccountId) {
        if from != to && !self.to[from.row()].items().contains(&to.0) {
            self.to[from.row()].push(to.0);
            self.by[to.row()].push(from.0);
        }
    }

    /// Forgets the visits and the visitors of an account. The lists of other accounts still contain
    /// the account until newer visits replace it.
    pub fn forget(&mut self, account: AccountId) {
        self.to[account.row()] = Ring::default();
        self.by[account.row()] = Ring::default();
    }

    /// Prefetches the data of [`ProfileVisits::visited_by`].
    #[inline]
    pub fn prefetch_visited_by(&self, account: AccountId) {
        prefetch_at(&self.to, account.row());
    }

    /// Prefetches the data of [`ProfileVisits::visitors_of`].
    #[inline]
    pub fn prefetch_visitors_of(&self, account: AccountId) {
        prefetch_at(&self.by, account.row());
    }

    /// Returns the ids of the accounts that `account` visited recently, in no particular order.
    #[must_use]
    pub fn visited_by(&self, account: AccountId) -> &[u32] {
        self.to[account.row()].items()
    }

    /// Returns the ids of the recent visitors of `account`, in no particular order.
    #[must_use]
    pub fn visitors_of(&self, account: AccountId) -> &[u32] {
        self.by[account.row()].items()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_counts_once_and_the_oldest_are_forgotten() {
        let mut profile_visits = ProfileVisits::new(40);
        let me = AccountId(0);
        profile_visits.add(me, AccountId(1));
        profile_visits.add(me, AccountId(1));
        profile_visits.add(me, me);
        assert_eq!((profile_visits.visited_by(me), profile_visits.visitors_of(AccountId(1))), (&[1][..], &[0][..]));
        for other in 2..40 {
            profile_visits.add(me, AccountId(other));
        }
        assert_eq!(profile_visits.visited_by(me).len(), MOST_VISITS);
        assert!(!profile_visits.visited_by(me).contains(&1));
    }
}
