//! What the platform can see: stated facts about accounts, posts as their features show them, and follows.

mod accounts;
mod blocks;
mod posts;
mod standing;

pub use accounts::{ObservedAccount, ObservedAccounts};
pub use blocks::Blocks;
pub use posts::{Gate, PostLedger, PostPool, PostRow, Visibility};
pub use standing::Standing;

use serde::{Deserialize, Serialize};

use crate::graph::FollowGraph;
use crate::ids::Day;

/// The platform's view of the world at the start of a phase.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Observed {
    /// The present day.
    pub day: Day,
    /// Stated facts about accounts.
    pub accounts: ObservedAccounts,
    /// Live posts.
    pub posts: PostPool,
    /// Who follows whom.
    pub graph: FollowGraph,
    /// Who blocked whom.
    pub blocks: Blocks,
}
