//! Checks that compare several settings: sums of shares, lengths of lists, and unique names.

use recsafe_import as import;
use serde_json::Value as Json;

use crate::layers::Layers;
use crate::names::{NAMING, is_good};
use crate::problem::{Problem, Problems};

/// Tolerance in comparisons of sums of decimal fractions.
const SLACK: f64 = 1e-9;

/// Checks whether the settings of one resolved set are consistent.
pub fn check(layers: &Layers, problems: &mut Problems) {
    at_most_one(layers, &["population.minors", "population.predators", "population.bots.share"], problems);
    at_most_one(layers, &["behavior.intents.seller", "behavior.intents.buyer"], problems);
    at_most_one(layers, &["behavior.contact.refuse", "behavior.contact.block"], problems);
    adds_to_one(layers, "population.minor_age_bands", 3, problems);
    adds_to_one(layers, "population.accepts_messages_from", 3, problems);
    has_length(layers, "behavior.contact.accept_bands", 3, problems);
    for table in ["declared_under_13", "declared_13_15", "declared_16_17"] {
        adds_to_one(layers, &format!("population.{table}"), 4, problems);
    }
    for pair in [
        "content.borderline_severity",
        "content.harm_share_harmful_creators",
        "content.harm_share_others",
        "behavior.curiosity",
        "behavior.aversion",
    ] {
        has_length(layers, pair, 2, problems);
    }
    let number = |path: &str| layers.get(path).and_then(Json::as_f64).unwrap_or(0.0);
    if number("harm.severe") < number("harm.threshold") {
        let message = format!(
            "`harm.severe` ({}) must not be below `harm.threshold` ({})",
            number("harm.severe"),
            number("harm.threshold")
        );
        report(layers, &["harm.severe", "harm.threshold"], message, problems);
    }
    if sum(layers
        .get("feed.quotas")
        .into_iter()
        .flat_map(|quotas| quotas.as_object().into_iter().flat_map(|table| table.values())))
        <= 0.0
    {
        report(layers, &["feed.quotas"], "at least one quota in `feed.quotas` must be above 0".to_owned(), problems);
    }
    niches(layers, problems);
    for setting in [import::GRAPH, import::INTERACTIONS] {
        file(layers, setting, problems);
    }
}

/// If a table describes a file, checks that the table contains the path of the file.
fn file(layers: &Layers, setting: &str, problems: &mut Problems) {
    let path = format!("{setting}.file");
    let named = layers.get(&path).and_then(Json::as_str);
    if named == Some("") || (named.is_none() && layers.is_set_inside(setting)) {
        report(layers, &[setting], format!("`{setting}` needs a `file`"), problems);
    }
}

/// Rounds a sum of decimal fractions for display.
fn rounded(total: f64) -> f64 {
    (total * 1e6).round() / 1e6
}

fn sum<'a>(numbers: impl Iterator<Item = &'a Json>) -> f64 {
    numbers.filter_map(Json::as_f64).sum()
}

/// Adds a problem at the first path that is set.
fn report(layers: &Layers, paths: &[&str], message: String, problems: &mut Problems) {
    let origin = || paths.iter().find_map(|path| layers.origin(path));
    match paths.iter().find_map(|path| layers.location(path)).or_else(origin) {
        Some(location) => problems.add(Problem::at(location, message, "set here")),
        None => problems.add(Problem::of(message)),
    }
}

fn at_most_one(layers: &Layers, paths: &[&str], problems: &mut Problems) {
    let total = sum(paths.iter().filter_map(|path| layers.get(path)));
    if total > 1.0 + SLACK {
        let names = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" and ");
        report(layers, paths, format!("the sum of {names} must be at most 1, but is {}", rounded(total)), problems);
    }
}

fn items<'a>(layers: &'a Layers, path: &str) -> &'a [Json] {
    layers.get(path).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn has_length(layers: &Layers, path: &str, length: usize, problems: &mut Problems) {
    let found = items(layers, path).len();
    if found != length {
        report(layers, &[path], format!("`{path}` must have {length} numbers, but has {found}"), problems);
    }
}

fn adds_to_one(layers: &Layers, path: &str, length: usize, problems: &mut Problems) {
    has_length(layers, path, length, problems);
    let total = sum(items(layers, path).iter());
    if (total - 1.0).abs() > 1e-6 {
        report(
            layers,
            &[path],
            format!("the shares in `{path}` must add up to 1, but add up to {}", rounded(total)),
            problems,
        );
    }
}

/// Maximum number of niches in a world.
const MOST_NICHES: usize = recsafe_common::topics::MOST_NICHES;

fn niches(layers: &Layers, problems: &mut Problems) {
    let path = "content.niche";
    let niches = items(layers, path);
    if niches.len() > MOST_NICHES {
        report(
            layers,
            &[path],
            format!("a world can have at most {MOST_NICHES} niches, but `{path}` has {}", niches.len()),
            problems,
        );
    }
    let total = sum(niches.iter().filter_map(|niche| niche.get("creators")));
    if total > 1.0 + SLACK {
        let message = format!(
            "the values of `creators` of all niches must add up to at most 1, but add up to {}",
            rounded(total)
        );
        report(layers, &[path], message, problems);
    }
    for number in 0..niches.len() {
        niche(layers, niches, number, problems);
    }
}

fn niche(layers: &Layers, niches: &[Json], number: usize, problems: &mut Problems) {
    let name = |niche: &Json| niche.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
    let at = |key: &str| format!("content.niche.{number}.{key}");
    let own = name(&niches[number]);
    if !is_good(&own) {
        let message = format!("niche {} needs a `name`: {NAMING}", number + 1);
        report(layers, &[&at("name")], message, problems);
    } else if niches[..number].iter().any(|other| name(other) == own) {
        report(layers, &[&at("name")], format!("two niches are called `{own}`"), problems);
    }
    if niches[number].get("severity").and_then(Json::as_array).is_some_and(|parameters| parameters.len() != 2) {
        report(layers, &[&at("severity")], format!("`severity` of niche `{own}` must have 2 numbers"), problems);
    }
}
