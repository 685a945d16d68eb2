//! What the platform sees: declared facts about accounts, features of posts, follows and blocks.

mod accounts;
mod blocks;
mod posts;
mod standing;

pub use accounts::{ObservedAccount, ObservedAccounts};
pub use blocks::Blocks;
pub use posts::{PostAccess, PostCounters, PostPool, PostRow, Visibility};
pub use standing::Standing;

use serde::{Deserialize, Serialize};

use crate::graph::FollowGraph;
use crate::ids::Day;

/// The platform's view of the world at the start of a phase.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Observed {
    /// The current day.
    pub day: Day,
    /// Declared facts about accounts.
    pub accounts: ObservedAccounts,
    /// Live posts.
    pub posts: PostPool,
    /// Follows.
    pub graph: FollowGraph,
    /// Blocks.
    pub blocks: Blocks,
}
