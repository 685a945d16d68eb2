//! Subjects of the checks: their descriptions and constructors.

use recsafe_common::catalogue::{Described, Entry};
use recsafe_platform::interventions::{self, Intervention};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};
use serde_json::{Map, Value as Json};

type Made<T> = Result<Box<T>, serde_json::Error>;

/// A ranker or an intervention to check. The subject need not be in a catalogue. `T` is `dyn
/// Ranker`, `dyn PeopleRanker` or `dyn Intervention`.
pub struct Subject<T: ?Sized> {
    /// Description of the subject.
    pub entry: Entry,
    make: Box<dyn Fn(Json) -> Made<T> + Send + Sync>,
}

impl<T: ?Sized + 'static> Subject<T> {
    /// Creates a subject from its description and its constructor. Missing knobs keep their
    /// defaults.
    pub fn new(entry: Entry, make: impl Fn(Json) -> Made<T> + Send + Sync + 'static) -> Self {
        Subject { entry, make: Box::new(make) }
    }

    /// Returns the subjects of a catalogue, given its entries and its decoder.
    pub fn listed(entries: Vec<Entry>, decode: fn(&str, Json) -> Option<Made<T>>) -> impl Iterator<Item = Self> {
        entries.into_iter().map(move |entry| {
            let id = entry.id;
            let unlisted = move || serde::de::Error::custom(format!("the catalogue has no `{id}`"));
            Subject::new(entry, move |knobs| decode(id, knobs).unwrap_or_else(|| Err(unlisted())))
        })
    }
}

impl<T: ?Sized> Subject<T> {
    /// Creates an instance with these knobs.
    pub(super) fn make(&self, knobs: &Map<String, Json>) -> Result<Box<T>, String> {
        (self.make)(Json::Object(knobs.clone())).map_err(|error| format!("with {}: {error}", Json::from(knobs.clone())))
    }

    /// Creates an instance with default knobs.
    pub(super) fn plain(&self) -> Result<Box<T>, String> {
        self.make(&Map::new())
    }
}

macro_rules! subjects_that_types_are {
    ($($role:ident: $catalogue:ident),*) => { $(
        impl Subject<dyn $role> {
            /// Creates the subject of a type.
            #[must_use]
            pub fn of<T: $role + Described + 'static>(id: &'static str) -> Self {
                Subject::new(T::entry(id), |knobs| Ok(Box::new(serde_json::from_value::<T>(knobs)?) as Box<dyn $role>))
            }

            /// Returns the catalogue entry called `id`, built-in or registered, or `None` if there
            /// is none.
            #[must_use]
            pub fn named(id: &str) -> Option<Self> {
                Subject::listed($catalogue::entries(), $catalogue::decode).find(|subject| subject.entry.id == id)
            }
        }
    )* };
}

subjects_that_types_are!(Ranker: ranking, PeopleRanker: people_ranking, Intervention: interventions);
