//! Catalogues: the lists of rankers, interventions, behaviours and probe scripts. Other crates can
//! register further kinds when a program starts.

use std::sync::Arc;

use serde_json::Value;

use crate::registry::{RegisterError, Registry, is_good_knob, lasting};
pub use crate::setting::Entry;
use crate::setting::Field;

/// A type that contains its own description for a catalogue.
pub trait Described: crate::setting::Knobs {
    /// Short name for readers.
    const TITLE: &'static str;
    /// The surface or the group of interventions to which the type belongs.
    const FAMILY: &'static str;
    /// The steps of a simulated day in which the type is used.
    const HOOKS: &'static [&'static str];

    /// Returns the catalogue entry under the name `id`.
    #[must_use]
    fn entry(id: &'static str) -> Entry {
        Entry {
            id,
            title: Self::TITLE,
            about: Self::ABOUT,
            family: Self::FAMILY,
            hooks: Self::HOOKS,
            knobs: Self::fields(),
            version: None,
        }
    }
}

/// A kind that another crate registers, with a description, a version and a constructor. `R` is the
/// trait that the kind implements, such as `dyn Ranker`.
pub struct Registration<R: ?Sized> {
    entry: Entry,
    version: String,
    make: Box<dyn Fn(Value) -> Result<Box<R>, serde_json::Error> + Send + Sync>,
}

impl<R: ?Sized> std::fmt::Debug for Registration<R> {
    fn fmt(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(to, "{} {}", self.entry.id, self.version)
    }
}

impl<R: ?Sized> Registration<R> {
    /// Creates the registration of the kind that `entry` describes.
    ///
    /// `version` is the version or a digest of the kind's code. The version must change whenever
    /// the behaviour can change. `make` builds an instance from the complete set of knobs. For a
    /// type that is [`Described`], use the function `registration` of the catalogue instead.
    pub fn new(
        entry: Entry,
        version: &str,
        make: impl Fn(Value) -> Result<Box<R>, serde_json::Error> + Send + Sync + 'static,
    ) -> Self {
        Registration {
            entry: Entry { version: Some(lasting(version)), ..entry },
            version: version.to_owned(),
            make: Box::new(make),
        }
    }

    /// Returns the description, which contains the version.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Builds an instance. Missing knobs get their defaults, also in inner tables.
    ///
    /// # Errors
    /// Returns an error if the kind has no such knob or the value of a knob is invalid.
    pub fn make(&self, knobs: Value) -> Result<Box<R>, serde_json::Error> {
        let is_knob = |key: &&String| self.entry.knobs.iter().any(|knob| knob.name == key.as_str());
        if let Some(unknown) = knobs.as_object().into_iter().flatten().map(|(key, _)| key).find(|key| !is_knob(key)) {
            return Err(serde::de::Error::custom(format!("`{}` has no knob `{unknown}`", self.entry.id)));
        }
        let defaults = self.entry.knobs.iter().map(|knob| (knob.name.to_owned(), knob.default.clone()));
        (self.make)(crate::setting::over(Value::Object(defaults.collect()), knobs))
    }

    /// Checks that all knobs can be set in an experiment file.
    fn check_knobs(&self) -> Result<(), RegisterError> {
        let Entry { id, knobs, .. } = &self.entry;
        let wrong = |knob: &str, what: &str| {
            Err(RegisterError::Knob { id: (*id).to_owned(), knob: knob.to_owned(), what: what.to_owned() })
        };
        for (index, knob) in knobs.iter().enumerate() {
            if !is_good_knob(knob.name) {
                return wrong(
                    knob.name,
                    "its name must start with a letter, have only small letters, digits and `_`, and not be `kind`",
                );
            }
            if knobs[..index].iter().any(|other| other.name == knob.name) {
                return wrong(knob.name, "it is listed twice");
            }
            if !has_a_good_default(knob) {
                return wrong(knob.name, "its default is outside its range");
            }
        }
        let what = |error: serde_json::Error| format!("cannot be built from its default knobs: {error}");
        let instance = self.make(Value::Object(serde_json::Map::new()));
        instance.map(|_| ()).map_err(|error| RegisterError::Description { id: (*id).to_owned(), what: what(error) })
    }
}

/// Returns whether all numbers in a setting's default are within the setting's bounds.
fn has_a_good_default(field: &Field) -> bool {
    if let Some(inside) = field.inside() {
        return inside.iter().all(has_a_good_default);
    }
    let is_good = |value: &Value| value.as_f64().is_none_or(|number| field.bounds.contain(number));
    match &field.default {
        Value::Array(list) => list.iter().all(is_good),
        value => is_good(value),
    }
}

/// The registered kinds of a catalogue.
pub type Kinds<R> = Registry<Arc<Registration<R>>>;

impl<R: ?Sized> Kinds<R> {
    /// Registers a kind. Registering a kind again with the same version changes nothing.
    ///
    /// # Errors
    /// Returns an error if the name, the version or a knob is invalid, or if a built-in kind has
    /// the name. Also returns an error if a kind with the same name but another version is
    /// registered.
    pub fn register(&self, kind: Registration<R>) -> Result<(), RegisterError> {
        kind.check_knobs()?;
        let (id, version) = (kind.entry.id, kind.version.clone());
        self.add(id, &version, Arc::new(kind))
    }

    /// Registers a kind and replaces the kind of the same name. Runs that have started use the
    /// old kind or the new kind.
    ///
    /// # Errors
    /// Returns an error if the name, the version or a knob is invalid, or if a built-in kind has
    /// the name.
    pub fn register_anew(&self, kind: Registration<R>) -> Result<(), RegisterError> {
        kind.check_knobs()?;
        let (id, version) = (kind.entry.id, kind.version.clone());
        self.replace(id, &version, Arc::new(kind))
    }

    /// Returns the descriptions of all registered kinds in the order of their ids.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.all().iter().map(|kind| kind.entry.clone()).collect()
    }

    /// Builds an instance of the registered kind with the name `kind`. Returns `None` if no such
    /// kind is registered.
    pub fn decode(&self, kind: &str, knobs: Value) -> Option<Result<Box<R>, serde_json::Error>> {
        Some(self.get(kind)?.make(knobs))
    }
}

/// Declares a catalogue: the modules, the list of entries, and the decoder. The decoder converts a
/// kind and its knobs to a boxed trait object.
///
/// `catalogue! { Ranker { "random" => random::Random, } }` declares the listed modules and several
/// functions. `entries()` and `decode(kind, knobs)` include the kinds in `registry()`.
/// `registration()` is for a type of another crate. If a kind is listed twice, its second match arm
/// is unreachable and the build fails.
#[macro_export]
macro_rules! catalogue {
    ($role:ident { $($kind:literal => $file:ident :: $type:ident,)* }) => {
        $(pub mod $file;)*

        static REGISTRY: $crate::catalogue::Kinds<dyn $role> = $crate::registry::Registry::new(|| vec![$($kind,)*]);

        /// Returns the kinds of other crates. Programs register kinds with `recsafe::registry`.
        /// `recsafe::registry` rejects older names of built-in kinds.
        #[must_use]
        pub fn registry() -> &'static $crate::catalogue::Kinds<dyn $role> {
            &REGISTRY
        }

        /// Returns the registration of a type of another crate, as a kind with the name `id`.
        /// `version` is the version or a digest of the type's code.
        #[must_use]
        pub fn registration<T>(id: &str, version: &str) -> $crate::catalogue::Registration<dyn $role>
        where
            T: $role + $crate::catalogue::Described + 'static,
        {
            let entry = <T as $crate::catalogue::Described>::entry($crate::registry::lasting(id));
            $crate::catalogue::Registration::new(entry, version, |knobs| {
                $crate::catalogue::made::<T>(knobs).map(|made| Box::new(made) as Box<dyn $role>)
            })
        }

        /// Returns the built-in kinds in the order of lists, schema and docs.
        #[must_use]
        pub fn shipped() -> Vec<$crate::catalogue::Entry> {
            vec![$(<$file::$type as $crate::catalogue::Described>::entry($kind),)*]
        }

        /// Returns the built-in kinds, followed by the kinds of other crates in the order of their
        /// ids.
        #[must_use]
        pub fn entries() -> Vec<$crate::catalogue::Entry> {
            let mut entries = shipped();
            entries.extend(REGISTRY.entries());
            entries
        }

        /// Builds an instance of the entry with the name `kind`. Returns `None` if the catalogue
        /// has no such entry. Missing knobs get their defaults, also in inner tables.
        ///
        /// # Errors
        /// Returns an error that names the invalid knob. Settings that passed their checks never
        /// cause an error.
        #[deny(unreachable_patterns)]
        pub fn decode(kind: &str, knobs: ::serde_json::Value) -> Option<Result<Box<dyn $role>, ::serde_json::Error>> {
            match kind {
                $($kind => Some($crate::catalogue::made::<$file::$type>(knobs).map(|made| Box::new(made) as Box<dyn $role>)),)*
                _ => REGISTRY.decode(kind, knobs),
            }
        }
    };
}

/// Builds an instance of an entry from the given knobs. All other knobs get their defaults. For
/// [`catalogue!`](crate::catalogue!).
///
/// # Errors
/// Returns an error that names the invalid knob.
pub fn made<T: crate::setting::Knobs>(knobs: serde_json::Value) -> Result<T, serde_json::Error> {
    T::deserialize(crate::setting::over(crate::setting::json(&T::default()), knobs))
}

/// A catalogue entry in a settings tree: `{ kind = "...", knob = value, ... }`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Chosen {
    /// Name of the entry.
    pub kind: String,
    /// Knobs of the entry; missing knobs get their defaults.
    #[serde(flatten)]
    pub knobs: serde_json::Map<String, serde_json::Value>,
}

impl Chosen {
    /// Returns the entry `kind` with default knobs.
    #[must_use]
    pub fn plain(kind: &str) -> Self {
        Chosen { kind: kind.to_owned(), knobs: serde_json::Map::new() }
    }

    /// Returns the knobs as one JSON value, for the function `decode` of a catalogue.
    #[must_use]
    pub fn knobs(&self) -> serde_json::Value {
        serde_json::Value::Object(self.knobs.clone())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    trait Role: std::fmt::Debug {}

    crate::settings! {
        /// A kind.
        struct Hot {
            /// A knob.
            cooling: f64 = 2.0, 0.0..=9.0, "weeks", "assumed";
            /// Another knob.
            depth: u32 = 3, 0..=9, "posts", "assumed";
        }
    }

    impl Role for Hot {}

    impl Described for Hot {
        const TITLE: &'static str = "Hot";
        const FAMILY: &'static str = "feed";
        const HOOKS: &'static [&'static str] = &["score"];
    }

    fn made_of(knobs: Value) -> Result<Box<dyn Role>, serde_json::Error> {
        Ok(Box::new(serde_json::from_value::<Hot>(knobs)?))
    }

    fn hot(version: &str) -> Registration<dyn Role> {
        Registration::new(Hot::entry("hot"), version, made_of)
    }

    #[test]
    fn a_registered_kind_is_listed_with_its_version_and_made() {
        let kinds: Kinds<dyn Role> = Registry::new(Vec::new);
        assert!(kinds.decode("hot", json!({})).is_none());
        kinds.register(hot("1.0.0")).unwrap();
        let entries = kinds.entries();
        assert_eq!((entries[0].id, entries[0].version, entries[0].knobs.len()), ("hot", Some("1.0.0"), 2));
        let made = kinds.decode("hot", json!({ "depth": 5 })).unwrap().unwrap();
        assert_eq!(format!("{made:?}"), "Hot { cooling: 2.0, depth: 5 }");
    }

    #[test]
    fn a_maker_gets_every_knob_and_none_that_there_is_not() {
        let kind: Registration<dyn Role> = Registration::new(Hot::entry("hot"), "1", |knobs| {
            assert_eq!(knobs, json!({ "cooling": 1.0, "depth": 3 }));
            made_of(knobs)
        });
        kind.make(json!({ "cooling": 1.0 })).unwrap();
        let refused = kind.make(json!({ "coling": 1.0 })).unwrap_err();
        assert_eq!(refused.to_string(), "`hot` has no knob `coling`");
    }

    #[test]
    fn a_kind_is_replaced_only_if_that_is_asked_for() {
        let kinds: Kinds<dyn Role> = Registry::new(Vec::new);
        kinds.register(hot("1")).unwrap();
        assert!(matches!(kinds.register(hot("2")), Err(RegisterError::Registered { .. })));
        kinds.register_anew(hot("2")).unwrap();
        assert_eq!(kinds.entries()[0].version, Some("2"));
    }

    #[test]
    fn a_knob_needs_a_name_that_a_file_can_have_once() {
        let with = |names: &[&'static str]| {
            let mut entry = Hot::entry("hot");
            let knob = entry.knobs.remove(0);
            entry.knobs = names.iter().map(|&name| crate::setting::Field { name, ..knob.clone() }).collect();
            let make = |_| Ok(Box::new(Hot::default()) as Box<dyn Role>);
            Registry::new(Vec::new).register(Registration::<dyn Role>::new(entry, "1", make))
        };
        assert_eq!(with(&["a", "b_2"]), Ok(()));
        for bad in [&["kind"][..], &["a.b"], &["A"], &[""], &["a", "a"]] {
            assert!(matches!(with(bad), Err(RegisterError::Knob { .. })), "{bad:?}");
        }
    }
}
