//! Catalogues: the lists in which every ranker, intervention, behaviour or probe script stands on one line.

pub use crate::setting::Entry;

/// What a type says of itself to be listed in a catalogue.
pub trait Described: crate::setting::Knobs {
    /// A short name for people.
    const TITLE: &'static str;
    /// What it belongs with (a surface or a group of rules).
    const FAMILY: &'static str;
    /// The points of the day at which it takes part.
    const HOOKS: &'static [&'static str];

    /// Its line in the catalogue, under the name `id`.
    #[must_use]
    fn entry(id: &'static str) -> Entry {
        Entry {
            id,
            title: Self::TITLE,
            about: Self::ABOUT,
            family: Self::FAMILY,
            hooks: Self::HOOKS,
            knobs: Self::fields(),
        }
    }
}

/// Writes a catalogue: the modules, the list of entries and the decoder from a kind and its knobs to a boxed trait object.
///
/// `catalogue! { Ranker { "random" => random::Random, } }` makes the modules named, `entries()` and `decode(kind, knobs)`.
/// A kind named twice is an unreachable match arm, which fails the build.
#[macro_export]
macro_rules! catalogue {
    ($role:ident { $($kind:literal => $file:ident :: $type:ident,)* }) => {
        $(pub mod $file;)*

        /// The catalogue's lines, in the order in which lists, schema and docs show them.
        #[must_use]
        pub fn entries() -> Vec<$crate::catalogue::Entry> {
            vec![$(<$file::$type as $crate::catalogue::Described>::entry($kind),)*]
        }

        /// Makes the entry called `kind` with these knobs; knobs left out, inside of tables too, keep their defaults. `None` if there is no
        /// such kind.
        ///
        /// # Errors
        /// Says which knob does not fit, if one does not; checked settings never fail here.
        #[deny(unreachable_patterns)]
        pub fn decode(kind: &str, knobs: ::serde_json::Value) -> Option<Result<Box<dyn $role>, ::serde_json::Error>> {
            match kind {
                $($kind => Some($crate::catalogue::made::<$file::$type>(knobs).map(|made| Box::new(made) as Box<dyn $role>)),)*
                _ => None,
            }
        }
    };
}

/// An entry with these knobs over its defaults; used by [`catalogue!`](crate::catalogue!).
///
/// # Errors
/// Says which knob does not fit, if one does not.
pub fn made<T: crate::setting::Knobs>(knobs: serde_json::Value) -> Result<T, serde_json::Error> {
    T::deserialize(crate::setting::over(crate::setting::json(&T::default()), knobs))
}

/// A catalogue's entry as a settings tree holds it: `{ kind = "...", knob = value, ... }`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Chosen {
    /// Which entry.
    pub kind: String,
    /// Its knobs; those left out keep their defaults.
    #[serde(flatten)]
    pub knobs: serde_json::Map<String, serde_json::Value>,
}

impl Chosen {
    /// The entry `kind` with default knobs.
    #[must_use]
    pub fn plain(kind: &str) -> Self {
        Chosen { kind: kind.to_owned(), knobs: serde_json::Map::new() }
    }

    /// Its knobs as one JSON value, for a catalogue's `decode`.
    #[must_use]
    pub fn knobs(&self) -> serde_json::Value {
        serde_json::Value::Object(self.knobs.clone())
    }
}
