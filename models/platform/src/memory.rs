//! What the platform remembers of each account, private to that account, so that one click can change the next slate.

use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::vector::{DIM, Vector, nudge};
use serde::{Deserialize, Serialize};

/// Views that are remembered, so that a post is not shown twice.
pub const SEEN: usize = 128;
/// Views for which there is room at first.
const FEWEST: usize = 8;

/// The last views of one account and the length of its longest looks. It takes room as views come, for most accounts view little.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// A ring once it is full.
    seen: Vec<PostId>,
    views: u32,
    long_look: f32,
}

impl Default for History {
    fn default() -> Self {
        History { seen: Vec::new(), views: 0, long_look: 1.5 }
    }
}

impl History {
    /// Posts viewed of late, at most [`SEEN`].
    pub fn seen(&self) -> impl Iterator<Item = PostId> + '_ {
        self.seen.iter().copied()
    }

    /// Remembers a view.
    #[inline]
    pub fn view(&mut self, post: PostId) {
        if self.seen.len() < SEEN {
            if self.seen.len() == self.seen.capacity() {
                // A list by itself would take more than the ring can use.
                self.seen.reserve_exact(self.seen.len().max(FEWEST).min(SEEN - self.seen.len()));
            }
            self.seen.push(post);
        } else {
            self.seen[self.views as usize % SEEN] = post;
        }
        self.views += 1;
    }

    /// Whether a look of this many log seconds is longer than nine in ten of the account's looks, and learns from it.
    ///
    /// The 90th percentile q is followed by stochastic approximation: `q += step (1[look > q] - 0.1)`
    /// (Robbins and Monro 1951), step 0.2.
    #[inline]
    pub fn is_long_look(&mut self, log_seconds: f32) -> bool {
        let long = log_seconds > self.long_look;
        self.long_look += 0.2 * (f32::from(u8::from(long)) - 0.1);
        long
    }
}

/// Accounts that were suggested to one viewer of late, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    accounts: Vec<u32>,
    last: u16,
}

impl Suggested {
    /// Their ids; an account stands there once for each time.
    #[must_use]
    pub fn accounts(&self) -> &[u32] {
        &self.accounts
    }

    /// Ids of the accounts of the last slate, best first, as far as they are remembered.
    #[must_use]
    pub fn last_slate(&self) -> &[u32] {
        &self.accounts[self.accounts.len().saturating_sub(usize::from(self.last))..]
    }

    /// Remembers a slate, and of all slates the last `most` accounts.
    pub fn remember(&mut self, slate: &[AccountId], most: usize) {
        self.accounts.extend(slate.iter().map(|account| account.0));
        self.last = slate.len() as u16;
        let old = self.accounts.len().saturating_sub(most);
        self.accounts.drain(..old);
    }
}

/// The platform's memory of all accounts: a column of profiles, a column of histories, and one of suggestions shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    profiles: Vec<Vector>,
    histories: Vec<History>,
    suggested: Vec<Suggested>,
}

/// All columns of the memory, to be split between threads.
#[derive(Debug)]
pub struct MemoryColumns<'a> {
    /// Profiles.
    pub profiles: &'a mut [Vector],
    /// Views and long looks.
    pub histories: &'a mut [History],
    /// Suggestions shown.
    pub suggested: &'a mut [Suggested],
}

impl Memory {
    /// Empty memory of `accounts` accounts.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        Memory {
            profiles: vec![[0.0; DIM]; accounts],
            histories: vec![History::default(); accounts],
            suggested: vec![Suggested::default(); accounts],
        }
    }

    /// Adds one account that nothing is known of.
    pub fn add_account(&mut self) {
        self.profiles.push([0.0; DIM]);
        self.histories.push(History::default());
        self.suggested.push(Suggested::default());
    }

    /// Forgets all that is known of an account.
    pub fn forget(&mut self, account: AccountId) {
        self.histories[account.row()] = History::default();
        self.suggested[account.row()] = Suggested::default();
        self.profiles[account.row()] = [0.0; DIM];
    }

    /// All columns, to be split between threads.
    pub fn columns_mut(&mut self) -> MemoryColumns<'_> {
        MemoryColumns { profiles: &mut self.profiles, histories: &mut self.histories, suggested: &mut self.suggested }
    }

    /// What the platform takes an account's interests for; zero where nothing is known.
    #[must_use]
    pub fn profile(&self, account: AccountId) -> &Vector {
        &self.profiles[account.row()]
    }

    /// What an account viewed of late.
    #[must_use]
    pub fn history(&self, account: AccountId) -> &History {
        &self.histories[account.row()]
    }

    /// What was suggested to an account of late.
    #[must_use]
    pub fn suggested(&self, account: AccountId) -> &Suggested {
        &self.suggested[account.row()]
    }
}

/// Moves a profile towards what was engaged with: u <- normalise((1 - step) u + step x'). A first engagement sets it.
#[inline]
pub fn learn_profile(profile: &mut Vector, features: &Vector, step: f32) {
    if step <= 0.0 {
        return;
    }
    let unknown = profile.iter().all(|&x| x == 0.0);
    nudge(profile, features, if unknown { 1.0 } else { step });
}

/// Moves a profile away from what was hidden, by `step`.
#[inline]
pub fn unlearn_profile(profile: &mut Vector, features: &Vector, step: f32) {
    if step > 0.0 && profile.iter().any(|&x| x != 0.0) {
        nudge(profile, features, -step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::{Decides, Draws};
    use recsafe_common::key::{About, Who};

    #[test]
    fn a_tenth_of_looks_is_long() {
        let mut history = History::default();
        let draws = Draws::new(1);
        let long = (0..20_000)
            .filter(|&n| history.is_long_look(draws.at(Decides::Dwell, Who::Case(1), About::Nth(n), 0).normal() as f32))
            .count();
        assert!((1_800..2_200).contains(&long), "{long} of 20,000");
    }

    #[test]
    fn the_last_views_are_remembered_in_no_more_room_than_they_take() {
        let mut history = History::default();
        for view in 0..1000_u32 {
            history.view(PostId(view));
            let mut seen: Vec<u32> = history.seen().map(|post| post.0).collect();
            seen.sort_unstable();
            assert!(seen.into_iter().eq((view + 1).saturating_sub(SEEN as u32)..=view));
            assert!(history.seen.capacity() <= (2 * history.seen.len()).clamp(FEWEST, SEEN));
        }
        // As a copy is, or what comes back from a checkpoint: with no room to spare.
        for length in 0..=SEEN {
            history.seen = vec![PostId(7); length];
            history.view(PostId(1000));
            assert!(history.seen.contains(&PostId(1000)) && history.seen.capacity() <= SEEN);
        }
    }

    #[test]
    fn step_zero_learns_nothing() {
        let mut profile = [0.0; DIM];
        learn_profile(&mut profile, &[1.0; DIM], 0.0);
        assert_eq!(profile, [0.0; DIM]);
    }

    #[test]
    fn the_first_engagement_sets_the_profile() {
        let mut profile = [0.0; DIM];
        let mut target = [0.0; DIM];
        target[3] = 1.0;
        learn_profile(&mut profile, &target, 0.1);
        assert_eq!(profile, target);
    }

    #[test]
    fn suggestions_are_remembered_slate_by_slate_up_to_as_many_as_asked() {
        let mut suggested = Suggested::default();
        suggested.remember(&[3, 1, 4].map(AccountId), 5);
        assert_eq!((suggested.accounts(), suggested.last_slate()), (&[3, 1, 4][..], &[3, 1, 4][..]));
        suggested.remember(&[1, 5, 9].map(AccountId), 5);
        assert_eq!((suggested.accounts(), suggested.last_slate()), (&[1, 4, 1, 5, 9][..], &[1, 5, 9][..]));
        suggested.remember(&[2, 6].map(AccountId), 1);
        assert_eq!((suggested.accounts(), suggested.last_slate()), (&[6][..], &[6][..]));
    }

    #[test]
    fn hides_move_a_profile_away_and_an_unknown_one_nowhere() {
        let unit = |at: usize| std::array::from_fn(|i| if i == at { 1.0 } else { 0.0 });
        let mut profile: Vector = unit(0);
        learn_profile(&mut profile, &unit(1), 0.5);
        assert!((profile[0] - profile[1]).abs() < 1e-6 && profile[0] > 0.7, "half way, of length 1");
        unlearn_profile(&mut profile, &unit(1), 0.2);
        assert!(profile[1] < profile[0]);
        let mut unknown = [0.0; DIM];
        unlearn_profile(&mut unknown, &unit(1), 0.2);
        assert_eq!(unknown, [0.0; DIM]);
    }

    #[test]
    fn a_forgotten_account_is_as_new_and_no_other_is() {
        let mut memory = Memory::new(2);
        memory.add_account();
        for row in [1, 2] {
            let columns = memory.columns_mut();
            columns.profiles[row] = [0.5; DIM];
            columns.histories[row].view(PostId(9));
            columns.suggested[row].remember(&[AccountId(0)], 5);
        }
        memory.forget(AccountId(1));
        let known = |row| {
            let account = AccountId(row);
            (
                memory.profile(account)[0],
                memory.history(account).seen().count(),
                memory.suggested(account).accounts().len(),
            )
        };
        assert_eq!([0, 1, 2].map(known), [(0.0, 0, 0), (0.0, 0, 0), (0.5, 1, 1)]);
    }
}
