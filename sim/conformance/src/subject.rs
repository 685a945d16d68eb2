//! What is checked: how it describes itself, and how one is made.

use recsafe_common::catalogue::{Described, Entry};
use recsafe_platform::interventions::{self, Intervention};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};
use serde_json::{Map, Value as Json};

type Made<T> = Result<Box<T>, serde_json::Error>;

/// A ranker or an intervention to be checked, in a catalogue or not. `T`: `dyn Ranker`, `dyn PeopleRanker` or `dyn Intervention`.
pub struct Subject<T: ?Sized> {
    /// What it says of itself.
    pub entry: Entry,
    make: Box<dyn Fn(Json) -> Made<T> + Send + Sync>,
}

impl<T: ?Sized + 'static> Subject<T> {
    /// What `entry` describes and `make` makes of its knobs; knobs left out keep their defaults.
    pub fn new(entry: Entry, make: impl Fn(Json) -> Made<T> + Send + Sync + 'static) -> Self {
        Subject { entry, make: Box::new(make) }
    }

    /// The subjects of a catalogue: its lines and its decoder.
    pub fn listed(entries: Vec<Entry>, decode: fn(&str, Json) -> Option<Made<T>>) -> impl Iterator<Item = Self> {
        entries.into_iter().map(move |entry| {
            let id = entry.id;
            let unlisted = move || serde::de::Error::custom(format!("the catalogue has no `{id}`"));
            Subject::new(entry, move |knobs| decode(id, knobs).unwrap_or_else(|| Err(unlisted())))
        })
    }
}

impl<T: ?Sized> Subject<T> {
    /// One with these knobs.
    pub(super) fn make(&self, knobs: &Map<String, Json>) -> Result<Box<T>, String> {
        (self.make)(Json::Object(knobs.clone())).map_err(|error| format!("with {}: {error}", Json::from(knobs.clone())))
    }

    /// One with no knob set.
    pub(super) fn plain(&self) -> Result<Box<T>, String> {
        self.make(&Map::new())
    }
}

macro_rules! subjects_that_types_are {
    ($($role:ident: $catalogue:ident),*) => { $(
        impl Subject<dyn $role> {
            /// What a type is, and says of itself.
            #[must_use]
            pub fn of<T: $role + Described + 'static>(id: &'static str) -> Self {
                Subject::new(T::entry(id), |knobs| Ok(Box::new(serde_json::from_value::<T>(knobs)?) as Box<dyn $role>))
            }

            /// What its catalogue has as `id`, shipped or registered; none if it has nothing of that name.
            #[must_use]
            pub fn named(id: &str) -> Option<Self> {
                Subject::listed($catalogue::entries(), $catalogue::decode).find(|subject| subject.entry.id == id)
            }
        }
    )* };
}

subjects_that_types_are!(Ranker: ranking, PeopleRanker: people_ranking, Intervention: interventions);
