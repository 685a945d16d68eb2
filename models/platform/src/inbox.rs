//! Inboxes: what came to each account from those whom it follows, newest first.
//!
//! An inbox holds a fixed number of posts. A post or a share puts the post at its top; a post that is there already moves up and counts
//! how often it came (`SimSoM`: Truong et al. 2024, PNAS Nexus 3(7)).

use recsafe_common::ids::{AccountId, PostId};

/// A post in an inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The post.
    pub post: PostId,
    /// How often it came: once with its creator, once with each sharer.
    pub shares: u32,
    /// What the inbox's counter said when it last came.
    came: u32,
}

/// One inbox an account, of the same length each; or none at all.
#[derive(Clone, Debug, Default)]
pub struct Inboxes {
    length: usize,
    /// `length` places an account, newest first; only the first `held` of them mean anything.
    entries: Vec<Entry>,
    held: Vec<u32>,
    /// What came to each account so far.
    counters: Vec<u32>,
}

impl Inboxes {
    /// No inboxes at all.
    pub const NONE: &'static Inboxes =
        &Inboxes { length: 0, entries: Vec::new(), held: Vec::new(), counters: Vec::new() };

    /// Empty inboxes of `accounts` accounts, for `length` posts each.
    #[must_use]
    pub fn new(accounts: usize, length: usize) -> Self {
        Inboxes {
            length,
            entries: vec![Entry::default(); accounts * length],
            held: vec![0; accounts],
            counters: vec![0; accounts],
        }
    }

    /// Posts that an inbox holds at most; 0 if no inboxes are kept.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// Number of accounts that have an inbox.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.held.len()
    }

    /// Gives accounts up to this number an inbox.
    pub fn cover(&mut self, accounts: usize) {
        self.entries.resize(accounts * self.length, Entry::default());
        self.held.resize(accounts, 0);
        self.counters.resize(accounts, 0);
    }

    /// What an account's inbox holds, newest first; nothing without inboxes.
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

    /// Posts that came to the account after this entry of its inbox, the same post again among them.
    #[must_use]
    pub fn age(&self, account: AccountId, entry: &Entry) -> u32 {
        self.counters[account.row()].wrapping_sub(entry.came)
    }

    /// Puts a post at the top of an inbox, as if so many had shared it.
    pub fn deliver(&mut self, to: AccountId, post: PostId, copies: u32) {
        let row = to.row();
        let held = self.held[row] as usize;
        let inbox = &mut self.entries[row * self.length..(row + 1) * self.length];
        let known = inbox[..held].iter().position(|entry| entry.post == post);
        let place = known.unwrap_or(held.min(self.length - 1));
        let shares = known.map_or(0, |place| inbox[place].shares) + copies;
        self.counters[row] = self.counters[row].wrapping_add(1);
        inbox.copy_within(..place, 1);
        inbox[0] = Entry { post, shares, came: self.counters[row] };
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
        let mut inboxes = Inboxes::new(2, 3);
        for post in [1, 2, 3, 1, 4] {
            inboxes.deliver(ME, PostId(post), 1);
        }
        assert_eq!(posts(&inboxes), [4, 1, 3]);
        let again = *inboxes.entry(ME, PostId(1)).expect("it is there");
        assert_eq!((again.shares, inboxes.age(ME, &again)), (2, 1));
        assert_eq!(inboxes.entry(ME, PostId(2)), None, "the oldest goes");
        assert!(inboxes.of(AccountId(0)).is_empty(), "nobody else got anything");
    }

    #[test]
    fn without_inboxes_nothing_is_there() {
        assert!(Inboxes::default().of(ME).is_empty());
    }

    proptest! {
        #[test]
        fn an_inbox_is_the_list_of_what_came_last(length in 1_usize..6, came in prop::collection::vec((0_u32..8, 1_u32..4), 0..60), gone in 0_u32..8) {
            let mut inboxes = Inboxes::new(3, length);
            let mut model: Vec<(u32, u32)> = Vec::new();
            for (post, copies) in came {
                inboxes.deliver(ME, PostId(post), copies);
                let before = model.iter().position(|&(known, _)| known == post).map_or(0, |place| model.remove(place).1);
                model.insert(0, (post, before + copies));
                model.truncate(length);
            }
            let held: Vec<(u32, u32)> = inboxes.of(ME).iter().map(|entry| (entry.post.0, entry.shares)).collect();
            prop_assert_eq!(held, model.clone());
            let ages: Vec<u32> = inboxes.of(ME).iter().map(|entry| inboxes.age(ME, entry)).collect();
            prop_assert!(ages.is_sorted() && ages.first().is_none_or(|&age| age == 0));
            inboxes.retain(|post| post.0 != gone);
            model.retain(|&(post, _)| post != gone);
            prop_assert_eq!(posts(&inboxes), model.into_iter().map(|(post, _)| post).collect::<Vec<_>>());
        }
    }
}
