//! Layers of settings: defaults, then what a file, an argument, a package, an arm or a sweep point sets, one over the other.

use std::collections::BTreeMap;

use recsafe_common::setting::{Field, Shape};
use serde_json::{Map, Value as Json};

use crate::leaf;
use crate::names::{nearest, suggestion};
use crate::problem::{Place, Problem, Problems};
use crate::table::{self, Section};
use crate::tree::{Entry, Node};

/// One resolved set of settings, with the place of each that was set.
#[derive(Clone, Debug)]
pub struct Layers {
    values: Map<String, Json>,
    places: BTreeMap<String, Place>,
}

impl Default for Layers {
    fn default() -> Self {
        let values = table::sections()
            .into_iter()
            .map(|section| (section.name.to_owned(), Json::Object(leaf::defaults(&section.fields))));
        Layers { values: values.collect(), places: BTreeMap::new() }
    }
}

impl Layers {
    /// The settings of a section as JSON.
    #[must_use]
    pub fn section(&self, name: &str) -> &Json {
        &self.values[name]
    }

    /// The value at a dotted path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Json> {
        let mut keys = path.split('.');
        let section = self.values.get(keys.next()?)?;
        keys.try_fold(section, |value, key| value.get(key))
    }

    /// Where the value at a path was set, or the table around it; none for defaults.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<&Place> {
        let found = self.places.get(path);
        found.or_else(|| path.rsplit_once('.').and_then(|(outer, _)| self.place(outer)))
    }

    /// Sets a whole section from its table.
    pub fn set_section(&mut self, entry: &Entry, problems: &mut Problems) {
        let Some(section) = table::sections().into_iter().find(|section| section.name == entry.key) else { return };
        let Some(entries) = entry.node.table() else {
            problems.add(Problem::at(
                &entry.node.place,
                format!("`{}` must be a table", entry.key),
                format!("found {}", entry.node.describe()),
            ));
            return;
        };
        self.set_entries(section.name, &section.fields, entries, problems);
    }

    /// Sets the value at a dotted path.
    pub fn set(&mut self, path: &str, key: &Place, node: &Node, problems: &mut Problems) {
        let sections = table::sections();
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let Some(section) = sections.iter().find(|section| section.name == first && !rest.is_empty()) else {
            problems.add(unknown_path(path, key, &sections));
            return;
        };
        self.set_below(section.name, &section.fields, rest, path, key, node, problems);
    }

    /// Walks down from `prefix` along `rest`, then sets what it comes to.
    #[expect(
        clippy::too_many_arguments,
        reason = "one step of a recursion: where it is, where it goes, what it carries"
    )]
    fn set_below(
        &mut self,
        prefix: &str,
        fields: &[Field],
        rest: &str,
        path: &str,
        key: &Place,
        node: &Node,
        problems: &mut Problems,
    ) {
        let (name, deeper) = rest.split_once('.').unwrap_or((rest, ""));
        if prefix == "feed.ranker" && rest == "personalisation" {
            return self.set("feed.personalisation", key, node, problems);
        }
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            problems.add(unknown_path(path, key, &table::sections()));
            return;
        };
        let here = format!("{prefix}.{name}");
        if deeper.is_empty() {
            return self.assign(&here, field, key, node, problems);
        }
        let inner = match field.shape {
            Shape::Table(inner) => inner(),
            Shape::Kind(entries) => {
                let kind = self
                    .get(&here)
                    .and_then(|value| value.get("kind"))
                    .and_then(Json::as_str)
                    .unwrap_or_default()
                    .to_owned();
                entries().into_iter().find(|entry| entry.id == kind).map(|entry| entry.knobs).unwrap_or_default()
            }
            _ => Vec::new(),
        };
        self.set_below(&here, &inner, deeper, path, key, node, problems);
    }

    fn set_entries(&mut self, prefix: &str, fields: &[Field], entries: &[Entry], problems: &mut Problems) {
        // Catalogue entries last: a ranker's table may hold an override of a setting beside it.
        let is_kind = |entry: &&Entry| {
            fields.iter().any(|field| field.name == entry.key && matches!(field.shape, Shape::Kind(_)))
        };
        for entry in entries.iter().filter(|entry| !is_kind(entry)).chain(entries.iter().filter(is_kind)) {
            if let Some(field) = leaf::find_field(entry, fields, &format!("`{prefix}`"), problems) {
                self.assign(&format!("{prefix}.{}", field.name), field, &entry.key_place, &entry.node, problems);
            }
        }
    }

    /// Sets one field: tables are merged key by key, everything else is replaced.
    fn assign(&mut self, path: &str, field: &Field, key: &Place, node: &Node, problems: &mut Problems) {
        match (field.shape, node.table()) {
            (Shape::Table(fields), Some(entries)) => self.set_entries(path, &fields(), entries, problems),
            (Shape::Kind(_), Some(entries)) => self.assign_kind(path, field, node, entries, problems),
            _ => {
                if let Some(value) = leaf::value(node, field.shape, field.bounds, path, problems) {
                    self.put(path, value, node);
                }
            }
        }
        self.places.entry(path.to_owned()).or_insert_with(|| key.clone());
    }

    /// An entry of a catalogue: over the one in force if the kind stays, from its defaults if it changes.
    fn assign_kind(&mut self, path: &str, field: &Field, node: &Node, entries: &[Entry], problems: &mut Problems) {
        let Shape::Kind(catalogue) = field.shape else { return };
        if let Some(shared) = entries.iter().find(|entry| entry.key == "personalisation") {
            self.set("feed.personalisation", &shared.key_place, &shared.node, problems);
        }
        let own: Vec<Entry> = entries.iter().filter(|entry| entry.key != "personalisation").cloned().collect();
        let present =
            self.get(path).and_then(|value| value.get("kind")).and_then(Json::as_str).unwrap_or_default().to_owned();
        let wanted = node.get("kind").map_or(Some(present.as_str()), Node::text);
        if wanted != Some(present.as_str()) {
            let own = Node { value: crate::tree::Value::Table(own), place: node.place.clone() };
            if let Some(made) = leaf::kind(&own, &catalogue(), &[], path, problems) {
                self.put(path, Json::Object(made), node);
            }
            return;
        }
        let fields =
            catalogue().into_iter().find(|entry| entry.id == present).map(|entry| entry.knobs).unwrap_or_default();
        let knobs: Vec<Entry> = own.into_iter().filter(|entry| entry.key != "kind").collect();
        self.set_entries(path, &fields, &knobs, problems);
    }

    fn put(&mut self, path: &str, value: Json, node: &Node) {
        let mut keys = path.split('.').peekable();
        let Some(mut target) = keys.next().and_then(|section| self.values.get_mut(section)) else { return };
        while let Some(key) = keys.next() {
            let Some(table) = target.as_object_mut() else { return };
            if keys.peek().is_none() {
                table.insert(key.to_owned(), value);
                break;
            }
            target = table.entry(key).or_insert_with(|| Json::Object(Map::new()));
        }
        self.places.insert(path.to_owned(), node.place.clone());
    }
}

fn unknown_path(path: &str, key: &Place, sections: &[Section]) -> Problem {
    let rows = table::rows();
    let problem = Problem::at(key, format!("there is no setting `{path}`"), "not known");
    match nearest(path, rows.iter().map(|row| row.path.as_str())) {
        Some(name) => problem.help(format!("nearest name: `{name}`; all of them: recsafe list settings")),
        None => problem.help(suggestion(path, sections.iter().map(|section| section.name))),
    }
}
