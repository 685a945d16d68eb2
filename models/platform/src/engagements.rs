//! All engagements with live posts, for rankers that compare accounts.

use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::observed::PostPool;
use serde::{Deserialize, Serialize};

/// Pairs of an account and a live post that the account engaged with. Each pair occurs once, and
/// can be looked up by account or by post.
///
/// [`crate::index::Index`] remembers only the last few likes. The list of engagements is complete,
/// but it is empty unless a ranker uses it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Engagements {
    /// For each account, the ids of the posts that it engaged with.
    by_account: Vec<Vec<u32>>,
    /// For each live post, the ids of the accounts that engaged with it.
    by_post: Vec<Vec<u32>>,
    /// Id of the first post in `by_post`.
    first: u32,
}

impl Engagements {
    /// Makes room for all accounts and live posts, and forgets removed posts.
    pub fn follow(&mut self, accounts: usize, posts: &PostPool) {
        let first = posts.id(0).0;
        let gone = (first.wrapping_sub(self.first) as usize).min(self.by_post.len());
        for (index, accounts) in self.by_post.drain(..gone).enumerate() {
            let post = self.first.wrapping_add(index as u32);
            for account in accounts {
                self.by_account[account as usize].retain(|&id| id != post);
            }
        }
        self.first = first;
        self.by_account.resize(accounts.max(self.by_account.len()), Vec::new());
        self.by_post.resize(posts.len(), Vec::new());
    }

    /// Records that an account engaged with a post. Unknown posts and accounts are ignored. A
    /// repeated engagement changes nothing.
    pub fn learn(&mut self, account: AccountId, post: PostId) {
        let index = self.index_of(post);
        let (Some(own), Some(theirs)) = (self.by_account.get_mut(account.row()), self.by_post.get_mut(index)) else {
            return;
        };
        if !own.contains(&post.0) {
            own.push(post.0);
            theirs.push(account.0);
        }
    }

    /// Forgets the engagements of an account.
    pub fn forget(&mut self, account: AccountId) {
        let own = self.by_account.get_mut(account.row()).map(std::mem::take).unwrap_or_default();
        for post in own {
            let index = self.index_of(PostId(post));
            self.by_post[index].retain(|&id| id != account.0);
        }
    }

    /// Returns the posts that an account engaged with, in the order of first engagement.
    pub fn posts(&self, account: AccountId) -> impl ExactSizeIterator<Item = PostId> + '_ {
        self.by_account.get(account.row()).map_or(&[][..], Vec::as_slice).iter().map(|&id| PostId(id))
    }

    /// Returns the accounts that engaged with a post.
    pub fn accounts(&self, post: PostId) -> impl ExactSizeIterator<Item = AccountId> + '_ {
        self.by_post.get(self.index_of(post)).map_or(&[][..], Vec::as_slice).iter().map(|&id| AccountId(id))
    }

    fn index_of(&self, post: PostId) -> usize {
        post.0.wrapping_sub(self.first) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::observed::PostRow;

    fn pool(days: &[i16]) -> PostPool {
        let mut pool = PostPool::default();
        for &day in days {
            let row = PostRow { day, ..PostRow::default() };
            pool.push(row, 0);
        }
        pool
    }

    #[test]
    fn each_pair_counts_once_and_is_found_from_both_sides() {
        let posts = pool(&[0, 0, 1]);
        let mut engagements = Engagements::default();
        engagements.follow(2, &posts);
        for (account, post_index) in [(0, 2), (1, 2), (0, 2), (0, 1), (7, 1)] {
            engagements.learn(AccountId(account), posts.id(post_index));
        }
        assert_eq!(engagements.posts(AccountId(0)).collect::<Vec<_>>(), [posts.id(2), posts.id(1)]);
        assert_eq!(engagements.accounts(posts.id(2)).collect::<Vec<_>>(), [AccountId(0), AccountId(1)]);
        engagements.forget(AccountId(0));
        assert_eq!(engagements.posts(AccountId(0)).len(), 0);
        assert_eq!(engagements.accounts(posts.id(2)).collect::<Vec<_>>(), [AccountId(1)]);
        assert_eq!(engagements.accounts(posts.id(1)).len(), 0);
    }

    #[test]
    fn posts_that_are_gone_are_forgotten() {
        let mut posts = pool(&[0, 0, 1]);
        let mut engagements = Engagements::default();
        engagements.follow(1, &posts);
        let (old, young) = (posts.id(1), posts.id(2));
        engagements.learn(AccountId(0), old);
        engagements.learn(AccountId(0), young);
        posts.drop_before(1);
        engagements.follow(1, &posts);
        assert_eq!(engagements.posts(AccountId(0)).collect::<Vec<_>>(), [young]);
        assert_eq!((engagements.accounts(old).len(), engagements.accounts(young).len()), (0, 1));
    }
}
