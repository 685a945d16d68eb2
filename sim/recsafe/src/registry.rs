//! Registration of custom rankers, interventions and metrics.
//!
//! A program registers its additions when it starts. Experiment files can then use the additions in
//! the same way as shipped entries. Sweeps, comparisons, `recsafe list` and `recsafe explain`
//! include the additions. To offer all commands of `recsafe`, the program calls
//! [`crate::cli::main`], as in the example `own_ranker`.
//!
//! Each registration has a version, for example the version of the crate or a digest of the code.
//! The version is part of the hash of every run that uses the ranker or intervention, so runs of
//! different versions are never mixed. Change the version whenever results can change. Metrics are
//! measured in every run, so the version of a metric is part of the hash of all runs.
//!
//! The current and the older names of shipped rankers, interventions and metrics are refused. A
//! second version of a registered name is refused too. To redefine a name, as notebooks do, call
//! [`replace`].
//!
//! ```
//! use recsafe::catalogue::Described;
//! use recsafe::platform::candidates::Candidates;
//! use recsafe::platform::ranking::Ranker;
//! use recsafe::platform::{Request, View};
//! use recsafe::registry::{self, RegisterError};
//! use recsafe::settings;
//!
//! settings! {
//!     /// Ranks posts by age, newest first.
//!     pub struct Newest {
//!         /// Score that a post loses per day since it appeared.
//!         pub per_day: f64 = 1.0, 0.0..=100.0, "score per day", "assumed";
//!     }
//! }
//!
//! impl Described for Newest {
//!     const TITLE: &'static str = "Newest first";
//!     const FAMILY: &'static str = "feed";
//!     const HOOKS: &'static [&'static str] = &["score"];
//! }
//!
//! impl Ranker for Newest {
//!     fn score(
//!         &self,
//!         request: &Request,
//!         view: &View,
//!         candidates: &Candidates,
//!         scores: &mut Vec<f32>,
//!     ) {
//!         let rows = view.observed.posts.rows();
//!         let days = |index: u32| (request.day - i32::from(rows[index as usize].day)) as f32;
//!         let score = |&index: &u32| -(self.per_day as f32) * days(index);
//!         scores.clear();
//!         scores.extend(candidates.post_indices.iter().map(score));
//!     }
//! }
//!
//! registry::register_ranker::<Newest>("newest", "1.0.0")?;
//! registry::register_ranker::<Newest>("newest", "1.0.0")?; // the same version again is allowed
//! let other_version = registry::register_ranker::<Newest>("newest", "2.0.0");
//! assert!(matches!(other_version, Err(RegisterError::Registered { .. })));
//! let shipped = registry::register_ranker::<Newest>("random", "1.0.0");
//! assert!(matches!(shipped, Err(RegisterError::Shipped { .. })));
//! registry::replace(recsafe::platform::ranking::registration::<Newest>("newest", "2.0.0"))?;
//! # Ok::<(), RegisterError>(())
//! ```

use recsafe_common::catalogue::Described;
pub use recsafe_common::catalogue::{Entry, Registration};
pub use recsafe_common::registry::{RegisterError, lasting, lasting_words};
use recsafe_common::setting::Knobs;
use recsafe_engine::measure::metrics::{self, Metric};
use recsafe_names::{Names, kind};
use recsafe_platform::interventions::{self, Hook, Intervention, Targeting};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};

/// Registers a feed ranker for `feed.ranker = { kind = id }`.
///
/// # Errors
/// Returns an error if a name, the version or a knob is not valid, or if the name is in use.
pub fn register_ranker<T: Ranker + Described + 'static>(id: &str, version: &str) -> Result<(), RegisterError> {
    register(ranking::registration::<T>(id, version))
}

/// Registers a ranker of people suggestions for `people.ranker = { kind = id }`.
///
/// # Errors
/// Returns an error if a name, the version or a knob is not valid, or if the name is in use.
pub fn register_people_ranker<T>(id: &str, version: &str) -> Result<(), RegisterError>
where
    T: PeopleRanker + Described + 'static,
{
    register(people_ranking::registration::<T>(id, version))
}

/// Registers an intervention for `interventions = [{ kind = id }]`.
///
/// # Errors
/// Returns an error if a name, the version or a knob is not valid, or if the name is in use.
pub fn register_intervention<T>(id: &str, version: &str) -> Result<(), RegisterError>
where
    T: Intervention + Described + 'static,
{
    register(interventions::registration::<T>(id, version))
}

/// Registers a metric under the id in its [`Info`](metrics::Info). All later runs measure the
/// metric.
///
/// # Errors
/// Returns an error if the description or the version of the metric is not valid, or if the name is
/// in use.
pub fn register_metric(metric: impl Metric + 'static, version: &str) -> Result<(), RegisterError> {
    register(OwnMetric { metric: Box::new(metric), version: version.to_owned() })
}

/// Registers a value that was built at run time: a [`Registration`] or an [`OwnMetric`].
///
/// Registering the same version again has no effect.
///
/// # Errors
/// Returns an error if a name, the version or a knob is not valid, or if the name is in use.
pub fn register(own: impl Registrable) -> Result<(), RegisterError> {
    own.check(Names::present())?;
    own.add()
}

/// Registers a ranker, intervention or metric, and replaces an earlier registration of any version.
///
/// This function is for notebooks, where a class is often redefined. Do not replace a definition
/// during a run, because the run can use either definition. Give the new definition a new version.
/// Otherwise, runs of the old definition are treated as runs of the new definition.
///
/// # Errors
/// Returns an error if a name, the version or a knob is not valid, or if a shipped entry of
/// the same kind has the name.
pub fn replace(own: impl Registrable) -> Result<(), RegisterError> {
    own.check(Names::present())?;
    own.add_anew()
}

/// A metric to register.
pub struct OwnMetric {
    /// The metric.
    pub metric: Box<dyn Metric>,
    /// The version of the metric's code, or a digest of the code.
    pub version: String,
}

/// A value that can be registered: a [`Registration`] of a feed ranker, a people ranker or an
/// intervention, or an [`OwnMetric`].
pub trait Registrable {
    /// Checks that no name already has another meaning in experiment files.
    ///
    /// # Errors
    /// Returns an error with the ambiguous name.
    fn check(&self, names: &Names) -> Result<(), RegisterError>;

    /// Adds the value to its catalogue.
    ///
    /// # Errors
    /// Returns an error if a name, the version or a knob is not valid, or if the name is in use.
    fn add(self) -> Result<(), RegisterError>;

    /// Adds the value to its catalogue, and replaces an earlier registration of the name.
    ///
    /// # Errors
    /// Returns an error if a name, the version or a knob is not valid, or if a shipped entry
    /// of the same kind has the name.
    fn add_anew(self) -> Result<(), RegisterError>;
}

/// A setting of the feed that the table of `feed.ranker` can also contain. A ranker's knob with the
/// same name would be ambiguous.
const SHARED_WITH_RANKERS: &str = "personalisation";

/// Implements [`Registrable`] for each row. A row lists the registered trait, the module of its
/// catalogue, and the kind of the catalogue's names in the table of names. The last argument is a
/// function that returns whether a knob's name is in use.
macro_rules! registrable {
    ($($role:ident: $catalogue:ident, $kind:expr, $is_taken:expr;)*) => { $(
        impl Registrable for Registration<dyn $role> {
            fn check(&self, names: &Names) -> Result<(), RegisterError> {
                let Entry { id, knobs, .. } = self.entry();
                not_an_older_name(names, &$kind, id, $catalogue::shipped().iter().map(|entry| entry.id))?;
                knows_its_hooks(self.entry())?;
                let is_taken: fn(&Names, &str) -> bool = $is_taken;
                match knobs.iter().find(|knob| is_taken(names, knob.name)) {
                    Some(knob) => Err(shared(id, knob.name)),
                    None => Ok(()),
                }
            }

            fn add(self) -> Result<(), RegisterError> {
                $catalogue::registry().register(self)
            }

            fn add_anew(self) -> Result<(), RegisterError> {
                $catalogue::registry().register_anew(self)
            }
        }
    )* };
}

registrable! {
    Ranker: ranking, kind::entry("feed.ranker"), |_, knob| knob == SHARED_WITH_RANKERS;
    PeopleRanker: people_ranking, kind::entry("people.ranker"), |_, _| false;
    Intervention: interventions, kind::INTERVENTION, every_rule_has;
}

impl Registrable for OwnMetric {
    fn check(&self, names: &Names) -> Result<(), RegisterError> {
        let shipped = metrics::shipped();
        not_an_older_name(names, kind::METRIC, self.metric.info().id, shipped.iter().map(|metric| metric.info().id))
    }

    fn add(self) -> Result<(), RegisterError> {
        if metrics::registry().version(self.metric.info().id) == Some(&self.version) {
            return Ok(()); // `Box::leak` would leak the same metric again
        }
        metrics::register(Box::leak(self.metric), &self.version)
    }

    fn add_anew(self) -> Result<(), RegisterError> {
        metrics::register_anew(Box::leak(self.metric), &self.version)
    }
}

/// Refuses an older name from the table of names. The catalogue refuses current names, with a
/// different message.
fn not_an_older_name<'a>(
    names: &Names,
    kind: &str,
    id: &str,
    mut shipped: impl Iterator<Item = &'a str>,
) -> Result<(), RegisterError> {
    if !names.has(kind, id) || shipped.any(|name| name == id) {
        return Ok(());
    }
    let present = names.resolve(kind, id);
    let what =
        if present.is_old { format!("`{}`", present.name) } else { "something that no longer exists".to_owned() };
    Err(RegisterError::Older { id: id.to_owned(), what })
}

/// Refuses an entry that declares an unknown hook. The hook of a ranker is `score`.
fn knows_its_hooks(entry: &Entry) -> Result<(), RegisterError> {
    let is_known = |hook: &str| hook == "score" || Hook::named(hook).is_some();
    match entry.hooks.iter().find(|hook| !is_known(hook)) {
        Some(hook) => {
            Err(RegisterError::Description { id: entry.id.to_owned(), what: format!("there is no hook `{hook}`") })
        }
        None => Ok(()),
    }
}

/// Returns whether all interventions have a knob with this current or older name.
fn every_rule_has(names: &Names, knob: &str) -> bool {
    names.has(&kind::knob("interventions", "*"), knob) || Targeting::fields().iter().any(|field| field.name == knob)
}

fn shared(id: &str, knob: &str) -> RegisterError {
    let what = "every entry of this kind already has a setting with this name: choose another name".to_owned();
    RegisterError::Knob { id: id.to_owned(), knob: knob.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use recsafe_common::setting::{Bounds, Field, Shape};
    use recsafe_engine::measure::metrics::Info;

    use super::*;

    fn names() -> Names {
        Names::parse(
            "kind,id,name,older\nentry:feed.ranker,random,by-luck,any\nentry:feed.ranker,gone,,\nmetric,dose,exposure,harm-dose\n\
             knob:interventions.*,population,audience,\n",
        )
        .unwrap()
    }

    fn entry(id: &'static str, knob: &'static str) -> Entry {
        let knob = Field {
            name: knob,
            about: "A knob.",
            shape: Shape::Number,
            meanings: &[],
            bounds: Bounds { low: 0.0, high: 1.0 },
            unit: "share",
            source: "assumed",
            default: 0.5.into(),
            for_checks: false,
        };
        Entry {
            id,
            title: "Own",
            about: "A test.",
            family: "feed",
            hooks: &["score"],
            knobs: vec![knob],
            version: None,
        }
    }

    fn never<T: ?Sized>(_: serde_json::Value) -> Result<Box<T>, serde_json::Error> {
        Err(serde::de::Error::custom("never constructed"))
    }

    fn ranker(id: &'static str, knob: &'static str) -> Result<(), RegisterError> {
        Registration::<dyn Ranker>::new(entry(id, knob), "1", never).check(&names())
    }

    fn rule(knob: &'static str) -> Result<(), RegisterError> {
        Registration::<dyn Intervention>::new(entry("own", knob), "1", never).check(&names())
    }

    struct Named(&'static str);

    impl Metric for Named {
        fn info(&self) -> &'static Info {
            Box::leak(Box::new(Info { id: self.0, ..Info::BASE }))
        }
    }

    #[test]
    fn older_names_are_refused_and_say_of_what() {
        let older = |id: &str, what: &str| Err(RegisterError::Older { id: id.to_owned(), what: what.to_owned() });
        assert_eq!(ranker("hot", "a"), Ok(()));
        assert_eq!(ranker("any", "a"), older("any", "`by-luck`"));
        assert_eq!(ranker("gone", "a"), older("gone", "something that no longer exists"));
        assert_eq!(ranker("random", "a"), Ok(()), "`add` refuses shipped names");
        let metric = |id| OwnMetric { metric: Box::new(Named(id)), version: "1".to_owned() }.check(&names());
        assert_eq!((metric("own"), metric("harm-dose")), (Ok(()), older("harm-dose", "`exposure`")));
    }

    #[test]
    fn a_knob_that_all_of_a_kind_have_is_refused() {
        for (refused, knob) in [
            (ranker("hot", "personalisation"), "personalisation"),
            (rule("coverage"), "coverage"),
            (rule("audience"), "audience"),
            (rule("population"), "population"),
        ] {
            assert!(matches!(&refused, Err(RegisterError::Knob { knob: found, .. }) if found == knob), "{refused:?}");
        }
        assert_eq!((rule("personalisation"), ranker("hot", "coverage")), (Ok(()), Ok(())));
    }
}
