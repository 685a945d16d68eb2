//! All policy settings in one table.

use recsafe_common::catalogue::Chosen;
use serde::{Deserialize, Serialize};

use super::{Enforcement, Feed, Search, Suggestions};

/// Policy settings: how feed, suggestions and search are built, what is enforced, and which
/// interventions are in force.
///
/// The JSON form has one table per section, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicySettings {
    /// The feed.
    pub feed: Feed,
    /// People suggestions.
    pub people: Suggestions,
    /// Search.
    pub search: Search,
    /// Detection, review and sanctions.
    pub enforcement: Enforcement,
    /// Interventions, in order.
    pub interventions: Vec<Chosen>,
}
