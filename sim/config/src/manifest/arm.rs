//! What the manifest says of an arm.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One arm at point 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmEntry {
    /// Its name.
    pub name: String,
    /// Its resolved settings.
    pub settings: Json,
    /// What differs from the baseline.
    pub difference: Map<String, Json>,
}

impl ArmEntry {
    /// The value of a setting, by its dotted path; none if the version that wrote the folder had no such setting.
    #[must_use]
    pub fn setting(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(&self.settings, |value, key| value.get(key))
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &[Json] {
        self.setting("interventions").and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }
}
