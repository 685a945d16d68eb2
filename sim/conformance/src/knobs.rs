//! Checks of the description and the knobs of a ranker or an intervention.

use recsafe_common::setting::{Bounds, Entry, Field, Shape};
use serde_json::{Map, Value as Json};

use super::report::{Property, Report};
use super::subject::Subject;

const DESCRIPTION: Property = ("description", "it has a title, a summary, a family and hooks");
const KNOBS: Property =
    ("knobs", "every knob has a description and a source of its default; numbers also have a range and a unit");
const DEFAULTS: Property = ("defaults", "every default is in its range");
const DECODING: Property = ("decoding", "its defaults are accepted, and an unknown knob is rejected");

/// Runs the checks. Returns whether the subject can be created.
pub(super) fn check<T: ?Sized>(subject: &Subject<T>, report: &mut Report) -> bool {
    let Entry { knobs, .. } = &subject.entry;
    report.check(DESCRIPTION, || none(&described(&subject.entry)));
    let fields = flat("", knobs);
    report.check(KNOBS, || none(&fields.iter().flat_map(|(path, field)| explained(path, field)).collect::<Vec<_>>()));
    report.check(DEFAULTS, || {
        let out = fields.iter().filter(|(_, field)| !fits(&field.default, field.shape, field.bounds));
        none(&out.map(|(path, field)| format!("`{path}` = {} is out of its range", field.default)).collect::<Vec<_>>())
    });
    report.check(DECODING, || decodes(subject)).is_some()
}

fn none(problems: &[String]) -> Result<(), String> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

fn described(entry: &Entry) -> Vec<String> {
    let is_kebab = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let missing = [
        ("title", entry.title.is_empty()),
        ("summary", entry.about.is_empty()),
        ("family", entry.family.is_empty()),
        ("hooks", entry.hooks.is_empty()),
    ];
    let names = entry.hooks.iter().chain([&entry.id]).filter(|name| !is_kebab(name));
    let missing = missing.iter().filter(|(_, missing)| *missing).map(|(what, _)| format!("it has no {what}"));
    missing.chain(names.map(|name| format!("`{name}` must consist of lower-case letters, digits and `-`"))).collect()
}

/// Returns all knobs by path, including knobs in nested tables.
fn flat(outer: &str, fields: &[Field]) -> Vec<(String, Field)> {
    let inside = |field: &Field| {
        let path = format!("{outer}{}", field.name);
        let inner = field.inside().map_or_else(Vec::new, |inside| flat(&format!("{path}."), &inside));
        std::iter::once((path, field.clone())).chain(inner).collect::<Vec<_>>()
    };
    fields.iter().flat_map(inside).collect()
}

/// Returns one message per missing part of a knob's description.
fn explained(path: &str, field: &Field) -> Vec<String> {
    let Bounds { low, high } = field.bounds;
    let is_number = matches!(
        field.shape,
        Shape::Integer | Shape::IntegerOrList | Shape::Number | Shape::List(Shape::Integer | Shape::Number)
    );
    let missing = [
        ("description", field.about.is_empty()),
        ("source of its default", field.source.is_empty()),
        ("unit", is_number && field.unit.is_empty()),
        ("range", is_number && !(low.is_finite() && high.is_finite() && low <= high)),
    ];
    let missing = missing.iter().filter(|(_, missing)| *missing);
    missing.map(|(what, _)| format!("`{path}` has no {what}")).collect()
}

/// Returns whether a default is missing or within the knob's bounds.
fn fits(value: &Json, shape: Shape, bounds: Bounds) -> bool {
    let in_range = |number: Option<f64>| number.is_some_and(|number| number.is_finite() && bounds.contain(number));
    let each = |shape: Shape| {
        value.as_array().is_some_and(|items| items.iter().all(|item| !item.is_null() && fits(item, shape, bounds)))
    };
    if value.is_null() {
        return true;
    }
    match shape {
        Shape::Bool => value.is_boolean(),
        Shape::Integer => (value.is_i64() || value.is_u64()) && in_range(value.as_f64()),
        Shape::IntegerOrList => fits(value, Shape::Integer, bounds) || each(Shape::Integer),
        Shape::Number => in_range(value.as_f64()),
        Shape::Text => value.is_string(),
        Shape::Choice(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Shape::List(item) => each(*item),
        Shape::Table(fields) => {
            fields().iter().all(|field| value.get(field.name).is_some_and(|it| fits(it, field.shape, field.bounds)))
        }
        Shape::Kind(entries) => {
            value.get("kind").and_then(Json::as_str).is_some_and(|kind| entries().iter().any(|entry| entry.id == kind))
        }
    }
}

fn decodes<T: ?Sized>(subject: &Subject<T>) -> Result<(), String> {
    let defaults: Map<String, Json> =
        subject.entry.knobs.iter().map(|knob| (knob.name.to_owned(), knob.default.clone())).collect();
    subject.make(&defaults)?;
    subject.plain()?;
    let unknown = std::iter::once(("no such knob".to_owned(), Json::from(1))).collect();
    match subject.make(&unknown) {
        Ok(_) => Err("it accepts an unknown knob".to_owned()),
        Err(_) => Ok(()),
    }
}
