//! Registries: kinds and metrics that other crates add to the built-in items when a program starts.
//!
//! Each item has a version or a digest of its code. The hash of a run includes the version, so runs
//! with different versions are never combined. A process has one registry per kind of item. A
//! registry lists its items in the order of their ids, so results do not depend on the order of
//! registration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError, RwLock};

/// Maximum number of characters of an id or a version.
const LONGEST: usize = 100;

/// The rule for ids, as text for messages.
pub const NAMING: &str = "at most 100 small letters, digits and `-`, starting with a letter";

/// Returns whether `id` can be the name of a kind or a metric: `[a-z][a-z0-9-]{0,99}`.
#[must_use]
pub fn is_good_id(id: &str) -> bool {
    is_word(id, b'-')
}

/// Returns whether `word` starts with a small letter and otherwise contains only small letters,
/// digits and the character `joint`.
fn is_word(word: &str, joint: u8) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == joint;
    word.starts_with(|first: char| first.is_ascii_lowercase()) && word.bytes().all(rest) && word.len() <= LONGEST
}

/// Returns whether `name` can be the name of a knob: `[a-z][a-z0-9_]{0,99}`. The name `kind` is not
/// allowed, because the key `kind` selects the catalogue entry.
pub(crate) fn is_good_knob(name: &str) -> bool {
    is_word(name, b'_') && name != "kind"
}

/// The reason why a registration was rejected. A rejected registration changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The id cannot be written in an experiment file.
    #[error("\"{id}\" cannot name a kind or a metric: {NAMING}")]
    Id {
        /// The id.
        id: String,
    },
    /// The version is empty, too long, or contains control characters.
    #[error("`{id}` needs a version of 1 to {LONGEST} printable characters, such as \"1.0.0\" or a digest of its code")]
    Version {
        /// The id.
        id: String,
    },
    /// A built-in item has the id.
    #[error("`{id}` is built into recsafe: choose another name")]
    Shipped {
        /// The id.
        id: String,
    },
    /// The id is an older name of a built-in item, which experiment files can still use.
    #[error("`{id}` is an older name of {what}: choose another name")]
    Older {
        /// The id.
        id: String,
        /// The item that had this name.
        what: String,
    },
    /// An item with the same id but another version is registered.
    #[error(
        "`{id}` is already registered with version {present}, not {version}: to register a new version, replace the registered entry"
    )]
    Registered {
        /// The id.
        id: String,
        /// The registered version.
        present: String,
        /// The rejected version.
        version: String,
    },
    /// A knob cannot be set in an experiment file.
    #[error("knob `{knob}` of `{id}`: {what}")]
    Knob {
        /// The id of the kind.
        id: String,
        /// The knob.
        knob: String,
        /// The problem.
        what: String,
    },
    /// The description of the item is invalid.
    #[error("`{id}`: {what}")]
    Description {
        /// The id.
        id: String,
        /// The problem.
        what: String,
    },
}

/// A registered item with its version.
#[derive(Debug)]
struct Registered<T> {
    version: &'static str,
    item: T,
}

/// Items of type `T` that other crates registered.
#[derive(Debug)]
pub struct Registry<T> {
    shipped: fn() -> Vec<&'static str>,
    kept: RwLock<BTreeMap<&'static str, Registered<T>>>,
}

impl<T: Clone> Registry<T> {
    /// Creates an empty registry. `shipped` returns the built-in ids.
    #[must_use]
    pub const fn new(shipped: fn() -> Vec<&'static str>) -> Self {
        Registry { shipped, kept: RwLock::new(BTreeMap::new()) }
    }

    /// Registers `item` as `id`. Registering an item again with the same version changes nothing.
    ///
    /// # Errors
    /// Returns an error if the id or the version is invalid, or if a built-in item has the id. Also
    /// returns an error if an item with the same id but another version is registered.
    pub fn add(&self, id: &str, version: &str, item: T) -> Result<(), RegisterError> {
        self.check(id, version)?;
        let mut items = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        match items.get(id) {
            Some(there) if there.version == version => {}
            Some(there) => {
                let (present, version) = (there.version.to_owned(), version.to_owned());
                return Err(RegisterError::Registered { id: id.to_owned(), present, version });
            }
            None => drop(items.insert(lasting(id), Registered { version: lasting(version), item })),
        }
        Ok(())
    }

    /// Registers `item` as `id`. Replaces an item with the same id, even if the versions are the
    /// same.
    ///
    /// # Errors
    /// Returns an error if the id or the version is invalid, or if a built-in item has the id.
    pub fn replace(&self, id: &str, version: &str, item: T) -> Result<(), RegisterError> {
        self.check(id, version)?;
        let mut items = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        items.insert(lasting(id), Registered { version: lasting(version), item });
        Ok(())
    }

    fn check(&self, id: &str, version: &str) -> Result<(), RegisterError> {
        let named = || id.to_owned();
        if !is_good_id(id) {
            return Err(RegisterError::Id { id: named() });
        }
        let is_plain = !version.trim().is_empty() && !version.contains(char::is_control);
        if !is_plain || version.chars().count() > LONGEST {
            return Err(RegisterError::Version { id: named() });
        }
        if (self.shipped)().contains(&id) {
            return Err(RegisterError::Shipped { id: named() });
        }
        Ok(())
    }

    /// Returns whether nothing is registered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.read(BTreeMap::is_empty)
    }

    /// Returns the item registered as `id`.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<T> {
        self.read(|items| items.get(id).map(|registered| registered.item.clone()))
    }

    /// Returns the version of the item registered as `id`; `None` for built-in items.
    #[must_use]
    pub fn version(&self, id: &str) -> Option<&'static str> {
        self.read(|items| items.get(id).map(|registered| registered.version))
    }

    /// Returns all registered items in the order of their ids.
    #[must_use]
    pub fn all(&self) -> Vec<T> {
        self.read(|items| items.values().map(|registered| registered.item.clone()).collect())
    }

    fn read<A>(&self, ask: impl FnOnce(&BTreeMap<&'static str, Registered<T>>) -> A) -> A {
        ask(&self.kept.read().unwrap_or_else(PoisonError::into_inner))
    }
}

static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Returns a copy of `text` that lives as long as the process, for descriptions that are created at
/// run time. Equal texts share one copy.
#[must_use]
pub fn lasting(text: &str) -> &'static str {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(existing) = texts.get(text) {
        return existing;
    }
    let copy: &'static str = Box::leak(text.into());
    texts.insert(copy);
    copy
}

/// Returns a copy of a list of texts that lives as long as the process. Examples of such lists are
/// hooks and the words of a knob. Each call leaks memory, so call the function once per
/// registration.
#[must_use]
pub fn lasting_words<S: AsRef<str>>(words: &[S]) -> &'static [&'static str] {
    Box::leak(words.iter().map(|word| lasting(word.as_ref())).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn registry() -> Registry<u32> {
        Registry::new(|| vec!["random"])
    }

    #[test]
    fn ids_are_small_and_plain() {
        for good in ["a", "hot", "hot-2", &"a".repeat(100)] {
            assert!(is_good_id(good), "{good}");
        }
        for bad in ["", "2hot", "-hot", "Hot", "hot.x", "hot_x", "a b", "hot@all", "é", &"a".repeat(101)] {
            assert!(!is_good_id(bad), "{bad}");
            assert_eq!(registry().add(bad, "1", 1), Err(RegisterError::Id { id: bad.to_owned() }));
        }
    }

    #[test]
    fn what_is_registered_is_told_in_the_order_of_ids() {
        let registry = registry();
        assert!(registry.is_empty());
        for (id, item) in [("warm", 2), ("cold", 1), ("zero", 3)] {
            registry.add(id, "1", item).unwrap();
        }
        assert!(!registry.is_empty());
        assert_eq!(registry.all(), [1, 2, 3]);
        assert_eq!((registry.get("warm"), registry.version("warm")), (Some(2), Some("1")));
        assert_eq!((registry.get("random"), registry.version("random")), (None, None));
    }

    #[test]
    fn the_same_again_is_fine_and_another_version_is_not() {
        let registry = registry();
        registry.add("hot", "1", 1).unwrap();
        registry.add("hot", "1", 2).unwrap();
        assert_eq!(registry.get("hot"), Some(1), "the first item stays");
        let refused = registry.add("hot", "2", 2).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`hot` is already registered with version 1, not 2: to register a new version, replace the registered entry"
        );
        assert_eq!((registry.get("hot"), registry.version("hot")), (Some(1), Some("1")), "nothing was changed");
        registry.replace("hot", "2", 3).unwrap();
        assert_eq!((registry.get("hot"), registry.version("hot")), (Some(3), Some("2")));
        registry.replace("hot", "2", 4).unwrap();
        assert_eq!(registry.get("hot"), Some(4), "a class can be redefined under the same version");
    }

    #[test]
    fn what_is_shipped_stays() {
        let shipped = Err(RegisterError::Shipped { id: "random".to_owned() });
        assert_eq!(registry().add("random", "1", 1), shipped);
        assert_eq!(registry().replace("random", "1", 1), shipped);
    }

    #[test]
    fn a_version_is_a_text_of_one_line() {
        for bad in ["", "  ", "1\n2", &"1".repeat(101)] {
            assert_eq!(registry().add("hot", bad, 1), Err(RegisterError::Version { id: "hot".to_owned() }), "{bad:?}");
        }
        for good in ["1.0.0", "sha256:0f", &"é".repeat(100)] {
            assert_eq!(registry().add("hot", good, 1), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_text_is_kept_once() {
        let (one, other) = (lasting(&["la", "sting"].concat()), lasting(&["last", "ing"].concat()));
        assert!(std::ptr::eq(one, other));
        assert_eq!(lasting_words(&["score".to_owned(), "hides".to_owned()]), ["score", "hides"]);
    }
}
