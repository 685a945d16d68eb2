//! Knobs at the ends of their ranges.

use recsafe_common::setting::{Bounds, Field, Shape};
use serde_json::{Map, Value as Json};

/// Values of some knobs. All other knobs keep their defaults.
pub(super) struct Variant {
    /// Name of the variant in messages.
    pub name: String,
    /// The knobs that are set.
    pub knobs: Map<String, Json>,
}

/// Returns variants that set a single knob to an end of its range, or to one value of a choice.
pub(super) fn alone(fields: &[Field]) -> Vec<Variant> {
    let one = |field: &Field, value: Json| Variant {
        name: format!("{} = {value}", field.name),
        knobs: std::iter::once((field.name.to_owned(), value)).collect(),
    };
    fields.iter().flat_map(|field| ends(field).into_iter().map(move |value| one(field, value))).collect()
}

/// Returns a variant for each value of a choice and each truth value, a variant with all knobs at
/// their low ends, and a variant with all knobs at their high ends.
pub(super) fn together(fields: &[Field]) -> Vec<Variant> {
    let words: Vec<Field> =
        fields.iter().filter(|field| matches!(field.shape, Shape::Bool | Shape::Choice(_))).cloned().collect();
    let mut variants = alone(&words);
    if fields.iter().any(|field| !ends(field).is_empty()) {
        variants.push(Variant { name: "every knob low".to_owned(), knobs: every(fields, <[Json]>::first) });
        variants.push(Variant { name: "every knob high".to_owned(), knobs: every(fields, <[Json]>::last) });
    }
    variants
}

/// Sets every knob that has a range to one end of the range.
fn every(fields: &[Field], end: fn(&[Json]) -> Option<&Json>) -> Map<String, Json> {
    let at_end = |field: &Field| Some((field.name.to_owned(), end(&ends(field))?.clone()));
    fields.iter().filter_map(at_end).collect()
}

/// Returns the ends of a knob's range, the low end first. Returns nothing if the knob has no finite
/// range.
fn ends(field: &Field) -> Vec<Json> {
    let Bounds { low, high } = field.bounds;
    let finite = low.is_finite() && high.is_finite();
    match field.shape {
        Shape::Bool => vec![false.into(), true.into()],
        Shape::Integer | Shape::IntegerOrList if finite => vec![(low as i64).into(), (high as i64).into()],
        Shape::Number if finite => vec![low.into(), high.into()],
        Shape::Choice(words) => words.iter().map(|&word| word.into()).collect(),
        Shape::List(Shape::Choice(words)) => vec![Json::Array(Vec::new()), words.iter().copied().collect()],
        Shape::Table(fields) => {
            vec![every(&fields(), <[Json]>::first).into(), every(&fields(), <[Json]>::last).into()]
        }
        _ => Vec::new(),
    }
}
