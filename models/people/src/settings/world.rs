//! All settings of a world.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Behavior, Content, Graph, Harm, Population};
use crate::generate::Imported;

/// World settings: accounts, follows, posts, behaviour and the definition of harm.
///
/// The JSON form has one table per section, in the order of the fields. It excludes `imported`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldSettings {
    /// The accounts.
    pub population: Population,
    /// Whom accounts follow at the start.
    pub graph: Graph,
    /// What accounts post.
    pub content: Content,
    /// How accounts behave.
    pub behavior: Behavior,
    /// What counts as harmful.
    pub harm: Harm,
    /// Days of warm-up.
    pub warm_up_days: u32,
    /// Follows and likes from files; `None` if everything is generated.
    #[serde(skip)]
    pub imported: Option<Arc<Imported>>,
}

impl WorldSettings {
    /// Returns the number of accounts at the start, from the imported file if there is one.
    #[must_use]
    pub fn accounts(&self) -> u32 {
        self.imported.as_ref().map_or(self.population.accounts, |imported| imported.accounts)
    }

    /// Returns the likes that determine interests, if they do.
    pub(crate) fn likes_for_interests(&self) -> Option<&[(u32, u32)]> {
        self.likes().filter(|_| self.population.interactions.interests)
    }

    /// Returns the likes that determine activity, if they do.
    pub(crate) fn likes_for_activity(&self) -> Option<&[(u32, u32)]> {
        self.likes().filter(|_| self.population.interactions.activity)
    }

    fn likes(&self) -> Option<&[(u32, u32)]> {
        self.imported.as_ref()?.likes.as_deref()
    }
}
