//! The JSON Schema of the experiment file, for editors: made from the same table as everything else.

use recsafe_common::catalogue::Entry;
use recsafe_common::setting::{Bounds, Field, Knobs, Shape};
use recsafe_people::behavior::probes;
use recsafe_platform::interventions::{self, Rollout};
use recsafe_stats::design::Method;
use serde_json::{Map, Value as Json, json};

use crate::table::{self, Side};

const NAME: &str = "^[a-z0-9][a-z0-9._-]{0,99}$";

/// The schema (draft 2020-12).
#[must_use]
pub fn schema() -> Json {
    let mut properties = Map::new();
    for section in table::sections() {
        let mut made = object(&(section.fields)(), &[]);
        made["description"] = crate::explain::flowing(section.about).into();
        properties.insert(section.name.to_owned(), made);
    }
    properties["experiment"]["required"] = json!(["name"]);
    properties["experiment"]["properties"]["name"]["pattern"] = NAME.into();
    properties["experiment"]["properties"]["title"]["maxLength"] = 200.into();
    properties["experiment"]["properties"]["seeds"] = seeds();
    properties["output"]["properties"]["checkpoint_every"]["pattern"] = crate::checkpoint::PATTERN.into();
    properties.insert("arm".to_owned(), json!({ "type": "array", "minItems": 1, "items": arm(), "description": "The arms; the first is the baseline unless `experiment.baseline` names another." }));
    properties.insert("sweep".to_owned(), sweep());
    properties.insert("optimise".to_owned(), optimise());
    let probe = probes::entries().first().map(|entry| object(&entry.knobs, &["script"])).unwrap_or_default();
    properties.insert(
        "probe".to_owned(),
        json!({ "type": "array", "items": probe, "description": "Test accounts beside the population." }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An experiment of recsafe",
        "type": "object",
        "required": ["experiment"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn seeds() -> Json {
    json!({
        "description": "How many seeds, or a list of them. Every arm meets the same seeds.",
        "default": 4,
        "oneOf": [
            { "type": "integer", "minimum": 1, "maximum": 1_000_000 },
            { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "type": "integer", "minimum": 0 } },
        ],
    })
}

fn arm() -> Json {
    json!({
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string", "pattern": NAME, "description": "Name of the arm." },
            "set": paths(value),
            "policies": { "type": "array", "items": { "type": "string" }, "description": "Policy packages: shipped names, or paths relative to this file." },
            "interventions": { "type": "array", "items": one_of(&interventions::entries(), &Rollout::fields()), "description": "Rules that this arm adds, in order." },
        },
    })
}

fn sweep() -> Json {
    let values = |field: &Field| {
        let listed = list(&value(field));
        let is_number = matches!(field.shape, Shape::Integer | Shape::Number);
        if is_number { json!({ "oneOf": [listed, range()] }) } else { listed }
    };
    let mut made = paths(values);
    made["properties"]["sample"] = sample();
    made["properties"]["arm"] = json!({ "type": "object" });
    made["description"] = "Dotted paths with the values that they take, every combination of which is a point; or, with `sample`, with lists and ranges to draw points from.".into();
    made["patternProperties"] = json!({ "^arm\\.": either(), "^(feed|people)\\.ranker\\.": either() });
    made
}

fn list(items: &Json) -> Json {
    json!({ "type": "array", "minItems": 1, "items": items })
}

/// A list of anything, or a range.
fn either() -> Json {
    json!({ "oneOf": [{ "type": "array", "minItems": 1 }, range()] })
}

fn range() -> Json {
    json!({
        "type": "object",
        "required": ["low", "high"],
        "additionalProperties": false,
        "properties": { "low": { "type": "number" }, "high": { "type": "number" }, "scale": { "enum": ["linear", "log"], "default": "linear" } },
    })
}

fn sample() -> Json {
    let drawn: Vec<&str> = Method::ALL.iter().map(|method| method.name()).collect();
    let grid = json!({ "type": "object", "required": ["method"], "additionalProperties": false, "properties": { "method": { "const": "grid" } } });
    let points = json!({ "type": "integer", "minimum": 1, "default": 64, "description": "Most points; as many whole trajectories or blocks as fit." });
    let seed = json!({ "type": "integer", "minimum": 0, "default": 1 });
    let drawn = json!({
        "type": "object",
        "required": ["method"],
        "additionalProperties": false,
        "properties": { "method": { "enum": drawn }, "points": points, "seed": seed },
    });
    json!({ "oneOf": [grid, drawn], "description": "How points are chosen: every combination, or a sample." })
}

fn optimise() -> Json {
    let bound = json!({ "type": "number" });
    let limit = json!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": false,
        "properties": { "relative_low": bound, "relative_high": bound, "low": bound, "high": bound },
    });
    json!({
        "type": "object",
        "required": ["arm", "knobs", "limits"],
        "additionalProperties": false,
        "description": "A search for the policy of one arm with the least harm within limits.",
        "properties": {
            "arm": { "type": "string", "pattern": NAME, "description": "The arm whose knobs are searched." },
            "knobs": { "type": "object", "minProperties": 1, "description": "Knobs of its interventions, or policy settings, with lists or ranges.", "additionalProperties": { "anyOf": [either(), { "type": "object" }] } },
            "limits": { "type": "object", "minProperties": 1, "description": "Outcomes that a policy must keep: relative change against the baseline, or mean.", "additionalProperties": limit },
            "budget": { "type": "integer", "minimum": 2, "maximum": 10_000, "default": 64, "description": "Most policies that are tried." },
            "seed": { "type": "integer", "minimum": 0, "default": 1, "description": "Seed of the sample of policies." },
        },
    })
}

/// A table of settings that arms and points may differ in: under dotted paths, or in tables, which is what a dotted path
/// without quotes is.
fn paths(of: fn(&Field) -> Json) -> Json {
    let rows = table::rows().into_iter().filter(|row| row.side != Side::Experiment);
    let mut properties: Map<String, Json> = rows.map(|row| (row.path.clone(), of(&row.field))).collect();
    for section in table::sections().iter().filter(|section| section.side != Side::Experiment) {
        properties.insert(section.name.to_owned(), nested(&(section.fields)(), of));
    }
    let warm_up = properties.get(table::WARM_UP_DAYS).cloned().unwrap_or_default();
    let only = json!({ "type": "object", "additionalProperties": false, "properties": { "warm_up_days": warm_up } });
    properties.insert("experiment".to_owned(), only);
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "patternProperties": { "^(feed|people)\\.ranker\\.": {} } })
}

fn nested(fields: &[Field], of: fn(&Field) -> Json) -> Json {
    let one = |field: &Field| match (field.inside(), field.shape) {
        (Some(inside), _) => nested(&inside, of),
        // A ranker whole, or a table of some of its knobs.
        (None, Shape::Kind(_)) => json!({ "anyOf": [of(field), { "type": "object" }] }),
        (None, _) => of(field),
    };
    let properties: Map<String, Json> = fields.iter().map(|field| (field.name.to_owned(), one(field))).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn object(fields: &[Field], required: &[&str]) -> Json {
    let properties: Map<String, Json> = fields.iter().map(|field| (field.name.to_owned(), value(field))).collect();
    let mut made = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !required.is_empty() {
        made["required"] = json!(required);
    }
    made
}

fn value(field: &Field) -> Json {
    let mut made = field.inside().map_or_else(|| shape(field.shape, field.bounds), |inside| object(&inside, &[]));
    made["description"] = crate::explain::flowing(field.about).into();
    if !field.default.is_null() {
        made["default"] = field.default.clone();
    }
    made
}

fn shape(shape_of: Shape, bounds: Bounds) -> Json {
    let mut made = match shape_of {
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::IntegerOrList => json!({ "type": ["integer", "array"] }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::List(item) => return json!({ "type": "array", "items": shape(*item, bounds) }),
        Shape::Table(fields) => return object(&fields(), &[]),
        Shape::Kind(entries) => return ranker(&entries()),
    };
    if matches!(shape_of, Shape::Integer | Shape::Number) {
        for (key, limit) in [("minimum", bounds.low), ("maximum", bounds.high)] {
            if limit.is_finite() {
                made[key] = limit.into();
            }
        }
    }
    made
}

/// A ranker's table: one kind with its knobs, or knobs of the kind in force; in a ranker of the feed `personalisation` may stand too.
fn ranker(entries: &[Entry]) -> Json {
    let of_feed = entries.iter().any(|entry| entry.family == "feed");
    let shared = table::rows()
        .into_iter()
        .find(|row| of_feed && row.path == "feed.personalisation")
        .map(|row| Field { name: "personalisation", ..row.field });
    let shared: Vec<Field> = shared.into_iter().collect();
    let mut made = one_of(entries, &shared);
    if let Some(kinds) = made["oneOf"].as_array_mut() {
        kinds.push(json!({ "type": "object", "not": { "required": ["kind"] } }));
    }
    made
}

fn one_of(entries: &[Entry], common: &[Field]) -> Json {
    let kind = |entry: &Entry| {
        let fields: Vec<Field> = entry.knobs.iter().chain(common).cloned().collect();
        let mut made = object(&fields, &["kind"]);
        made["properties"]["kind"] = json!({ "const": entry.id });
        made["title"] = entry.title.into();
        made["description"] = crate::explain::flowing(entry.about).into();
        made
    };
    json!({ "type": "object", "oneOf": entries.iter().map(kind).collect::<Vec<_>>() })
}
