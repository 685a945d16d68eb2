//! Live posts as the platform knows them: one cache line each for what a request reads, a ledger beside it for the rest.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, Day, PostId};
use crate::signal::Signal;
use crate::vector::Packed;

/// Who may be shown a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Visibility {
    /// Anybody.
    #[default]
    Everyone,
    /// Followers of its creator, who is private or limited, or the post is demoted.
    Followers,
    /// Nobody: it was taken down, or its creator is suspended or removed.
    Nobody,
}

/// What decides whether an account may be shown a post: who posted it and who may be shown it, in four bytes, so that the gates of all live
/// posts stay in cache while candidates are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate(u32);

/// Bits of a gate that hold the creator's id.
const CREATOR_BITS: u32 = 30;

impl Gate {
    /// The gate of a post. `creator`: an id below 2^30.
    #[inline]
    #[must_use]
    pub const fn new(creator: AccountId, visibility: Visibility) -> Self {
        Gate(creator.0 | (visibility as u32) << CREATOR_BITS)
    }

    /// Who posted it.
    #[inline]
    #[must_use]
    pub const fn creator(self) -> AccountId {
        AccountId(self.0 & ((1 << CREATOR_BITS) - 1))
    }

    /// Who may be shown it.
    #[inline]
    #[must_use]
    pub const fn visibility(self) -> Visibility {
        match self.0 >> CREATOR_BITS {
            0 => Visibility::Everyone,
            1 => Visibility::Followers,
            _ => Visibility::Nobody,
        }
    }

    /// Whether it lets an account through that follows the creator, or does not.
    #[inline]
    #[must_use]
    pub const fn admits(self, follows: bool) -> bool {
        self.0 >> CREATOR_BITS <= follows as u32
    }
}

/// All that scoring reads of a post, in one cache line. By default a post of account 0 and day 0 of which nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct PostRow {
    /// The topic vector as the platform sees it (the true one with feature noise), packed.
    pub features: Packed,
    /// Who posted it.
    pub creator: AccountId,
    /// Engagements, decayed by age; frozen within a day.
    pub popularity: f32,
    /// Smoothed log engagement rate relative to the average post; frozen within a day.
    pub engagement: f32,
    /// Smoothed hide rate of the post relative to the average, as a logarithm; frozen within a day.
    pub hides: f32,
    /// The same of its creator.
    pub creator_hides: f32,
    /// The content classifier's score.
    pub signal: Signal,
    /// Day it appeared, in days of 16 bits (a run has at most 3,650 of each kind).
    pub day: i16,
    /// The region of the topic map that its features are nearest to.
    pub region: u8,
}

const _: () = assert!(size_of::<PostRow>() == 64, "a post's row is one cache line");

/// Counts of what people did with a post; read by learning, not by requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostLedger {
    /// Which of its creator's posts it is, from 0: (creator, sequence) is the post's identity in every arm.
    pub sequence: u32,
    /// Views.
    pub views: u32,
    /// Likes and shares.
    pub engagements: u32,
    /// Shares.
    pub shares: u32,
    /// Hides.
    pub hides: u32,
    /// Reports.
    pub reports: u32,
    /// What the platform decided about the post itself, whatever holds for its creator.
    pub restricted: Visibility,
}

/// The posts of the last days, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PostPool {
    rows: Vec<PostRow>,
    gates: Vec<Gate>,
    ledgers: Vec<PostLedger>,
    first: u32,
}

impl PostPool {
    /// Number of live posts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no live post.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every live post's row, oldest first.
    #[inline]
    #[must_use]
    pub fn rows(&self) -> &[PostRow] {
        &self.rows
    }

    /// Every live post's gate, in the order of the rows.
    #[inline]
    #[must_use]
    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// The rows and their ledgers, to be changed together, and the gates to be read meanwhile.
    pub fn columns_mut(&mut self) -> (&mut [PostRow], &mut [PostLedger], &[Gate]) {
        (&mut self.rows, &mut self.ledgers, &self.gates)
    }

    /// Every live post's ledger, in the order of the rows.
    #[inline]
    #[must_use]
    pub fn ledgers(&self) -> &[PostLedger] {
        &self.ledgers
    }

    /// Where a post stands in the columns, if it is still live.
    #[inline]
    #[must_use]
    pub fn slot(&self, post: PostId) -> Option<usize> {
        let slot = post.0.wrapping_sub(self.first) as usize;
        (slot < self.rows.len()).then_some(slot)
    }

    /// The id of the post at a place of the columns.
    #[inline]
    #[must_use]
    pub fn id(&self, slot: usize) -> PostId {
        PostId(self.first).later(slot as u32)
    }

    /// Adds a post that everyone may be shown until visibility is renewed; days never decrease.
    pub fn push(&mut self, row: PostRow, sequence: u32) {
        self.rows.push(row);
        self.gates.push(Gate::new(row.creator, Visibility::Everyone));
        self.ledgers.push(PostLedger { sequence, ..PostLedger::default() });
    }

    /// Renews who may be shown each live post: the fewer of those whom the post itself and its creator's account allow.
    pub fn renew_visibility(&mut self, of_account: impl Fn(AccountId) -> Visibility) {
        for (gate, ledger) in self.gates.iter_mut().zip(&self.ledgers) {
            *gate = Gate::new(gate.creator(), ledger.restricted.max(of_account(gate.creator())));
        }
    }

    /// Drops the posts that appeared before `day` and tells how many these were.
    pub fn drop_before(&mut self, day: Day) -> usize {
        let gone = self.rows.partition_point(|row| Day::from(row.day) < day);
        self.rows.drain(..gone);
        self.gates.drain(..gone);
        self.ledgers.drain(..gone);
        self.first = self.first.wrapping_add(gone as u32);
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(creator: u32, day: i16) -> PostRow {
        PostRow { creator: AccountId(creator), day, ..PostRow::default() }
    }

    #[test]
    fn a_gate_keeps_creator_and_visibility_and_lets_in_whom_it_says() {
        let largest = AccountId((1 << CREATOR_BITS) - 1);
        for creator in [AccountId(0), AccountId(7), largest] {
            for (visibility, admits) in [
                (Visibility::Everyone, [true, true]),
                (Visibility::Followers, [false, true]),
                (Visibility::Nobody, [false, false]),
            ] {
                let gate = Gate::new(creator, visibility);
                assert_eq!((gate.creator(), gate.visibility()), (creator, visibility));
                assert_eq!([false, true].map(|follows| gate.admits(follows)), admits, "{visibility:?}");
            }
        }
    }

    #[test]
    fn posts_of_earlier_days_go_and_those_that_stay_keep_their_ids() {
        let mut pool = PostPool::default();
        assert!(pool.is_empty());
        for (sequence, day) in [-1, 0, 0, 1, 3].into_iter().enumerate() {
            pool.push(post(sequence as u32, day), sequence as u32);
        }
        assert_eq!(pool.drop_before(1), 3);
        assert_eq!((pool.len(), pool.is_empty(), pool.drop_before(1)), (2, false, 0));
        assert_eq!(
            (0..6).map(|id| pool.slot(PostId(id))).collect::<Vec<_>>(),
            [None, None, None, Some(0), Some(1), None]
        );
        assert_eq!([0, 1].map(|slot| pool.id(slot)), [PostId(3), PostId(4)]);
        assert_eq!([0, 1].map(|slot| pool.rows()[slot].creator), [AccountId(3), AccountId(4)]);
        assert_eq!([0, 1].map(|slot| pool.gates()[slot].creator()), [AccountId(3), AccountId(4)]);
        assert_eq!([0, 1].map(|slot| pool.ledgers()[slot].sequence), [3, 4]);
    }

    #[test]
    fn the_stricter_of_post_and_account_decides_who_is_shown_a_post() {
        let mut pool = PostPool::default();
        for creator in 0..2 {
            pool.push(post(creator, 0), 0);
            pool.push(post(creator, 0), 1);
        }
        for slot in [1, 3] {
            pool.columns_mut().1[slot].restricted = Visibility::Followers;
        }
        pool.renew_visibility(|account| [Visibility::Everyone, Visibility::Nobody][account.row()]);
        let found: Vec<Visibility> = pool.gates().iter().map(|gate| gate.visibility()).collect();
        assert_eq!(found, [Visibility::Everyone, Visibility::Followers, Visibility::Nobody, Visibility::Nobody]);
    }
}
