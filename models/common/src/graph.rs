//! The directed follow graph.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::prefetch::prefetch_at;

/// Number of ids in a cache line.
const LINE: usize = 16;
/// Number of cache lines at the start of a list that are prefetched. The processor itself
/// prefetches the rest of a long list.
const LINES: usize = 4;

/// All follows, in both directions. Each list is in ascending order of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowGraph {
    followees: Vec<Vec<AccountId>>,
    followers: Vec<Vec<AccountId>>,
}

impl FollowGraph {
    /// Creates a graph with this number of accounts and no follows.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        FollowGraph { followees: vec![Vec::new(); accounts], followers: vec![Vec::new(); accounts] }
    }

    /// Creates the graph in which account i follows `followees[i]`. Lists can be in any order.
    /// Duplicates and self-follows are removed.
    #[must_use]
    pub fn from_followees(mut followees: Vec<Vec<AccountId>>) -> Self {
        let mut counts = vec![0_u32; followees.len()];
        for (id, list) in followees.iter_mut().enumerate() {
            let id = AccountId(id as u32);
            list.sort_unstable();
            list.dedup();
            list.retain(|&other| other != id);
            list.shrink_to_fit();
            for other in &*list {
                counts[other.row()] += 1;
            }
        }
        // Lists are allocated without spare capacity, because each account has two lists.
        let mut followers: Vec<Vec<AccountId>> =
            counts.into_iter().map(|count| Vec::with_capacity(count as usize)).collect();
        for (id, list) in followees.iter().enumerate() {
            for &other in list {
                followers[other.row()].push(AccountId(id as u32)); // ids ascend, so the list is sorted
            }
        }
        FollowGraph { followees, followers }
    }

    /// Returns the number of accounts.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.followees.len()
    }

    /// Returns the number of follows.
    #[must_use]
    pub fn follows(&self) -> usize {
        self.followees.iter().map(Vec::len).sum()
    }

    /// Adds an account without follows.
    pub fn add_account(&mut self) {
        self.followees.push(Vec::new());
        self.followers.push(Vec::new());
    }

    /// Returns the followees of `account` in ascending order.
    #[inline]
    #[must_use]
    pub fn followees(&self, account: AccountId) -> &[AccountId] {
        &self.followees[account.row()]
    }

    /// Returns the followers of `account` in ascending order.
    #[inline]
    #[must_use]
    pub fn followers(&self, account: AccountId) -> &[AccountId] {
        &self.followers[account.row()]
    }

    /// Prefetches the header of the list that [`FollowGraph::followees`] returns.
    #[inline]
    pub fn prefetch_followees(&self, account: AccountId) {
        prefetch_at(&self.followees, account.row());
    }

    /// Prefetches the items of the list that [`FollowGraph::followees`] returns. Reads the list's
    /// header, so call [`FollowGraph::prefetch_followees`] earlier.
    ///
    /// # Panics
    /// Panics if the account does not exist.
    #[inline]
    pub fn prefetch_first_followees(&self, account: AccountId) {
        self.followees(account).chunks(LINE).take(LINES).for_each(|line| prefetch_at(line, 0));
    }

    /// Prefetches the header of the list that [`FollowGraph::followers`] returns.
    #[inline]
    pub fn prefetch_followers(&self, account: AccountId) {
        prefetch_at(&self.followers, account.row());
    }

    /// Returns whether `from` follows `to`.
    #[must_use]
    pub fn contains(&self, from: AccountId, to: AccountId) -> bool {
        self.followees(from).binary_search(&to).is_ok()
    }

    /// Returns whether two accounts follow each other.
    #[must_use]
    pub fn mutual(&self, a: AccountId, b: AccountId) -> bool {
        self.contains(a, b) && self.contains(b, a)
    }

    /// Returns whether `from` has a link to `to`: `to` follows `from`, or a followee of `from`
    /// follows `to`.
    #[must_use]
    pub fn linked(&self, from: AccountId, to: AccountId) -> bool {
        self.contains(to, from) || share_an_account(self.followees(from), self.followers(to))
    }

    /// Adds a follow. Returns false if the follow already exists, or if both accounts are the same.
    pub fn follow(&mut self, from: AccountId, to: AccountId) -> bool {
        if from == to || !insert(&mut self.followees[from.row()], to) {
            return false;
        }
        insert(&mut self.followers[to.row()], from);
        true
    }

    /// Ends a follow. Returns false if the follow does not exist.
    pub fn unfollow(&mut self, from: AccountId, to: AccountId) -> bool {
        if !remove(&mut self.followees[from.row()], to) {
            return false;
        }
        remove(&mut self.followers[to.row()], from);
        true
    }

    /// Removes all follows from and to an account. Returns the account's former followees and
    /// followers, both in ascending order.
    pub fn isolate(&mut self, account: AccountId) -> (Vec<AccountId>, Vec<AccountId>) {
        let followees = std::mem::take(&mut self.followees[account.row()]);
        let followers = std::mem::take(&mut self.followers[account.row()]);
        for followee in &followees {
            remove(&mut self.followers[followee.row()], account);
        }
        for follower in &followers {
            remove(&mut self.followees[follower.row()], account);
        }
        (followees, followers)
    }
}

/// Returns whether two ascending lists have an account in common.
fn share_an_account(a: &[AccountId], b: &[AccountId]) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => return true,
        }
    }
    false
}

fn insert(list: &mut Vec<AccountId>, id: AccountId) -> bool {
    match list.binary_search(&id) {
        Ok(_) => false,
        Err(index) => {
            list.insert(index, id);
            true
        }
    }
}

fn remove(list: &mut Vec<AccountId>, id: AccountId) -> bool {
    match list.binary_search(&id) {
        Ok(index) => {
            list.remove(index);
            true
        }
        Err(_) => false,
    }
}
