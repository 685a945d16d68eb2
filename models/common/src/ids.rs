//! Ids with a type of their own, and days.

use serde::{Deserialize, Serialize};

/// An account's row in every column. `u32` halves the memory traffic of candidate lists against `usize`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub u32);

/// A post's number in the order in which posts appeared, counted over the whole life of a world (and wrapping round).
///
/// Rows of the post columns hold the live posts only; [`crate::observed::PostPool`] turns ids into rows. An id is a place in
/// memory, not an identity across arms: that is [`PostIdentity`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PostId(pub u32);

/// A post as every arm knows it: by its creator, and which of the creator's posts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostIdentity {
    /// Who made it.
    pub creator: AccountId,
    /// Its number among the creator's posts, from 0.
    pub sequence: u32,
}

/// A day of the simulation: negative in the warm-up (-1 is its last day), measured days from 0.
pub type Day = i32;

impl PostId {
    /// The id of the post that appears so many posts later.
    #[inline]
    #[must_use]
    pub const fn later(self, posts: u32) -> PostId {
        PostId(self.0.wrapping_add(posts))
    }
}

impl AccountId {
    /// The row in a column.
    #[must_use]
    pub const fn row(self) -> usize {
        self.0 as usize
    }
}
