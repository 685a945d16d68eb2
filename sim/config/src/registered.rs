//! Kinds and metrics that other crates register. The versions of these kinds and metrics are part
//! of the hash of a run, so runs with different versions are not mixed. If nothing is registered,
//! hashes do not change.

use std::collections::BTreeSet;

use recsafe_platform::interventions;
use recsafe_platform::ranking;
use recsafe_platform::settings::PolicySettings;
use recsafe_platform::suggestions::ranking as people_ranking;
use recsafe_scenario::KnownMetric;
use serde_json::{Map, Value as Json};

use crate::manifest::Manifest;

/// Key of the versions of kinds. The key is stored next to the settings of a policy.
pub const REGISTERED: &str = "registered";

/// Key of the versions of metrics. The key is stored next to the settings of `[output]`. Every run
/// measures all registered metrics.
pub const METRICS: &str = "metrics";

/// Advice for an unknown name. Perhaps another crate must register the name.
pub const HELP: &str =
    "names from other crates must be registered by the program that reads the file: docs/extend-it.md";

/// Catalogues that other crates can extend, by their keys in the settings of a run.
const RANKERS: &str = "rankers";
const PEOPLE_RANKERS: &str = "people_rankers";
const INTERVENTIONS: &str = "interventions";

/// Returns the version of the registered kind `id` in a catalogue.
fn version(catalogue: &str, id: &str) -> Option<&'static str> {
    match catalogue {
        RANKERS => ranking::registry().version(id),
        PEOPLE_RANKERS => people_ranking::registry().version(id),
        INTERVENTIONS => interventions::registry().version(id),
        _ => None,
    }
}

/// Returns whether no ranker, people ranker or intervention is registered.
#[must_use]
pub fn is_nothing_registered() -> bool {
    ranking::registry().is_empty() && people_ranking::registry().is_empty() && interventions::registry().is_empty()
}

/// Returns the versions of the registered kinds that a policy uses, by catalogue and id.
#[must_use]
pub fn versions(policy: &PolicySettings) -> Map<String, Json> {
    let mut found = Map::new();
    if is_nothing_registered() {
        return found;
    }
    let (feed, people) = (&policy.feed.ranker.0, &policy.people.ranker.0);
    let rules = policy.interventions.iter();
    let mut used = BTreeSet::from([(RANKERS, feed.kind.as_str()), (PEOPLE_RANKERS, people.kind.as_str())]);
    used.extend(rules.clone().map(|rule| (INTERVENTIONS, rule.kind.as_str())));
    for value in rules.chain([feed, people]).flat_map(|chosen| chosen.knobs.values()) {
        kinds_inside(value, &mut used);
    }
    for catalogue in [RANKERS, PEOPLE_RANKERS, INTERVENTIONS] {
        let of_it = used.iter().filter(|(key, _)| *key == catalogue);
        let of_it = of_it.filter_map(|(_, id)| Some(((*id).to_owned(), version(catalogue, id)?.into())));
        let of_it: Map<String, Json> = of_it.collect();
        if !of_it.is_empty() {
            found.insert(catalogue.to_owned(), of_it.into());
        }
    }
    found
}

/// Adds the kinds in a knob, such as the ranker of an intervention. The surface of a ranker in a
/// knob is unknown, so the ranker is looked up in both catalogues of rankers.
fn kinds_inside<'a>(value: &'a Json, used: &mut BTreeSet<(&'static str, &'a str)>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| kinds_inside(item, used)),
        Json::Object(table) => {
            if let Some(kind) = table.get("kind").and_then(Json::as_str) {
                used.extend([(RANKERS, kind), (PEOPLE_RANKERS, kind)]);
            }
            table.values().for_each(|inner| kinds_inside(inner, used));
        }
        _ => {}
    }
}

/// Returns catalogue, id and version of the registered kinds in the JSON of a policy.
fn kept(policy: &Json) -> impl Iterator<Item = (&str, &str, &str)> {
    let catalogues = policy.get(REGISTERED).and_then(Json::as_object).into_iter().flatten();
    catalogues.flat_map(|(catalogue, kinds)| {
        let kinds = kinds.as_object().into_iter().flatten();
        kinds.map(move |(id, version)| (catalogue.as_str(), id.as_str(), version.as_str().unwrap_or_default()))
    })
}

/// Returns the registered kinds and metrics that the runs of a folder used: name and version of
/// each, sorted by name.
#[must_use]
pub fn of_folder(manifest: &Manifest) -> Vec<String> {
    let kinds = manifest.arms.iter().flat_map(|arm| kept(&arm.settings)).map(|(_, id, version)| (id, version));
    let metrics = manifest.metrics.iter().filter_map(|metric| Some((metric.id.as_str(), metric.version.as_deref()?)));
    let all: BTreeSet<(&str, &str)> = kinds.chain(metrics).collect();
    all.into_iter().map(|(id, version)| format!("{id} {version}")).collect()
}

/// Describes the registered kinds that a run used, if they are missing in this program or have
/// another version. `policy` is the JSON of the run's policy. Returns `None` if this program has
/// all kinds.
#[must_use]
pub fn lacking(policy: &Json) -> Option<String> {
    let lacking = kept(policy).filter_map(|(catalogue, id, made_with)| {
        let present = version(catalogue, id);
        let here = present.map_or("which is not registered in this program".to_owned(), |version| {
            format!("but this program has version {version}")
        });
        (present != Some(made_with)).then(|| format!("it used `{id}` version {made_with}, {here}"))
    });
    let sentences: Vec<String> = lacking.collect();
    (!sentences.is_empty()).then(|| sentences.join("; "))
}

/// Returns the versions of the registered metrics among `metrics`, by id.
#[must_use]
pub fn versions_of_metrics(metrics: &[KnownMetric]) -> Map<String, Json> {
    let version = |metric: &KnownMetric| Some((metric.facts.id.clone(), metric.facts.version.clone()?.into()));
    let mut found: Vec<(String, Json)> = metrics.iter().filter_map(version).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().collect()
}
