//! Types of ids, and days.

use serde::{Deserialize, Serialize};

/// An account's row in every column. `u32` halves the memory traffic of candidate lists compared
/// with `usize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

/// A post's number in the order in which posts appear, counted over the whole life of a world (and
/// wrapping around).
///
/// The post columns contain live posts only; [`crate::observed::PostPool`] converts ids to rows. An
/// id is a location in memory. The identity of a post across arms is [`PostIdentity`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PostId(pub u32);

/// The identity of a post in every arm: its creator, and its number among the creator's posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostIdentity {
    /// Creator of the post.
    pub creator: AccountId,
    /// Number among the creator's posts, from 0.
    pub sequence: u32,
}

/// A day of the simulation. Warm-up days are negative (-1 is the last), and measured days start at
/// 0.
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
