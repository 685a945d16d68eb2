//! Valid names.

/// Maximum length of a name, in characters.
const LONGEST: usize = 100;

/// Description of valid names, for messages.
pub const NAMING: &str =
    "use lower-case letters, digits, `.`, `_` and `-`; begin with a letter or digit; at most 100 characters";

/// Returns whether `name` is valid for an experiment, arm or intervention:
/// `[a-z0-9][a-z0-9._-]{0,99}`.
#[must_use]
pub fn is_good(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let rest = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
    first && rest && name.len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_small_and_plain() {
        for good in ["a", "as-is", "0.5_x", &"a".repeat(100)] {
            assert!(is_good(good), "{good}");
        }
        for bad in ["", "-a", "As-is", "a b", "a/b", "..", "../a", "/a", "a\0", "a\n", "a\\b", "é", &"a".repeat(101)] {
            assert!(!is_good(bad), "{bad}");
        }
    }
}
