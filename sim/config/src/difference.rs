//! Differences between JSON values.

use serde_json::{Map, Value as Json, json};

use crate::registered::REGISTERED;

/// Returns the differences between two JSON values. For each dotted path where the values differ,
/// the result contains both values, called `baseline` and `arm`.
#[must_use]
pub fn json_difference(before: &Json, after: &Json) -> Map<String, Json> {
    let mut found = Map::new();
    compare("", before, after, &mut found);
    found
}

/// Returns the differences between two trees of settings. Versions of registered kinds are
/// excluded, because they are not settings: the kind determines the version.
#[must_use]
pub fn settings_difference(before: &Json, after: &Json) -> Map<String, Json> {
    let is_version = |path: &str| path.split('.').next() == Some(REGISTERED);
    json_difference(before, after).into_iter().filter(|(path, _)| !is_version(path)).collect()
}

fn compare(path: &str, before: &Json, after: &Json, found: &mut Map<String, Json>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Json::Object(a), Json::Object(b)) => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                let inner = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&inner, a.get(key).unwrap_or(&Json::Null), b.get(key).unwrap_or(&Json::Null), found);
            }
        }
        _ => {
            found.insert(path.to_owned(), json!({ "baseline": before, "arm": after }));
        }
    }
}
