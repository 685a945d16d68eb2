//! Kinds and metrics of other crates among what decides a run: their versions are part of its hash, so that runs of another version do not mix
//! with these. Where nothing is registered nothing is said, and no hash moves.

use std::collections::BTreeSet;

use recsafe_platform::interventions;
use recsafe_platform::ranking;
use recsafe_platform::settings::PolicySettings;
use recsafe_platform::suggestions::ranking as people_ranking;
use recsafe_scenario::KnownMetric;
use serde_json::{Map, Value as Json};

use crate::manifest::Manifest;

/// The key beside the settings of a policy under which the versions stand.
pub const REGISTERED: &str = "registered";

/// The key beside the settings of `[output]` under which the versions of metrics stand: every run measures all that are registered.
pub const METRICS: &str = "metrics";

/// What to do where a name is not known, which a crate that was not asked may have.
pub const HELP: &str =
    "what another crate has must be registered by the program that reads the file: docs/extend-it.md";

/// Catalogues that others may add to, under the keys that a run's settings have for them.
const RANKERS: &str = "rankers";
const PEOPLE_RANKERS: &str = "people_rankers";
const INTERVENTIONS: &str = "interventions";

/// The version of what is registered as `id` in the catalogue that has this key.
fn version(catalogue: &str, id: &str) -> Option<&'static str> {
    match catalogue {
        RANKERS => ranking::registry().version(id),
        PEOPLE_RANKERS => people_ranking::registry().version(id),
        INTERVENTIONS => interventions::registry().version(id),
        _ => None,
    }
}

/// Whether this program has no ranker, ranker of people or intervention of another crate.
#[must_use]
pub fn is_nothing_registered() -> bool {
    ranking::registry().is_empty() && people_ranking::registry().is_empty() && interventions::registry().is_empty()
}

/// The versions of the registered kinds that a policy uses, by catalogue and id; empty if it uses none.
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

/// Kinds that stand in a knob, such as the ranker of a rule. A knob does not say of which surface its ranker is: either counts.
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

/// The kinds, by catalogue, id and version, that JSON of a policy has.
fn kept(policy: &Json) -> impl Iterator<Item = (&str, &str, &str)> {
    let catalogues = policy.get(REGISTERED).and_then(Json::as_object).into_iter().flatten();
    catalogues.flat_map(|(catalogue, kinds)| {
        let kinds = kinds.as_object().into_iter().flatten();
        kinds.map(move |(id, version)| (catalogue.as_str(), id.as_str(), version.as_str().unwrap_or_default()))
    })
}

/// What the runs of a folder were made with that other crates registered: name and version of each, in the order of names.
#[must_use]
pub fn of_folder(manifest: &Manifest) -> Vec<String> {
    let kinds = manifest.arms.iter().flat_map(|arm| kept(&arm.settings)).map(|(_, id, version)| (id, version));
    let metrics = manifest.metrics.iter().filter_map(|metric| Some((metric.id.as_str(), metric.version.as_deref()?)));
    let all: BTreeSet<(&str, &str)> = kinds.chain(metrics).collect();
    all.into_iter().map(|(id, version)| format!("{id} {version}")).collect()
}

/// The kinds that a run was made with, by the JSON of its policy, and that this program does not have in that version: a sentence; none if it
/// has all.
#[must_use]
pub fn lacking(policy: &Json) -> Option<String> {
    let lacking = kept(policy).filter_map(|(catalogue, id, made_with)| {
        let present = version(catalogue, id);
        let here = present.map_or("here it is not registered".to_owned(), |version| format!("here it is {version}"));
        (present != Some(made_with)).then(|| format!("it was made with `{id}` {made_with}, {here}"))
    });
    let sentences: Vec<String> = lacking.collect();
    (!sentences.is_empty()).then(|| sentences.join("; "))
}

/// The versions of the registered ones among some metrics, by id.
#[must_use]
pub fn versions_of_metrics(metrics: &[KnownMetric]) -> Map<String, Json> {
    let version = |metric: &KnownMetric| Some((metric.facts.id.clone(), metric.facts.version.clone()?.into()));
    let mut found: Vec<(String, Json)> = metrics.iter().filter_map(version).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().collect()
}
