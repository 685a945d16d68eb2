//! The tree of a TOML text: values that know their place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem, Problems, Source};

/// A value at a place.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub place: Place,
}

/// A key of a table with its value, in the order of the text.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction, `inf` or `nan`.
    Float(f64),
    /// A text.
    Text(String),
    /// A date or time.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Vec<Entry>),
    /// No value: stands in releases of the world only.
    Nothing,
}

impl Node {
    /// The tree of a whole TOML text; problems are added to `problems`.
    pub fn parse(source: &Source, problems: &mut Problems) -> Option<Node> {
        let (table, errors) = DeTable::parse_recoverable(source.text());
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            let place = Place { source: source.clone(), span };
            problems.add(Problem::at(&place, format!("this is not TOML: {}", error.message()), "here"));
        }
        errors.is_empty().then(|| {
            let span = table.span();
            Node { value: entries(table.into_inner(), source), place: Place { source: source.clone(), span } }
        })
    }

    /// What it is, for messages.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Bool(value) => format!("`{value}`"),
            Value::Integer(value) => format!("`{value}`"),
            Value::Float(value) => format!("`{value}`"),
            Value::Text(text) => format!("the text \"{}\"", text.chars().take(60).collect::<String>()),
            Value::Date(date) => format!("the date {date}"),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Nothing => "nothing".to_owned(),
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The entries, if it is a table.
    #[must_use]
    pub fn table(&self) -> Option<&[Entry]> {
        if let Value::Table(entries) = &self.value { Some(entries) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Node]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// The value as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Nothing => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Integer(number) => i64::try_from(*number).map_or_else(|_| (*number as f64).into(), Into::into),
            Value::Float(number) => (*number).into(),
            Value::Text(text) | Value::Date(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Node::json).collect(),
            Value::Table(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.node.json())).collect(),
        }
    }

    /// The value under `key`, if it is a table with one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }
}

fn entries(table: DeTable, source: &Source) -> Value {
    let place = |span| Place { source: source.clone(), span };
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_place: place(key.span()),
            key: key.into_inner().into_owned(),
            node: node(value, source),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_place.span.start); // the parser's map has an order of its own
    Value::Table(entries)
}

fn node(value: Spanned<DeValue>, source: &Source) -> Node {
    let place = Place { source: source.clone(), span: value.span() };
    let value = match value.into_inner() {
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Integer(number) => {
            i128::from_str_radix(number.as_str(), number.radix()).map_or(Value::Float(f64::INFINITY), Value::Integer)
        }
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node(item, source)).collect()),
        DeValue::Table(table) => entries(table, source),
    };
    Node { value, place }
}
