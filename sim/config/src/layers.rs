//! Layers of settings: defaults, then what a file, an argument, a package, an arm or a sweep point sets, one over the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use recsafe_common::setting::{Field, Shape};
use serde_json::{Map, Value as Json};

use crate::leaf;
use crate::names::suggestion;
use crate::problem::{Problem, Problems};
use crate::source::Place;
use crate::table;
use crate::tree::{Entry, Node, Value};

/// Where a ranker's table may hold a setting that stands beside it, and which.
const SHARED: (&str, &str, &str) = ("feed.ranker", "personalisation", "feed.personalisation");

/// A value for a dotted path.
#[derive(Clone, Debug)]
pub struct Setter {
    /// Dotted path.
    pub path: String,
    /// Where the path stands.
    pub key: Place,
    /// The value.
    pub node: Node,
}

impl Setter {
    /// A table's entry, whose key is a dotted path.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Setter { path: entry.key.clone(), key: entry.key_place.clone(), node: entry.node.clone() }
    }
}

/// Setters of one layer in the order in which they apply: the keys of a table have no order of their own, so what is wider
/// comes before what is inside of it, and a ranker, whose table may hold an override, last.
#[must_use]
pub fn in_order(mut setters: Vec<Setter>) -> Vec<Setter> {
    setters.sort_by_key(|setter| (setter.path.starts_with(SHARED.0), setter.path.matches('.').count()));
    setters
}

/// One resolved set of settings, with the place of each that was set.
#[derive(Clone, Debug)]
pub struct Layers {
    owner: String,
    fields: Arc<[Field]>,
    values: Map<String, Json>,
    places: BTreeMap<String, Place>,
}

/// What is set, and how it was named.
struct Assignment<'a> {
    key: &'a Place,
    node: &'a Node,
}

impl Layers {
    /// The defaults of an experiment's sections.
    #[must_use]
    pub fn experiment() -> Self {
        Layers::new("", table::sections().iter().map(table::Section::field).collect())
    }

    /// The defaults of `fields`, which belong to something called `owner` in messages.
    #[must_use]
    pub fn new(owner: &str, fields: Vec<Field>) -> Self {
        Layers { owner: owner.to_owned(), values: leaf::defaults(&fields), fields: fields.into(), places: BTreeMap::new() }
    }

    /// All values.
    #[must_use]
    pub fn values(&self) -> &Map<String, Json> {
        &self.values
    }

    /// The value at a dotted path; an item of a list is named by its number.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Json> {
        let mut keys = path.split('.');
        let first = self.values.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key).or_else(|| value.get(key.parse::<usize>().ok()?)))
    }

    /// Where the value at a path was set, or the table around it; none for defaults.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&Place> {
        let found = self.places.get(path);
        found.or_else(|| path.rsplit_once('.').and_then(|(outer, _)| self.place(outer)))
    }

    /// Sets the value at a dotted path; tables are merged key by key.
    pub fn set(&mut self, setter: &Setter, problems: &mut Problems) {
        let fields = Arc::clone(&self.fields);
        let what = Assignment { key: &setter.key, node: &setter.node };
        self.set_below("", &fields, &setter.path, &what, problems);
    }

    /// Walks down from `prefix` along `rest`, then sets what it comes to.
    fn set_below(&mut self, prefix: &str, fields: &[Field], rest: &str, what: &Assignment, problems: &mut Problems) {
        if (prefix, rest) == (SHARED.0, SHARED.1) {
            let setter = Setter { path: SHARED.2.to_owned(), key: what.key.clone(), node: what.node.clone() };
            return self.set(&setter, problems);
        }
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            problems.add(self.unknown(prefix, fields, name, what.key));
            return;
        };
        let here = join(prefix, name);
        match field.shape {
            _ if deeper.is_empty() => self.assign(&here, field, what, problems),
            Shape::Table(inner) => self.set_below(&here, &inner(), deeper, what, problems),
            // Another kind by its path is the same as a table that names the kind only.
            Shape::Kind(_) if deeper == "kind" => {
                let only = Entry { key: "kind".to_owned(), key_place: what.key.clone(), node: what.node.clone() };
                let node = Node { value: Value::Table(vec![only]), place: what.node.place.clone() };
                self.assign(&here, field, &Assignment { key: what.key, node: &node }, problems);
            }
            Shape::Kind(entries) => {
                let kind = self.kind(&here);
                let knobs = entries().into_iter().find(|entry| entry.id == kind).map(|entry| entry.knobs);
                self.set_below(&here, &knobs.unwrap_or_default(), deeper, what, problems);
            }
            _ => problems.add(self.unknown(&here, &[], deeper, what.key)),
        }
    }

    fn set_entries(&mut self, prefix: &str, fields: &[Field], entries: &[Entry], problems: &mut Problems) {
        for setter in in_order(entries.iter().map(|entry| Setter { path: join(prefix, &entry.key), ..Setter::of(entry) }).collect()) {
            // The part below the prefix is one key, even if it has a dot in it.
            let key = &setter.path[if prefix.is_empty() { 0 } else { prefix.len() + 1 }..];
            let what = Assignment { key: &setter.key, node: &setter.node };
            match fields.iter().find(|field| field.name == key) {
                Some(field) => self.assign(&setter.path, field, &what, problems),
                None => problems.add(self.unknown(prefix, fields, key, what.key)),
            }
        }
    }

    /// Sets one field: tables are merged key by key, everything else is replaced.
    fn assign(&mut self, path: &str, field: &Field, what: &Assignment, problems: &mut Problems) {
        match (field.shape, what.node.table()) {
            (Shape::Table(fields), Some(entries)) => self.set_entries(path, &fields(), entries, problems),
            (Shape::Kind(_), Some(entries)) => self.assign_kind(path, field, what.node, entries, problems),
            _ => {
                if let Some(value) = leaf::value(what.node, field.shape, field.bounds, &self.full(path), problems) {
                    self.put(path, value);
                    self.remember(path, what.node);
                }
            }
        }
        self.places.entry(path.to_owned()).or_insert_with(|| what.key.clone());
    }

    /// An entry of a catalogue: over the one in force if the kind stays, from its defaults if it changes.
    fn assign_kind(&mut self, path: &str, field: &Field, node: &Node, entries: &[Entry], problems: &mut Problems) {
        let Shape::Kind(catalogue) = field.shape else { return };
        let is_shared = |entry: &&Entry| (path, entry.key.as_str()) == (SHARED.0, SHARED.1);
        if let Some(shared) = entries.iter().find(is_shared) {
            self.set(&Setter { path: SHARED.2.to_owned(), ..Setter::of(shared) }, problems);
        }
        let own: Vec<Entry> = entries.iter().filter(|entry| !is_shared(entry)).cloned().collect();
        let present = self.kind(path);
        let wanted = node.get("kind").map_or(Some(present.as_str()), Node::text);
        if wanted == Some(present.as_str()) {
            let fields = catalogue().into_iter().find(|entry| entry.id == present).map(|entry| entry.knobs).unwrap_or_default();
            let knobs: Vec<Entry> = own.into_iter().filter(|entry| entry.key != "kind").collect();
            self.set_entries(path, &fields, &knobs, problems);
        } else {
            let own = Node { value: Value::Table(own), place: node.place.clone() };
            if let Some(made) = leaf::kind(&own, &catalogue(), &[], path, problems) {
                self.put(path, Json::Object(made));
                self.remember(path, node);
            }
        }
    }

    fn kind(&self, path: &str) -> String {
        self.get(path).and_then(|value| value.get("kind")).and_then(Json::as_str).unwrap_or_default().to_owned()
    }

    fn put(&mut self, path: &str, value: Json) {
        let mut target = &mut self.values;
        let mut keys = path.split('.').peekable();
        while let Some(key) = keys.next() {
            if keys.peek().is_none() {
                target.insert(key.to_owned(), value);
                return;
            }
            let Json::Object(inner) = target.entry(key).or_insert_with(|| Json::Object(Map::new())) else { return };
            target = inner;
        }
    }

    /// Notes where a value and everything in it stands.
    fn remember(&mut self, path: &str, node: &Node) {
        self.places.insert(path.to_owned(), node.place.clone());
        for entry in node.table().unwrap_or_default() {
            self.remember(&join(path, &entry.key), &entry.node);
        }
        for (number, item) in node.list().unwrap_or_default().iter().enumerate() {
            self.remember(&join(path, &number.to_string()), item);
        }
    }

    fn full(&self, path: &str) -> String {
        join(&self.owner, path)
    }

    /// The problem of a name that is none of `fields`, which stand under `prefix`.
    fn unknown(&self, prefix: &str, fields: &[Field], name: &str, key: &Place) -> Problem {
        let group = match self.full(prefix) {
            group if self.kind(prefix).is_empty() => group,
            group => format!("{group} of kind {}", self.kind(prefix)),
        };
        let message = if group.is_empty() { format!("there is no section `{name}`") } else { format!("`{group}` has no setting `{name}`") };
        let elsewhere = if self.owner.is_empty() { table::elsewhere(name) } else { None };
        let help = match elsewhere {
            Some(path) => format!("there is `{path}`"),
            None => suggestion(name, fields.iter().map(|field| field.name)),
        };
        Problem::at(key, message, "not known here").help(help)
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}
