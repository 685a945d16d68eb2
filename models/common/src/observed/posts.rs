//! Live posts as the platform sees them. Requests read one cache line per post. Data that requests
//! do not read are stored separately, in counters.

use serde::{Deserialize, Serialize};

use crate::classifier_score::ClassifierScore;
use crate::ids::{AccountId, Day, PostId};
use crate::vector::Packed;

/// Who may see a post.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub enum Visibility {
    /// Everyone.
    #[default]
    Everyone,
    /// Followers of the creator: the creator is private or limited, or the post is demoted.
    Followers,
    /// Nobody: the post was taken down, or its creator is suspended or removed.
    Nobody,
}

/// The access check of a post: the creator and who may see the post, in four bytes. Because of the
/// small size, the access checks of all live posts stay in cache while candidates are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostAccess(u32);

/// Number of bits for the creator's id.
const CREATOR_BITS: u32 = 30;

impl PostAccess {
    /// Creates the access check of a post. `creator` must be below 2^30.
    #[inline]
    #[must_use]
    pub const fn new(creator: AccountId, visibility: Visibility) -> Self {
        PostAccess(creator.0 | (visibility as u32) << CREATOR_BITS)
    }

    /// Returns the creator of the post.
    #[inline]
    #[must_use]
    pub const fn creator(self) -> AccountId {
        AccountId(self.0 & ((1 << CREATOR_BITS) - 1))
    }

    /// Returns who may see the post.
    #[inline]
    #[must_use]
    pub const fn visibility(self) -> Visibility {
        match self.0 >> CREATOR_BITS {
            0 => Visibility::Everyone,
            1 => Visibility::Followers,
            _ => Visibility::Nobody,
        }
    }

    /// Returns whether an account may see the post. Some posts are visible only to followers of the
    /// creator.
    #[inline]
    #[must_use]
    pub const fn admits(self, follows: bool) -> bool {
        self.0 >> CREATOR_BITS <= follows as u32
    }
}

/// The data of a post that are needed for scoring, in one cache line. The default is a post of
/// account 0 on day 0 with all counts at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[repr(C, align(64))]
pub struct PostRow {
    /// Features in packed form: the true topic vector with feature noise.
    pub features: Packed,
    /// Creator of the post.
    pub creator: AccountId,
    /// Number of engagements, where older engagements count less; fixed during a day.
    pub popularity: f32,
    /// Smoothed log engagement rate relative to the average post; fixed during a day.
    pub engagement: f32,
    /// Smoothed log hide rate of the post relative to the average; fixed during a day.
    pub hides: f32,
    /// Smoothed log hide rate of the creator's posts relative to the average; fixed during a day.
    pub creator_hides: f32,
    /// The content classifier's score.
    pub classifier_score: ClassifierScore,
    /// Day on which the post appeared. 16 bits suffice, because a run has at most 3,650 warm-up
    /// days and 3,650 measured days.
    pub day: i16,
    /// Topic or niche closest to the features.
    pub topic_id: u8,
}

const _: () = assert!(size_of::<PostRow>() == 64, "a post's row must be one cache line");

/// Counts of people's actions on a post. Learning reads these counts, and requests do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PostCounters {
    /// Number of the post among the creator's posts, from 0. The pair (creator, sequence)
    /// identifies the post in every arm.
    pub sequence: u32,
    /// Number of views.
    pub views: u32,
    /// Number of likes and reshares.
    pub engagements: u32,
    /// Number of reshares.
    pub shares: u32,
    /// Number of hides.
    pub hides: u32,
    /// Number of reports.
    pub reports: u32,
    /// The platform's decision about the post itself, independent of its creator.
    pub restricted: Visibility,
}

/// The live posts, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PostPool {
    rows: Vec<PostRow>,
    access: Vec<PostAccess>,
    counters: Vec<PostCounters>,
    first: u32,
}

impl PostPool {
    /// Returns the number of live posts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are no live posts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the rows of all live posts, oldest first.
    #[inline]
    #[must_use]
    pub fn rows(&self) -> &[PostRow] {
        &self.rows
    }

    /// Returns the access checks of all live posts, in the order of the rows.
    #[inline]
    #[must_use]
    pub fn access(&self) -> &[PostAccess] {
        &self.access
    }

    /// Returns the rows, the counters and the access checks. Rows and counters can be changed.
    pub fn columns_mut(&mut self) -> (&mut [PostRow], &mut [PostCounters], &[PostAccess]) {
        (&mut self.rows, &mut self.counters, &self.access)
    }

    /// Returns the counters of all live posts, in the order of the rows.
    #[inline]
    #[must_use]
    pub fn counters(&self) -> &[PostCounters] {
        &self.counters
    }

    /// Returns the index of a post in the columns, or `None` if the post is not live.
    #[inline]
    #[must_use]
    pub fn index_of(&self, post: PostId) -> Option<usize> {
        let post_index = post.0.wrapping_sub(self.first) as usize;
        (post_index < self.rows.len()).then_some(post_index)
    }

    /// Returns the id of the post at an index of the columns.
    #[inline]
    #[must_use]
    pub fn id(&self, post_index: usize) -> PostId {
        PostId(self.first).later(post_index as u32)
    }

    /// Adds a post. The post is visible to everyone until [`PostPool::renew_visibility`] is called.
    /// Posts must be added in the order of their days.
    pub fn push(&mut self, row: PostRow, sequence: u32) {
        self.rows.push(row);
        self.access.push(PostAccess::new(row.creator, Visibility::Everyone));
        self.counters.push(PostCounters { sequence, ..PostCounters::default() });
    }

    /// Updates the visibility of each live post. The post and the creator's account each have a
    /// visibility, and the stricter of the two applies.
    pub fn renew_visibility(&mut self, of_account: impl Fn(AccountId) -> Visibility) {
        for (post_access, post_counters) in self.access.iter_mut().zip(&self.counters) {
            *post_access =
                PostAccess::new(post_access.creator(), post_counters.restricted.max(of_account(post_access.creator())));
        }
    }

    /// Removes the posts that appeared before `day` and returns their number.
    pub fn drop_before(&mut self, day: Day) -> usize {
        let gone = self.rows.partition_point(|row| Day::from(row.day) < day);
        self.rows.drain(..gone);
        self.access.drain(..gone);
        self.counters.drain(..gone);
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
                let post_access = PostAccess::new(creator, visibility);
                assert_eq!((post_access.creator(), post_access.visibility()), (creator, visibility));
                assert_eq!([false, true].map(|follows| post_access.admits(follows)), admits, "{visibility:?}");
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
            (0..6).map(|id| pool.index_of(PostId(id))).collect::<Vec<_>>(),
            [None, None, None, Some(0), Some(1), None]
        );
        assert_eq!([0, 1].map(|post_index| pool.id(post_index)), [PostId(3), PostId(4)]);
        assert_eq!([0, 1].map(|post_index| pool.rows()[post_index].creator), [AccountId(3), AccountId(4)]);
        assert_eq!([0, 1].map(|post_index| pool.access()[post_index].creator()), [AccountId(3), AccountId(4)]);
        assert_eq!([0, 1].map(|post_index| pool.counters()[post_index].sequence), [3, 4]);
    }

    #[test]
    fn the_stricter_of_post_and_account_decides_who_is_shown_a_post() {
        let mut pool = PostPool::default();
        for creator in 0..2 {
            pool.push(post(creator, 0), 0);
            pool.push(post(creator, 0), 1);
        }
        for post_index in [1, 3] {
            pool.columns_mut().1[post_index].restricted = Visibility::Followers;
        }
        pool.renew_visibility(|account| [Visibility::Everyone, Visibility::Nobody][account.row()]);
        let found: Vec<Visibility> = pool.access().iter().map(|post_access| post_access.visibility()).collect();
        assert_eq!(found, [Visibility::Everyone, Visibility::Followers, Visibility::Nobody, Visibility::Nobody]);
    }
}
