//! All that an operator decides.

use recsafe_common::catalogue::Chosen;
use serde::{Deserialize, Serialize};

use super::{Enforcement, Feed, Search, Suggestions};

/// Policy settings: how feed, suggestions and search are made, what is enforced, and the interventions in force.
///
/// As JSON it has one table a section, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicySettings {
    /// How the feed is made.
    pub feed: Feed,
    /// How people suggestions are made.
    pub people: Suggestions,
    /// How searches are answered.
    pub search: Search,
    /// What the platform detects.
    pub enforcement: Enforcement,
    /// The interventions, in order.
    pub interventions: Vec<Chosen>,
}
