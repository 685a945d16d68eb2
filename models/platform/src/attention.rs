//! Who visited whose profile of late. What people suggestions learn from beside follows.

use recsafe_common::ids::AccountId;
use recsafe_common::prefetch::prefetch_at;
use serde::{Deserialize, Serialize};

use crate::index::Ring;

/// Accounts that are remembered of each kind.
pub const ATTENDED: usize = 16;

/// The last accounts that each account attended to, and the last that attended to it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Attention {
    to: Vec<Ring<ATTENDED>>,
    by: Vec<Ring<ATTENDED>>,
}

impl Attention {
    /// Nobody attended to anybody yet.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        Attention { to: vec![Ring::default(); accounts], by: vec![Ring::default(); accounts] }
    }

    /// Adds an account.
    pub fn add_account(&mut self) {
        self.to.push(Ring::default());
        self.by.push(Ring::default());
    }

    /// Takes note that `from` visited the profile of `to`. A repeat that is still remembered is none.
    pub fn attend(&mut self, from: AccountId, to: AccountId) {
        if from != to && !self.to[from.row()].items().contains(&to.0) {
            self.to[from.row()].push(to.0);
            self.by[to.row()].push(from.0);
        }
    }

    /// Forgets whom an account attended to, and who attended to it. Others remember it until newer ones take its place.
    pub fn forget(&mut self, account: AccountId) {
        self.to[account.row()] = Ring::default();
        self.by[account.row()] = Ring::default();
    }

    /// Says that [`Attention::attended`] will be asked of this account soon.
    #[inline]
    pub fn expect_attended(&self, account: AccountId) {
        prefetch_at(&self.to, account.row());
    }

    /// Says that [`Attention::viewers`] will be asked of this account soon.
    #[inline]
    pub fn expect_viewers(&self, account: AccountId) {
        prefetch_at(&self.by, account.row());
    }

    /// Ids of the accounts that `account` attended to of late, in no special order.
    #[must_use]
    pub fn attended(&self, account: AccountId) -> &[u32] {
        self.to[account.row()].items()
    }

    /// Ids of the accounts that attended to `account` of late, in no special order.
    #[must_use]
    pub fn viewers(&self, account: AccountId) -> &[u32] {
        self.by[account.row()].items()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeat_counts_once_and_the_oldest_are_forgotten() {
        let mut attention = Attention::new(40);
        let me = AccountId(0);
        attention.attend(me, AccountId(1));
        attention.attend(me, AccountId(1));
        attention.attend(me, me);
        assert_eq!((attention.attended(me), attention.viewers(AccountId(1))), (&[1][..], &[0][..]));
        for other in 2..40 {
            attention.attend(me, AccountId(other));
        }
        assert_eq!(attention.attended(me).len(), ATTENDED);
        assert!(!attention.attended(me).contains(&1));
    }
}
