//! Inboxes: what came to each account from those whom it follows, newest first.
//!
//! An inbox holds a fixed number of posts, those of the last days. A post or a share puts the post to those of the day; a post that is there
//! already counts how often it came, and moves up if that is wanted (`SimSoM`: Truong et al. 2024, PNAS Nexus 3(7)).

use recsafe_common::ids::{AccountId, Day, PostId};
use serde::{Deserialize, Serialize};

/// A post in an inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The post.
    pub post: PostId,
    /// How often it came: once with its creator, once with each sharer.
    pub shares: u32,
    /// The first day on which it could be seen there: since it last came, if posts move up, else since it first did.
    pub came: Day,
}

/// One inbox an account, of the same length each; or none at all.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Inboxes {
    length: usize,
    moves_up: bool,
    /// `length` places an account, newest day first; only the first `held` of them mean anything.
    entries: Vec<Entry>,
    held: Vec<u32>,
}

impl Inboxes {
    /// No inboxes at all.
    pub const NONE: &'static Inboxes = &Inboxes { length: 0, moves_up: true, entries: Vec::new(), held: Vec::new() };

    /// Empty inboxes of `accounts` accounts, for `length` posts each. `moves_up`: whether a post that comes again moves up.
    #[must_use]
    pub fn new(accounts: usize, length: usize, moves_up: bool) -> Self {
        Inboxes { length, moves_up, entries: vec![Entry::default(); accounts * length], held: vec![0; accounts] }
    }

    /// Posts that an inbox holds at most; 0 if no inboxes are kept.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Whether these are inboxes of this kind.
    #[must_use]
    pub fn are(&self, length: usize, moves_up: bool) -> bool {
        (self.length, self.moves_up) == (length, moves_up)
    }

    /// Gives accounts up to this number an inbox.
    pub fn cover(&mut self, accounts: usize) {
        self.entries.resize(accounts * self.length, Entry::default());
        self.held.resize(accounts, 0);
    }

    /// What an account's inbox holds, newest day first and within a day in the order of arrival; nothing without inboxes.
    #[inline]
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[Entry] {
        let held = self.held.get(account.row()).copied().unwrap_or(0) as usize;
        &self.entries[account.row() * self.length * usize::from(held > 0)..][..held]
    }

    /// The entry of a post in an account's inbox, if it is there.
    #[inline]
    #[must_use]
    pub fn entry(&self, account: AccountId, post: PostId) -> Option<&Entry> {
        self.of(account).iter().find(|entry| entry.post == post)
    }

    /// Puts a post into an inbox, as if so many had shared it. It can be seen from the day `came` on, which is never before that of what is
    /// there. It comes behind what came on that day before; once an inbox is full of one day's posts, no more of that day go in. A post that is there
    /// gains the copies and, if posts move up, comes anew.
    pub fn deliver(&mut self, to: AccountId, post: PostId, copies: u32, came: Day) {
        let row = to.row();
        let held = self.held[row] as usize;
        let inbox = &mut self.entries[row * self.length..(row + 1) * self.length];
        let known = inbox[..held].iter().position(|entry| entry.post == post);
        if let Some(place) = known
            && (!self.moves_up || inbox[place].came == came)
        {
            inbox[place].shares += copies;
            return;
        }
        let place = inbox[..held].iter().position(|entry| entry.came < came).unwrap_or(held);
        if place == self.length {
            return;
        }
        let shares = known.map_or(0, |place| inbox[place].shares) + copies;
        inbox.copy_within(place..known.unwrap_or(held.min(self.length - 1)), place + 1);
        inbox[place] = Entry { post, shares, came };
        self.held[row] = (held + usize::from(known.is_none())).min(self.length) as u32;
    }

    /// Takes posts out of every inbox that do not fulfil a condition.
    pub fn retain(&mut self, keep: impl Fn(PostId) -> bool) {
        for (row, held) in self.held.iter_mut().enumerate() {
            let inbox = &mut self.entries[row * self.length..];
            let mut kept = 0;
            for place in 0..*held as usize {
                if keep(inbox[place].post) {
                    inbox[kept] = inbox[place];
                    kept += 1;
                }
            }
            *held = kept as u32;
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
        let again = inboxes.entry(ME, PostId(1)).expect("it is there");
        assert_eq!((again.shares, again.came), (2, 3));
        assert_eq!(inboxes.entry(ME, PostId(2)), None, "the oldest goes");
        assert!(inboxes.of(AccountId(0)).is_empty(), "nobody else got anything");
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
                    Some(place) if !moves_up || model[place].2 == today => model[place].1 += copies,
                    _ => {
                        let before = known.map_or(0, |place| model.remove(place).1);
                        model.push((post, before + copies, today));
                        model.sort_by_key(|&(_, _, day)| std::cmp::Reverse(day)); // stable: arrival within a day
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
