//! Types of ids, and days.

use serde::{Deserialize, Serialize};

/// Row of an account in every column. With `u32`, candidate lists need half the memory traffic of
/// `usize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

/// Number of a post in the order in which posts appear. The numbering starts with the first post of
/// a world. Numbers wrap around.
///
/// The post columns contain live posts only; [`crate::observed::PostPool`] converts ids to rows. An
/// id identifies a post only within one run. [`PostIdentity`] identifies a post in every arm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PostId(pub u32);

/// Identity of a post, which is the same in every arm: the creator, and the number of the post
/// among the creator's posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostIdentity {
    /// Creator of the post.
    pub creator: AccountId,
    /// Number of the post among the creator's posts, from 0.
    pub sequence: u32,
}

/// A day of the simulation. Warm-up days are negative, and the last warm-up day is day -1. Measured
/// days start at 0.
pub type Day = i32;

impl PostId {
    /// Returns the id of the post that appears `posts` posts later.
    #[inline]
    #[must_use]
    pub const fn later(self, posts: u32) -> PostId {
        PostId(self.0.wrapping_add(posts))
    }
}

impl AccountId {
    /// Returns the row in a column.
    #[must_use]
    pub const fn row(self) -> usize {
        self.0 as usize
    }
}
