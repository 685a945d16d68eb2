//! The directed follow graph.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::prefetch::prefetch_at;

/// Ids in a line of the processor's cache.
const LINE: usize = 16;
/// Lines of a list that are asked for: the processor sees by itself how a long list goes on.
const LINES: usize = 4;

/// Who follows whom. Both directions are kept, each list in ascending order of id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowGraph {
    followees: Vec<Vec<AccountId>>,
    followers: Vec<Vec<AccountId>>,
}

impl FollowGraph {
    /// `accounts` accounts and no follow.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        FollowGraph { followees: vec![Vec::new(); accounts], followers: vec![Vec::new(); accounts] }
    }

    /// The graph in which account i follows `followees[i]`; lists may be in any order, doubles and own ids are dropped.
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
        // No list is longer than it must be: there are two for each account.
        let mut followers: Vec<Vec<AccountId>> =
            counts.into_iter().map(|count| Vec::with_capacity(count as usize)).collect();
        for (id, list) in followees.iter().enumerate() {
            for &other in list {
                followers[other.row()].push(AccountId(id as u32)); // ids come in ascending order, so these lists are sorted
            }
        }
        FollowGraph { followees, followers }
    }

    /// Number of accounts.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.followees.len()
    }

    /// Number of follows.
    #[must_use]
    pub fn follows(&self) -> usize {
        self.followees.iter().map(Vec::len).sum()
    }

    /// Adds one account without follows.
    pub fn add_account(&mut self) {
        self.followees.push(Vec::new());
        self.followers.push(Vec::new());
    }

    /// Whom `account` follows, ascending.
    #[inline]
    #[must_use]
    pub fn followees(&self, account: AccountId) -> &[AccountId] {
        &self.followees[account.row()]
    }

    /// Who follows `account`, ascending.
    #[inline]
    #[must_use]
    pub fn followers(&self, account: AccountId) -> &[AccountId] {
        &self.followers[account.row()]
    }

    /// Says that [`FollowGraph::followees`] will be asked of this account soon.
    #[inline]
    pub fn expect_followees(&self, account: AccountId) {
        prefetch_at(&self.followees, account.row());
    }

    /// Says that [`FollowGraph::followees`] will be read soon. It waits for what [`FollowGraph::expect_followees`] asks for.
    ///
    /// # Panics
    /// If there is no such account.
    #[inline]
    pub fn expect_first_followees(&self, account: AccountId) {
        self.followees(account).chunks(LINE).take(LINES).for_each(|line| prefetch_at(line, 0));
    }

    /// Says that [`FollowGraph::followers`] will be asked of this account soon.
    #[inline]
    pub fn expect_followers(&self, account: AccountId) {
        prefetch_at(&self.followers, account.row());
    }

    /// Whether `from` follows `to`.
    #[must_use]
    pub fn contains(&self, from: AccountId, to: AccountId) -> bool {
        self.followees(from).binary_search(&to).is_ok()
    }

    /// Whether each of two accounts follows the other.
    #[must_use]
    pub fn mutual(&self, a: AccountId, b: AccountId) -> bool {
        self.contains(a, b) && self.contains(b, a)
    }

    /// Whether `from` has a tie to `to`: `to` follows it, or an account that it follows also follows `to`.
    #[must_use]
    pub fn linked(&self, from: AccountId, to: AccountId) -> bool {
        self.contains(to, from) || share_an_account(self.followees(from), self.followers(to))
    }

    /// Adds a follow; false if it was there already, or if both are one account.
    pub fn follow(&mut self, from: AccountId, to: AccountId) -> bool {
        if from == to || !insert(&mut self.followees[from.row()], to) {
            return false;
        }
        insert(&mut self.followers[to.row()], from);
        true
    }

    /// Ends a follow; false if there was none.
    pub fn unfollow(&mut self, from: AccountId, to: AccountId) -> bool {
        if !remove(&mut self.followees[from.row()], to) {
            return false;
        }
        remove(&mut self.followers[to.row()], from);
        true
    }

    /// Takes away every follow of and by an account: returns whom it followed and who followed it, both ascending.
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

/// Whether two ascending lists have an account in common.
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
        Err(place) => {
            list.insert(place, id);
            true
        }
    }
}

fn remove(list: &mut Vec<AccountId>, id: AccountId) -> bool {
    match list.binary_search(&id) {
        Ok(place) => {
            list.remove(place);
            true
        }
        Err(_) => false,
    }
}
