//! Inboxes: posts that an account's followees made or shared, newest first.
//!
//! An inbox has a fixed number of entries. A post that a followee makes or shares becomes a new
//! entry among the entries of the day. If the post is in the inbox already, its number of copies
//! increases. The settings determine whether the post also moves up (`SimSoM`: Truong et al. 2024,
//! PNAS Nexus 3(7)).

use recsafe_common::ids::{AccountId, Day, PostId};
use serde::{Deserialize, Serialize};

/// A post in an inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The post.
    pub post: PostId,
    /// Number of times that the post arrived: once from its creator and once from each sharer.
    pub shares: u32,
    /// First day on which the post could be seen after an arrival: the last arrival if posts move
    /// up, and the first arrival otherwise.
    pub came: Day,
}

/// The inboxes of all accounts, or no inboxes. All inboxes have the same length.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Inboxes {
    length: usize,
    moves_up: bool,
    /// `length` entries per account, newest day first. Only the first `held` entries of an account
    /// are in use.
    entries: Vec<Entry>,
    held: Vec<u32>,
}

impl Inboxes {
    /// The value for a platform without inboxes.
    pub const NONE: &'static Inboxes = &Inboxes { length: 0, moves_up: true, entries: Vec::new(), held: Vec::new() };

    /// Creates empty inboxes for `accounts` accounts with room for `length` posts each. `moves_up`
    /// tells whether a post that arrives again moves up.
    #[must_use]
    pub fn new(accounts: usize, length: usize, moves_up: bool) -> Self {
        Inboxes { length, moves_up, entries: vec![Entry::default(); accounts * length], held: vec![0; accounts] }
    }

    /// Returns the maximum number of posts per inbox; 0 if there are no inboxes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Returns whether the inboxes have these parameters.
    #[must_use]
    pub fn are(&self, length: usize, moves_up: bool) -> bool {
        (self.length, self.moves_up) == (length, moves_up)
    }

    /// Adds inboxes until the first `accounts` accounts have one.
    pub fn cover(&mut self, accounts: usize) {
        self.entries.resize(accounts * self.length, Entry::default());
        self.held.resize(accounts, 0);
    }

    /// Returns the entries of an account's inbox, newest day first and in the order of arrival
    /// within a day. If there are no inboxes, the result is empty.
    #[inline]
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[Entry] {
        let held = self.held.get(account.row()).copied().unwrap_or(0) as usize;
        &self.entries[account.row() * self.length * usize::from(held > 0)..][..held]
    }

    /// Returns the entry of a post in an account's inbox, if there is one.
    #[inline]
    #[must_use]
    pub fn entry(&self, account: AccountId, post: PostId) -> Option<&Entry> {
        self.of(account).iter().find(|entry| entry.post == post)
    }

    /// Adds a post to an inbox. The post arrives `copies` times. The post can be seen from day
    /// `came` on. The inbox must not contain an entry with a later day.
    ///
    /// The post is inserted after earlier arrivals of that day. If the day's posts fill the inbox,
    /// the post is dropped. If the post is in the inbox already, `copies` is added to its number of
    /// arrivals. If posts move up, the post also moves to the entries of day `came`.
    pub fn deliver(&mut self, to: AccountId, post: PostId, copies: u32, came: Day) {
        let row = to.row();
        let held = self.held[row] as usize;
        let inbox = &mut self.entries[row * self.length..(row + 1) * self.length];
        let known = inbox[..held].iter().position(|entry| entry.post == post);
        if let Some(index) = known
            && (!self.moves_up || inbox[index].came == came)
        {
            inbox[index].shares += copies;
            return;
        }
        let index = inbox[..held].iter().position(|entry| entry.came < came).unwrap_or(held);
        if index == self.length {
            return;
        }
        let shares = known.map_or(0, |index| inbox[index].shares) + copies;
        inbox.copy_within(index..known.unwrap_or(held.min(self.length - 1)), index + 1);
        inbox[index] = Entry { post, shares, came };
        self.held[row] = (held + usize::from(known.is_none())).min(self.length) as u32;
    }

    /// Removes all posts for which `keep` returns false from all inboxes.
    pub fn retain(&mut self, keep: impl Fn(PostId) -> bool) {
        for (row, held) in self.held.iter_mut().enumerate() {
            let inbox = &mut self.entries[row * self.length..];
            let mut retained = 0;
            for index in 0..*held as usize {
                if keep(inbox[index].post) {
                    inbox[retained] = inbox[index];
                    retained += 1;
                }
            }
            *held = retained as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ME: AccountId = AccountId(1);

    fn posts(inboxes: &Inboxes) -> Vec<u32> {
        inboxes.of(ME).iter().map(|entry| entry.post.0).collect()
    }

    #[test]
    fn what_comes_again_moves_up_and_counts() {
        let mut inboxes = Inboxes::new(2, 3, true);
        for (post, day) in [(1, 1), (2, 1), (3, 2), (1, 3), (4, 3)] {
            inboxes.deliver(ME, PostId(post), 1, day);
        }
        assert_eq!(posts(&inboxes), [1, 4, 3]);
        let again = inboxes.entry(ME, PostId(1)).expect("post 1 is in the inbox");
        assert_eq!((again.shares, again.came), (2, 3));
        assert_eq!(inboxes.entry(ME, PostId(2)), None, "the oldest post is removed");
        assert!(inboxes.of(AccountId(0)).is_empty(), "other inboxes are empty");
    }

    #[test]
    fn of_a_days_posts_the_first_stay() {
        let mut inboxes = Inboxes::new(2, 3, true);
        for post in [1, 2, 3, 4, 2] {
            inboxes.deliver(ME, PostId(post), 1, 1);
        }
        assert_eq!(posts(&inboxes), [1, 2, 3]);
        assert_eq!(inboxes.entry(ME, PostId(2)).map(|entry| entry.shares), Some(2));
    }

    #[test]
    fn without_inboxes_nothing_is_there() {
        assert!(Inboxes::NONE.of(ME).is_empty());
    }

    proptest! {
        #[test]
        fn an_inbox_is_what_came_last_sorted_by_day(length in 1_usize..6, came in prop::collection::vec((0_u32..8, 1_u32..4, 0_i32..2), 0..60), gone in 0_u32..8, moves_up: bool) {
            let mut inboxes = Inboxes::new(3, length, moves_up);
            let mut model: Vec<(u32, u32, i32)> = Vec::new();
            let mut today = 0;
            for (post, copies, days) in came {
                today += days;
                inboxes.deliver(ME, PostId(post), copies, today);
                let known = model.iter().position(|&(other, ..)| other == post);
                match known {
                    Some(index) if !moves_up || model[index].2 == today => model[index].1 += copies,
                    _ => {
                        let before = known.map_or(0, |index| model.remove(index).1);
                        model.push((post, before + copies, today));
                        // A stable sort keeps the order of arrival within a day.
                        model.sort_by_key(|&(_, _, day)| std::cmp::Reverse(day));
                        model.truncate(length);
                    }
                }
            }
            let held: Vec<(u32, u32, i32)> = inboxes.of(ME).iter().map(|entry| (entry.post.0, entry.shares, entry.came)).collect();
            prop_assert_eq!(held, model.clone());
            inboxes.retain(|post| post.0 != gone);
            model.retain(|&(post, ..)| post != gone);
            prop_assert_eq!(posts(&inboxes), model.into_iter().map(|(post, ..)| post).collect::<Vec<_>>());
        }
    }
}
