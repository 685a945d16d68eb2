//! All that decides a world before anybody lives in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Behavior, Content, Graph, Harm, Population};
use crate::generate::Imported;

/// World settings: who there is, whom they follow, what they post, how they behave, and what counts as harm.
///
/// As JSON it has one table a section, in the order of the fields; what files say of the world is not in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldSettings {
    /// Who there is.
    pub population: Population,
    /// Whom they follow.
    pub graph: Graph,
    /// What they post.
    pub content: Content,
    /// How they behave.
    pub behavior: Behavior,
    /// What counts as harm.
    pub harm: Harm,
    /// Days of warm-up.
    pub warm_up_days: u32,
    /// What files say of the world; none if all of it is generated.
    #[serde(skip)]
    pub imported: Option<Arc<Imported>>,
}

impl WorldSettings {
    /// Accounts when the world begins: those of its file, if it has one.
    #[must_use]
    pub fn accounts(&self) -> u32 {
        self.imported.as_ref().map_or(self.population.accounts, |imported| imported.accounts)
    }

    /// The likes that interests come from, if they do.
    pub(crate) fn likes_for_interests(&self) -> Option<&[(u32, u32)]> {
        self.likes().filter(|_| self.population.interactions.interests)
    }

    /// The likes that activity comes from, if it does.
    pub(crate) fn likes_for_activity(&self) -> Option<&[(u32, u32)]> {
        self.likes().filter(|_| self.population.interactions.activity)
    }

    fn likes(&self) -> Option<&[(u32, u32)]> {
        self.imported.as_ref()?.likes.as_deref()
    }
}
