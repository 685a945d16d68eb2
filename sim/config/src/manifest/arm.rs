//! Arms in the manifest.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// An arm at point 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmEntry {
    /// Name.
    pub name: String,
    /// Resolved settings.
    pub settings: Json,
    /// Differences from the baseline.
    pub difference: Map<String, Json>,
}

impl ArmEntry {
    /// Returns the value of a setting by its dotted path; `None` if an earlier version without this
    /// setting wrote the folder.
    #[must_use]
    pub fn setting(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(&self.settings, |value, key| value.get(key))
    }

    /// Returns the interventions.
    #[must_use]
    pub fn rules(&self) -> &[Json] {
        self.setting("interventions").and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }
}
