//! The platform's memory of each account. Each account has its own memory, so that an action can
//! change the account's next slate at once.

use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::vector::{DIM, Vector, nudge};
use serde::{Deserialize, Serialize};

/// Number of views remembered per account, so that a post is not shown twice.
pub const SEEN: usize = 128;
/// Initial capacity for views.
const FEWEST: usize = 8;

/// The last views of an account, and the threshold for a long view. The list grows with the number
/// of views, since most accounts have few views.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Viewed posts. A full list is used as a ring buffer.
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
    /// Returns the posts viewed recently, at most [`SEEN`].
    pub fn seen(&self) -> impl Iterator<Item = PostId> + '_ {
        self.seen.iter().copied()
    }

    /// Records a view.
    #[inline]
    pub fn view(&mut self, post: PostId) {
        if self.seen.len() < SEEN {
            if self.seen.len() == self.seen.capacity() {
                // Default growth would reserve more than the ring can use.
                self.seen.reserve_exact(self.seen.len().max(FEWEST).min(SEEN - self.seen.len()));
            }
            self.seen.push(post);
        } else {
            self.seen[self.views as usize % SEEN] = post;
        }
        self.views += 1;
    }

    /// Returns whether a view is longer than 90 % of the account's views, and updates the
    /// threshold. `log_seconds` is the logarithm of the view's length.
    ///
    /// The threshold q follows the 90th percentile by stochastic approximation with step 0.2: `q +=
    /// step (1[log_seconds > q] - 0.1)` (Robbins and Monro 1951).
    #[inline]
    pub fn is_long_look(&mut self, log_seconds: f32) -> bool {
        let long = log_seconds > self.long_look;
        self.long_look += 0.2 * (f32::from(u8::from(long)) - 0.1);
        long
    }
}

/// Accounts suggested to a viewer recently, newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    accounts: Vec<u32>,
    last: u16,
}

impl Suggested {
    /// Returns the ids of the suggested accounts. An account that was suggested several times
    /// occurs several times.
    #[must_use]
    pub fn accounts(&self) -> &[u32] {
        &self.accounts
    }

    /// Returns the remembered ids of the last slate, best first.
    #[must_use]
    pub fn last_slate(&self) -> &[u32] {
        &self.accounts[self.accounts.len().saturating_sub(usize::from(self.last))..]
    }

    /// Records a slate. Keeps only the last `most` accounts of all slates.
    pub fn remember(&mut self, slate: &[AccountId], most: usize) {
        self.accounts.extend(slate.iter().map(|account| account.0));
        self.last = slate.len() as u16;
        let old = self.accounts.len().saturating_sub(most);
        self.accounts.drain(..old);
    }
}

/// The platform's memory of all accounts: columns of profiles, histories and suggestions.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    profiles: Vec<Vector>,
    histories: Vec<History>,
    suggested: Vec<Suggested>,
}

/// All columns of the memory, to be divided among threads.
#[derive(Debug)]
pub struct MemoryColumns<'a> {
    /// Profiles.
    pub profiles: &'a mut [Vector],
    /// Views and thresholds of long views.
    pub histories: &'a mut [History],
    /// Suggestions shown.
    pub suggested: &'a mut [Suggested],
}

impl Memory {
    /// Creates empty memory of `accounts` accounts.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        Memory {
            profiles: vec![[0.0; DIM]; accounts],
            histories: vec![History::default(); accounts],
            suggested: vec![Suggested::default(); accounts],
        }
    }

    /// Adds an account without history.
    pub fn add_account(&mut self) {
        self.profiles.push([0.0; DIM]);
        self.histories.push(History::default());
        self.suggested.push(Suggested::default());
    }

    /// Forgets everything about an account.
    pub fn forget(&mut self, account: AccountId) {
        self.histories[account.row()] = History::default();
        self.suggested[account.row()] = Suggested::default();
        self.profiles[account.row()] = [0.0; DIM];
    }

    /// Returns all columns, to be divided among threads.
    pub fn columns_mut(&mut self) -> MemoryColumns<'_> {
        MemoryColumns { profiles: &mut self.profiles, histories: &mut self.histories, suggested: &mut self.suggested }
    }

    /// Returns the platform's estimate of an account's interests. The estimate is zero if nothing
    /// is known.
    #[must_use]
    pub fn profile(&self, account: AccountId) -> &Vector {
        &self.profiles[account.row()]
    }

    /// Returns an account's recent views.
    #[must_use]
    pub fn history(&self, account: AccountId) -> &History {
        &self.histories[account.row()]
    }

    /// Returns the recent suggestions to an account.
    #[must_use]
    pub fn suggested(&self, account: AccountId) -> &Suggested {
        &self.suggested[account.row()]
    }
}

/// Moves a profile u towards a post with features x' after an engagement: u <- normalise((1 - step)
/// u + step x'). The first engagement sets the profile to x'.
#[inline]
pub fn learn_profile(profile: &mut Vector, features: &Vector, step: f32) {
    if step <= 0.0 {
        return;
    }
    let unknown = profile.iter().all(|&x| x == 0.0);
    nudge(profile, features, if unknown { 1.0 } else { step });
}

/// Moves a profile away from a post that was hidden. The distance is `step`.
#[inline]
pub fn unlearn_profile(profile: &mut Vector, features: &Vector, step: f32) {
    if step > 0.0 && profile.iter().any(|&x| x != 0.0) {
        nudge(profile, features, -step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};

    #[test]
    fn a_tenth_of_looks_is_long() {
        let mut history = History::default();
        let draws = Draws::new(1);
        let long = (0..20_000)
            .filter(|&n| {
                history.is_long_look(draws.at(DrawPurpose::Dwell, Who::Case(1), About::Nth(n), 0).normal() as f32)
            })
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
        // The list has no spare capacity, as after a clone or a checkpoint.
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
        assert!((profile[0] - profile[1]).abs() < 1e-6 && profile[0] > 0.7, "halfway, of length 1");
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
