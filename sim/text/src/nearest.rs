//! Suggestions for misspelled names.

/// Maximum length of a name for which similar names are suggested. A longer text is not a
/// misspelled name, and the search would be slow.
const LONGEST_SLIP: usize = 200;

/// Returns the name that is most similar to `found` by Jaro-Winkler similarity; `None` if no name
/// is similar enough.
#[must_use]
pub fn nearest<'a>(found: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if found.len() > LONGEST_SLIP {
        return None;
    }
    let scored = names.into_iter().map(|name| (strsim::jaro_winkler(found, name), name));
    scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// Returns the nearest name and, if there are few names, all names.
#[must_use]
pub fn suggestion<'a>(found: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let all = if names.is_empty() { "none available".to_owned() } else { format!("available: {}", names.join(", ")) };
    match nearest(found, names.iter().copied()) {
        Some(name) if names.len() > 12 => format!("nearest name: `{name}`"),
        Some(name) => format!("nearest name: `{name}`; {all}"),
        None => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_near_to_what_is_longer_than_any_name() {
        assert_eq!(nearest("acounts", ["accounts"]), Some("accounts"));
        assert_eq!(nearest(&format!("accounts{}", "s".repeat(200)), ["accounts"]), None);
    }
}
