//! `--set PATH=VALUE`, and values for paths in general.

use serde_json::Value as Json;

use super::Reader;
use crate::problem::{Place, Problem, Problems, Source};
use crate::tree::{Entry, Node, Value};

/// A value for a path, from `--set` or a sweep.
#[derive(Clone)]
pub(super) struct Override {
    pub(super) path: String,
    pub(super) key: Place,
    pub(super) node: Node,
}

impl Reader<'_> {
    /// `--set PATH=VALUE`: the value is TOML; a bare word is a text.
    pub(super) fn arguments(&mut self) -> Vec<Override> {
        let mut sets = Vec::new();
        for argument in &self.input.set {
            let whole = Source::new("--set", argument.clone());
            let Some((path, value)) = argument.split_once('=') else {
                let place = Place { source: whole, span: 0..argument.len() };
                let help = "write --set PATH=VALUE, such as --set population.accounts=2000";
                self.problems.add(Problem::at(&place, "`--set` needs a path and a value", "no `=` in it").help(help));
                continue;
            };
            let (path, value) = (path.trim(), value.trim());
            let key = Place { source: whole.clone(), span: 0..path.len() };
            let text = format!("value = {value}");
            let mut ignored = Problems::default();
            let parsed =
                Node::parse(&Source::new("--set", text), &mut ignored).and_then(|root| root.get("value").cloned());
            // Underlined in the argument itself, which is what the user typed.
            let place = Place { source: whole, span: argument.len() - value.len()..argument.len() };
            let node = parsed.map_or_else(
                || Node { value: Value::Text(value.to_owned()), place: place.clone() },
                |node| moved(node, &place),
            );
            sets.push(Override { path: path.to_owned(), key, node });
        }
        sets
    }
}

fn moved(node: Node, place: &Place) -> Node {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| moved(item, place)).collect()),
        Value::Table(entries) => {
            let entry =
                |entry: Entry| Entry { key: entry.key, key_place: place.clone(), node: moved(entry.node, place) };
            Value::Table(entries.into_iter().map(entry).collect())
        }
        other => other,
    };
    Node { value, place: place.clone() }
}

/// A node as plain JSON, for tables of points.
pub(super) fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Bool(value) => (*value).into(),
        Value::Integer(number) => i64::try_from(*number).map_or(Json::Null, Json::from),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) | Value::Date(text) => text.clone().into(),
        Value::List(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Table(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone(), plain(&entry.node))).collect())
        }
    }
}
