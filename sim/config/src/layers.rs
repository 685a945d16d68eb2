//! Layers of settings: defaults, then what a file, an argument, a package, an arm or a sweep point sets, one over the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use recsafe_common::setting::{Field, Shape};
use recsafe_text::suggestion;
use serde_json::{Map, Value as Json};

use crate::leaf;
use crate::problem::{Place, Problem, Problems};
use crate::release::Release;
use crate::table;
use crate::tree::{Entry, Node, Value};

/// A ranker's table may hold this setting, which stands beside it: path of the ranker, key in its table, path of the setting.
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

/// Setters of one layer in the order in which they apply. The keys of a table have no order of their own, so what is wider
/// comes before what is inside of it, a ranker's kind before its knobs, and a ranker, whose table may override what stands beside it, last.
#[must_use]
pub fn in_order(mut setters: Vec<Setter>) -> Vec<Setter> {
    setters.sort_by_key(|setter| {
        (
            setter.path.starts_with(SHARED.0),
            setter.path.matches('.').count(),
            setter.path.rsplit('.').next() != Some("kind"),
        )
    });
    setters
}

/// One resolved set of settings, with the place of each that was set.
#[derive(Clone, Debug)]
pub struct Layers {
    owner: String,
    fields: Arc<[Field]>,
    values: Map<String, Json>,
    places: BTreeMap<String, Place>,
    release: Option<Release>,
    /// Where a release says what holds where nobody else does.
    origins: BTreeMap<String, Place>,
}

impl Default for Layers {
    fn default() -> Self {
        Layers::new("", table::sections().iter().map(table::Section::field).collect())
    }
}

impl Layers {
    /// The defaults of `fields`, which belong to something called `owner` in messages.
    #[must_use]
    pub fn new(owner: &str, fields: Vec<Field>) -> Self {
        let values = leaf::defaults(&fields);
        let (places, origins) = (BTreeMap::new(), BTreeMap::new());
        Layers { owner: owner.to_owned(), values, fields: fields.into(), places, release: None, origins }
    }

    /// The same with a release's values in the place of defaults; it also completes what is set later. These are not set by anybody.
    #[must_use]
    pub fn over(mut self, release: &Release, values: &[Entry], misfits: &mut Problems) -> Self {
        for entry in values {
            self.set(&Setter::of(entry), misfits);
        }
        self.origins = std::mem::take(&mut self.places);
        self.release = Some(release.clone());
        self
    }

    /// All values.
    #[must_use]
    pub fn values(&self) -> &Map<String, Json> {
        &self.values
    }

    /// The settings of a section as JSON.
    #[must_use]
    pub fn section(&self, name: &str) -> &Json {
        self.values.get(name).unwrap_or(&Json::Null)
    }

    /// The value at a dotted path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Json> {
        let mut keys = path.split('.');
        let first = self.values.get(keys.next()?)?;
        keys.try_fold(first, |value, key| value.get(key))
    }

    /// Whether somebody set the very value at a path.
    #[must_use]
    pub fn is_set(&self, path: &str) -> bool {
        self.places.contains_key(path)
    }

    /// Whether somebody set a value inside of the table at a path.
    #[must_use]
    pub fn is_set_inside(&self, path: &str) -> bool {
        self.places.keys().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Where the value at a path was set, or the table or list around it; none for defaults. An item of a list goes by its number.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&Place> {
        let found = self.places.get(path);
        found.or_else(|| path.rsplit_once('.').and_then(|(outer, _)| self.place(outer)))
    }

    /// Where a release says the value at a path, for those that nobody set.
    #[must_use]
    pub fn origin(&self, path: &str) -> Option<&Place> {
        self.origins.get(path)
    }

    /// Sets the value at a dotted path; tables are merged key by key.
    pub fn set(&mut self, setter: &Setter, problems: &mut Problems) {
        if problems.is_full() {
            return;
        }
        let fields = Arc::clone(&self.fields);
        self.set_below("", &fields, &setter.path, setter, problems);
    }

    /// Walks down from `prefix` along `rest`, then sets what it comes to.
    fn set_below(&mut self, prefix: &str, fields: &[Field], rest: &str, what: &Setter, problems: &mut Problems) {
        if (prefix, rest) == (SHARED.0, SHARED.1) {
            return self.set(&Setter { path: SHARED.2.to_owned(), ..what.clone() }, problems);
        }
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return problems.add(self.unknown(prefix, fields, name, &what.key));
        };
        let here = join(prefix, name);
        match field.shape {
            _ if deeper.is_empty() => self.assign(&here, field, what, problems),
            Shape::Table(inner) => self.set_below(&here, &inner(), deeper, what, problems),
            // Another kind by its path is the same as a table that names the kind only.
            Shape::Kind(_) if deeper == "kind" => {
                let only = Entry { key: "kind".to_owned(), key_place: what.key.clone(), node: what.node.clone() };
                let node = Node { value: Value::Table(vec![only]), place: what.node.place.clone() };
                self.assign(&here, field, &Setter { node, ..what.clone() }, problems);
            }
            Shape::Kind(entries) => {
                let kind = self.kind(&here);
                let knobs = entries().into_iter().find(|entry| entry.id == kind).map(|entry| entry.knobs);
                self.set_below(&here, &knobs.unwrap_or_default(), deeper, what, problems);
            }
            _ => problems.add(self.unknown(&here, &[], deeper, &what.key)),
        }
    }

    /// Sets the entries of a table that stands at `prefix`; a key is one key here, even if it has a dot in it.
    fn set_entries(&mut self, prefix: &str, fields: &[Field], entries: &[Entry], problems: &mut Problems) {
        let inside = |entry: &Entry| Setter { path: format!("{prefix}.{}", entry.key), ..Setter::of(entry) };
        for setter in in_order(entries.iter().map(inside).collect()) {
            if problems.is_full() {
                return;
            }
            let key = &setter.path[prefix.len() + 1..];
            match fields.iter().find(|field| field.name == key) {
                Some(field) => self.assign(&setter.path, field, &setter, problems),
                None => problems.add(self.unknown(prefix, fields, key, &setter.key)),
            }
        }
    }

    /// Sets one field: tables are merged key by key, everything else is replaced.
    fn assign(&mut self, path: &str, field: &Field, what: &Setter, problems: &mut Problems) {
        match (field.shape, what.node.table()) {
            (Shape::Table(fields), Some(entries)) => self.set_entries(path, &fields(), entries, problems),
            (Shape::Kind(_), Some(entries)) => self.assign_kind(path, field, &what.node, entries, problems),
            _ => self.replace(path, field, &what.node, &what.node, problems),
        }
        self.places.entry(path.to_owned()).or_insert_with(|| what.key.clone());
    }

    /// Puts `node` in the place of what was there. `shown`: what stands in the text.
    fn replace(&mut self, path: &str, field: &Field, node: &Node, shown: &Node, problems: &mut Problems) {
        let completed =
            self.release.as_ref().map(|release| release.completed(&join(&self.owner, path), field.shape, node));
        let node = completed.as_ref().unwrap_or(node);
        if let Some(value) = leaf::value(node, field.shape, field.bounds, &join(&self.owner, path), problems) {
            self.put(path, value);
            self.remember(path, shown);
        }
    }

    /// An entry of a catalogue: over the one in force if the kind stays, from its defaults if it changes.
    fn assign_kind(&mut self, path: &str, field: &Field, node: &Node, entries: &[Entry], problems: &mut Problems) {
        let Shape::Kind(catalogue) = field.shape else { return };
        let is_shared = |entry: &&Entry| (path, entry.key.as_str()) == (SHARED.0, SHARED.1);
        if let Some(shared) = entries.iter().find(is_shared) {
            self.set(&Setter { path: SHARED.2.to_owned(), ..Setter::of(shared) }, problems);
        }
        let own = entries.iter().filter(|entry| !is_shared(entry)).cloned();
        let present = self.kind(path);
        if node.get("kind").is_some_and(|kind| kind.text() != Some(&present)) {
            let own = Node { value: Value::Table(own.collect()), place: node.place.clone() };
            return self.replace(path, field, &own, node, problems);
        }
        let fields = catalogue().into_iter().find(|entry| entry.id == present).map(|entry| entry.knobs);
        let knobs: Vec<Entry> = own.filter(|entry| entry.key != "kind").collect();
        self.set_entries(path, &fields.unwrap_or_default(), &knobs, problems);
    }

    fn kind(&self, path: &str) -> String {
        self.get(path).and_then(|value| value.get("kind")).and_then(Json::as_str).unwrap_or_default().to_owned()
    }

    fn put(&mut self, path: &str, value: Json) {
        let mut target = &mut self.values;
        let (outer, last) = path.rsplit_once('.').map_or((None, path), |(outer, last)| (Some(outer), last));
        for key in outer.into_iter().flat_map(|outer| outer.split('.')) {
            let Json::Object(inner) = target.entry(key).or_insert_with(|| Json::Object(Map::new())) else { return };
            target = inner;
        }
        target.insert(last.to_owned(), value);
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

    /// The problem of a name that is none of `fields`, which stand under `prefix`.
    fn unknown(&self, prefix: &str, fields: &[Field], name: &str, key: &Place) -> Problem {
        let group = join(&self.owner, prefix);
        let message = match self.kind(prefix) {
            _ if group.is_empty() => format!("there is no section `{name}`"),
            kind if kind.is_empty() => format!("`{group}` has no setting `{name}`"),
            kind => format!("`{group}` of kind {kind} has no setting `{name}`"),
        };
        let elsewhere = if self.owner.is_empty() { table::elsewhere(name) } else { None };
        let help = match elsewhere {
            Some(path) => format!("there is `{path}`"),
            None => suggestion(name, fields.iter().map(|field| field.name)),
        };
        Problem::at(key, message, "not known here").help(help)
    }
}

fn join(prefix: &str, key: &str) -> String {
    match (prefix, key) {
        ("", key) => key.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, key) => format!("{prefix}.{key}"),
    }
}
