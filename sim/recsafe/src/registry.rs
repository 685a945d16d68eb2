//! Rankers, interventions and metrics of one's own crate: registered when a program starts, then named in experiment files just as shipped ones
//! are, swept, compared, listed and explained.
//!
//! A program of one's own is three lines: register, then [`crate::cli::main`], which has every command. The example `own_ranker` is one.
//!
//! What is registered has a version, such as that of its crate, or a digest of its code. It is part of the hash of every run that uses it, so that
//! runs of another version do not mix with these: change it whenever a run may come out otherwise. A metric is measured in every run, and is part of the
//! hash of all of them. Names of what comes with the program, older ones among them, are refused, and so is a second version of a name. A notebook that
//! defines its class again asks for that: [`replace`].
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
//!     /// The newest first.
//!     pub struct Newest {
//!         /// Subtracted for each day since a post appeared.
//!         pub per_day: f64 = 1.0, 0.0..=100.0, "score a day", "assumed";
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
//!     fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
//!         let rows = view.observed.posts.rows();
//!         let days = |slot: u32| (request.day - i32::from(rows[slot as usize].day)) as f32;
//!         scores.clear();
//!         scores.extend(candidates.slots.iter().map(|&slot| -(self.per_day as f32) * days(slot)));
//!     }
//! }
//!
//! registry::register_ranker::<Newest>("newest", "1.0.0")?;
//! registry::register_ranker::<Newest>("newest", "1.0.0")?; // the same again is fine
//! assert!(matches!(registry::register_ranker::<Newest>("newest", "2.0.0"), Err(RegisterError::Registered { .. })));
//! assert!(matches!(registry::register_ranker::<Newest>("random", "1.0.0"), Err(RegisterError::Shipped { .. })));
//! registry::replace(recsafe::platform::ranking::registration::<Newest>("newest", "2.0.0"))?;
//! # Ok::<(), RegisterError>(())
//! ```

use recsafe_common::catalogue::Described;
pub use recsafe_common::catalogue::{Entry, Registration};
pub use recsafe_common::registry::{RegisterError, lasting, lasting_words};
use recsafe_common::setting::Knobs;
use recsafe_engine::measure::metrics::{self, Metric};
use recsafe_names::{Names, kind};
use recsafe_platform::interventions::{self, Hook, Intervention, Rollout};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};

/// Registers a ranker of the feed: `feed.ranker = { kind = id }`.
///
/// # Errors
/// If a name, the version or a knob cannot be, or the name is taken.
pub fn register_ranker<T: Ranker + Described + 'static>(id: &str, version: &str) -> Result<(), RegisterError> {
    register(ranking::registration::<T>(id, version))
}

/// Registers a ranker of people suggestions: `people.ranker = { kind = id }`.
///
/// # Errors
/// If a name, the version or a knob cannot be, or the name is taken.
pub fn register_people_ranker<T>(id: &str, version: &str) -> Result<(), RegisterError>
where
    T: PeopleRanker + Described + 'static,
{
    register(people_ranking::registration::<T>(id, version))
}

/// Registers an intervention: `interventions = [{ kind = id }]`.
///
/// # Errors
/// If a name, the version or a knob cannot be, or the name is taken.
pub fn register_intervention<T>(id: &str, version: &str) -> Result<(), RegisterError>
where
    T: Intervention + Described + 'static,
{
    register(interventions::registration::<T>(id, version))
}

/// Registers a metric under the id that it says: every run measures it from now on.
///
/// # Errors
/// If what it says of itself or the version cannot be, or the name is taken.
pub fn register_metric(metric: impl Metric + 'static, version: &str) -> Result<(), RegisterError> {
    register(OwnMetric { metric: Box::new(metric), version: version.to_owned() })
}

/// Registers what may be known at run time only: a [`Registration`] of a kind, or a metric. The same version again changes nothing.
///
/// # Errors
/// If a name, the version or a knob cannot be, or the name is taken.
pub fn register(own: impl Registrable) -> Result<(), RegisterError> {
    own.check(Names::present())?;
    own.add()
}

/// Registers it in the place of what has its name, of whatever version: for notebooks, in which a class is defined again and again. Runs that are
/// under way may go on with either, so replace between runs. Give it another version, or runs of the old one count as runs of this.
///
/// # Errors
/// If a name, the version or a knob cannot be, or the name is that of something that comes with the program.
pub fn replace(own: impl Registrable) -> Result<(), RegisterError> {
    own.check(Names::present())?;
    own.add_anew()
}

/// A metric that is to be registered.
pub struct OwnMetric {
    /// The metric.
    pub metric: Box<dyn Metric>,
    /// The version of its code, or a digest of that.
    pub version: String,
}

/// What can be registered: a [`Registration`] of a ranker, of a ranker of people or of an intervention, and a metric.
pub trait Registrable {
    /// Whether a file could mean something else by one of its names.
    ///
    /// # Errors
    /// Which name that is.
    fn check(&self, names: &Names) -> Result<(), RegisterError>;

    /// Adds it to its catalogue.
    ///
    /// # Errors
    /// If a name, the version or a knob cannot be, or the name is taken.
    fn add(self) -> Result<(), RegisterError>;

    /// Adds it to its catalogue in the place of what has its name.
    ///
    /// # Errors
    /// If a name, the version or a knob cannot be, or the name is that of something that comes with the program.
    fn add_anew(self) -> Result<(), RegisterError>;
}

/// Setting of `feed.ranker` whose table may hold `personalisation`, which stands beside it.
const SHARED_WITH_RANKERS: &str = "personalisation";

/// Writes what can be registered into a catalogue: its role, its module, the kind of its names, and whether a knob's name means something else.
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
            return Ok(()); // nothing is kept twice
        }
        metrics::register(Box::leak(self.metric), &self.version)
    }

    fn add_anew(self) -> Result<(), RegisterError> {
        metrics::register_anew(Box::leak(self.metric), &self.version)
    }
}

/// Refuses a name that the table of names has. Those that are shipped now are refused by their catalogue, in other words.
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
        if present.is_old { format!("`{}`", present.name) } else { "something that there is no more".to_owned() };
    Err(RegisterError::Older { id: id.to_owned(), what })
}

/// Refuses a kind that says it takes part at a hook that there is none of. Rankers take part where scores are made.
fn knows_its_hooks(entry: &Entry) -> Result<(), RegisterError> {
    let is_known = |hook: &str| hook == "score" || Hook::named(hook).is_some();
    match entry.hooks.iter().find(|hook| !is_known(hook)) {
        Some(hook) => {
            Err(RegisterError::Description { id: entry.id.to_owned(), what: format!("there is no hook `{hook}`") })
        }
        None => Ok(()),
    }
}

/// Whether every rule has a knob of this name, or had.
fn every_rule_has(names: &Names, knob: &str) -> bool {
    names.has(&kind::knob("interventions", "*"), knob) || Rollout::fields().iter().any(|field| field.name == knob)
}

fn shared(id: &str, knob: &str) -> RegisterError {
    let what =
        "it would be taken for the setting of this name that all of its kind have: choose another name".to_owned();
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
        Err(serde::de::Error::custom("it is never made"))
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
        assert_eq!(ranker("gone", "a"), older("gone", "something that there is no more"));
        assert_eq!(ranker("random", "a"), Ok(()), "what is shipped now is refused where it is added");
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
