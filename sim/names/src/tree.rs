//! Translation of JSON trees of settings: from names to ids, or from older spellings to current
//! names.
//!
//! The table determines the dotted path of each value, so a setting can move from one section to
//! another. Three parts of a tree are names: keys, the `kind` of a catalogue entry, and values of
//! settings with a fixed set of words. Everything else is copied.

use serde_json::{Map, Value as Json, json};

use crate::table::Spellings;
use crate::{Names, Row, kind};

/// Target of a translation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// Ids, in the order of the table.
    Ids,
    /// Ids, in the order of the input.
    IdsInPlace,
    /// Current names, in the order of the input.
    Present,
}

impl Spelling {
    fn of(self, row: &Row) -> &str {
        match self {
            Spelling::Ids | Spelling::IdsInPlace => &row.id,
            Spelling::Present => row.name.as_deref().unwrap_or(&row.id),
        }
    }
}

/// Paths that are looked up together: the paths of all settings, or of all knobs of an entry.
struct Scope<'a> {
    /// Spellings of the paths of each kind, with a prefix. Prefix and path form the id of a
    /// setting. With this id, words that are values of the setting are looked up.
    paths: Vec<(Option<&'a Spellings>, String)>,
}

impl<'a> Scope<'a> {
    fn settings(names: &'a Names) -> Self {
        Scope { paths: vec![(names.of_kind(kind::SETTING), String::new())] }
    }

    fn knobs(names: &'a Names, setting: &str, entry: &str) -> Self {
        let of = |entry: &str| (names.of_kind(&kind::knob(setting, entry)), format!("{setting}.{entry}."));
        Scope { paths: vec![of(entry), of("*")] }
    }

    /// Returns the number of the row that has this path, and the prefix of the row's kind.
    fn find(&self, path: &str) -> Option<(usize, &str)> {
        self.paths.iter().find_map(|(spellings, owner)| Some((*spellings.as_ref()?.get(path)?, owner.as_str())))
    }
}

/// Path in a tree: the list of its keys, and the keys joined by dots. A key can contain dots.
#[derive(Clone, Default)]
struct Path {
    keys: Vec<String>,
    text: String,
}

impl Path {
    fn push(&mut self, key: &str) {
        if !self.keys.is_empty() {
            self.text.push('.');
        }
        self.text.push_str(key);
        self.keys.push(key.to_owned());
    }

    fn pop(&mut self) {
        let length = self.keys.pop().map_or(0, |key| key.len());
        let dot = usize::from(!self.keys.is_empty());
        self.text.truncate(self.text.len() - length - dot);
    }
}

/// Path of the table that is translated, before and after the translation.
struct Base {
    path: Path,
    target: String,
}

/// Value with its path after the translation, relative to a base.
struct Leaf<'a> {
    /// Number of the value's row in the table of names. Values without a row come last.
    order: usize,
    /// Path according to the table; `None` if the path does not change.
    target: Option<&'a str>,
    own: Vec<String>,
    value: Json,
}

impl Leaf<'_> {
    fn keys<'k>(&'k self, base: &Base) -> Vec<&'k str> {
        match self.target {
            Some(target) => {
                let inside = target.strip_prefix(&base.target).and_then(|rest| rest.strip_prefix('.'));
                inside.unwrap_or(target).split('.').collect()
            }
            None => self.own.iter().map(String::as_str).collect(),
        }
    }
}

/// Translation of a tree.
struct Translation<'a> {
    names: &'a Names,
    to: Spelling,
}

impl Names {
    /// Translates the names in a tree of settings into ids, with keys in the order of the table.
    /// The result does not depend on current names or on the order of declarations. Keys that are
    /// not in the table of names come last and are unchanged.
    #[must_use]
    pub fn canonical(&self, settings: &Json) -> Json {
        Translation { names: self, to: Spelling::Ids }.whole(settings)
    }

    /// Translates the ids and older spellings in a tree of settings into current names.
    #[must_use]
    pub fn present_settings(&self, settings: &Json) -> Json {
        Translation { names: self, to: Spelling::Present }.whole(settings)
    }

    /// Translates the names in a tree of settings into ids, without changing the order.
    #[must_use]
    pub fn under_ids(&self, settings: &Json) -> Json {
        Translation { names: self, to: Spelling::IdsInPlace }.whole(settings)
    }

    /// Translates the names in the table at a path into ids, without changing the order. The path
    /// can contain dots, and the table can be an item of a list.
    #[must_use]
    pub fn table_under_ids(&self, path: &str, table: &Map<String, Json>) -> Json {
        let mut keys = Path::default();
        keys.push(path);
        let base = Base { path: keys, target: self.id(kind::SETTING, path).to_owned() };
        Translation { names: self, to: Spelling::IdsInPlace }.table(&Scope::settings(self), &base, table).into()
    }

    /// Translates the names of knobs into ids, without changing the order. `setting` and `entry`
    /// are ids.
    #[must_use]
    pub fn knobs_under_ids(&self, setting: &str, entry: &str, knobs: &Map<String, Json>) -> Json {
        let base = Base { path: Path::default(), target: String::new() };
        let scope = Scope::knobs(self, setting, entry);
        Translation { names: self, to: Spelling::IdsInPlace }.table(&scope, &base, knobs).into()
    }

    /// Translates the path and the value of a setting, or of a knob of a selected entry, into
    /// current names.
    #[must_use]
    pub fn present_at_path(&self, path: &str, value: &Json) -> (String, Json) {
        self.at_path(&Scope::settings(self), path, value)
    }

    /// Translates the path and the value of a knob of an intervention into current names.
    #[must_use]
    pub fn present_knob(&self, intervention: &str, path: &str, value: &Json) -> (String, Json) {
        let id = self.id(kind::INTERVENTION, intervention);
        self.at_path(&Scope::knobs(self, "interventions", id), path, value)
    }

    fn at_path(&self, scope: &Scope, path: &str, value: &Json) -> (String, Json) {
        let translation = Translation { names: self, to: Spelling::Present };
        if let Some((row, owner)) = scope.find(path) {
            let row = &self.rows()[row];
            let (setting, target) = (format!("{owner}{}", row.id), row.name.as_deref().unwrap_or(path));
            let mut spelled = Path::default();
            spelled.push(path);
            let here = Base { path: spelled, target: target.to_owned() };
            return (target.to_owned(), translation.value(scope, &here, &setting, value));
        }
        // The path does not contain the selected entry. Knobs of different entries with the same
        // name have the same meaning, so the first match is used.
        let chosen = path.match_indices('.').find_map(|(dot, _)| {
            let (row, owner) = scope.find(&path[..dot])?;
            let row = &self.rows()[row];
            let (setting, knob) = (format!("{owner}{}", row.id), &path[dot + 1..]);
            let of = self.kinds_from(&kind::knob(&setting, "")).find_map(|kind| self.find(kind, knob)?.name.clone());
            self.has_kind(&kind::entry(&setting)).then(|| {
                format!("{}.{}", row.name.as_deref().unwrap_or(&row.id), of.unwrap_or_else(|| knob.to_owned()))
            })
        });
        (chosen.unwrap_or_else(|| path.to_owned()), value.clone())
    }

    /// Translates the names in a section of a file into ids. If the ids belong to several sections,
    /// the result contains these sections.
    #[must_use]
    pub fn canonical_section(&self, section: &str, value: &Json) -> Json {
        Translation { names: self, to: Spelling::Ids }.section(section, value)
    }

    /// Translates the older spellings in a section of a file into current names. If the names
    /// belong to several sections, the result contains these sections.
    #[must_use]
    pub fn present_section(&self, section: &str, value: &Json) -> Json {
        Translation { names: self, to: Spelling::Present }.section(section, value)
    }
}

impl Translation<'_> {
    fn whole(&self, settings: &Json) -> Json {
        let base = Base { path: Path::default(), target: String::new() };
        match settings {
            Json::Object(table) => self.table(&Scope::settings(self.names), &base, table).into(),
            other => other.clone(),
        }
    }

    fn section(&self, section: &str, value: &Json) -> Json {
        let whole = self.whole(&json!({ section: value }));
        match whole.as_object().map(|sections| sections.values().collect::<Vec<_>>()).as_deref() {
            Some([only]) => (*only).clone(),
            _ => whole,
        }
    }

    fn table(&self, scope: &Scope, base: &Base, table: &Map<String, Json>) -> Map<String, Json> {
        let mut leaves = Vec::new();
        self.leaves(scope, base, &mut base.path.clone(), table, &mut leaves);
        if self.to == Spelling::Ids {
            leaves.sort_by_key(|leaf| leaf.order);
        }
        let mut made = Map::new();
        for mut leaf in leaves {
            let value = leaf.value.take();
            put(&mut made, &leaf.keys(base), value);
        }
        made
    }

    /// Collects all values of a table and of nested tables.
    fn leaves<'a>(
        &'a self,
        scope: &Scope,
        base: &Base,
        path: &mut Path,
        table: &Map<String, Json>,
        leaves: &mut Vec<Leaf<'a>>,
    ) {
        for (key, value) in table {
            path.push(key);
            let found = scope.find(&path.text);
            let row = found.map(|(order, _)| &self.names.rows()[order]);
            let setting = || match (found, row) {
                (Some((_, owner)), Some(row)) => format!("{owner}{}", row.id),
                _ => format!("{}{}", scope.paths[0].1, path.text),
            };
            match value {
                Json::Object(inner) if !inner.is_empty() && !self.is_entry(setting, inner) => {
                    self.leaves(scope, base, path, inner, leaves);
                }
                _ => {
                    let target = row.map(|row| self.to.of(row));
                    let value = match value {
                        Json::String(_) | Json::Array(_) | Json::Object(_) => {
                            let here = Base { path: path.clone(), target: target.unwrap_or(&path.text).to_owned() };
                            self.value(scope, &here, &setting(), value)
                        }
                        other => other.clone(),
                    };
                    let own = if row.is_none() { path.keys[base.path.keys.len()..].to_vec() } else { Vec::new() };
                    leaves.push(Leaf { order: found.map_or(usize::MAX, |(order, _)| order), target, own, value });
                }
            }
            path.pop();
        }
    }

    fn is_entry(&self, setting: impl FnOnce() -> String, table: &Map<String, Json>) -> bool {
        table.get("kind").is_some_and(Json::is_string) && self.names.of_kind(&kind::entry(&setting())).is_some()
    }

    /// Translates a value of the setting with the id `setting`. `here` is the path of this value.
    fn value(&self, scope: &Scope, here: &Base, setting: &str, value: &Json) -> Json {
        match value {
            Json::String(word) => self.word(&kind::value(setting), word).into(),
            Json::Array(items) => items.iter().map(|item| self.value(scope, here, setting, item)).collect(),
            Json::Object(entry) if self.is_entry(|| setting.to_owned(), entry) => self.entry(setting, entry).into(),
            Json::Object(item) => self.table(scope, here, item).into(),
            other => other.clone(),
        }
    }

    /// Translates a catalogue entry, `{ kind, knob, ... }`. The kind comes first in the result.
    fn entry(&self, setting: &str, entry: &Map<String, Json>) -> Map<String, Json> {
        let (spelled, kinds) = (entry["kind"].as_str().unwrap_or_default(), kind::entry(setting));
        let scope = Scope::knobs(self.names, setting, self.names.id(&kinds, spelled));
        let knobs: Map<String, Json> =
            entry.iter().filter(|(key, _)| *key != "kind").map(|(key, value)| (key.clone(), value.clone())).collect();
        let mut made = Map::from_iter([("kind".to_owned(), self.word(&kinds, spelled).into())]);
        made.extend(self.table(&scope, &Base { path: Path::default(), target: String::new() }, &knobs));
        made
    }

    fn word(&self, kind: &str, spelled: &str) -> String {
        self.names.find(kind, spelled).map_or(spelled, |row| self.to.of(row)).to_owned()
    }
}

/// Inserts a value at a path, and creates missing tables.
fn put(table: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [last] => drop(table.insert((*last).to_owned(), value)),
        [first, rest @ ..] => {
            if !table.contains_key(*first) {
                table.insert((*first).to_owned(), Json::Object(Map::new()));
            }
            if let Some(Json::Object(inner)) = table.get_mut(*first) {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EARLIER: &str = "kind,id,name,older
setting,feed.slate,feed.slate,
setting,feed.ranker,feed.ranker,
setting,feed.quota.fresh,feed.quota.fresh,
setting,content.harm,content.harm,
setting,content.niche,content.niche,
setting,content.niche.size,content.niche.size,
setting,interventions,interventions,
entry:feed.ranker,blend,blend,
entry:interventions,cap,cap,
knob:feed.ranker.blend,weights.like,weights.like,
knob:interventions.*,population,population,
knob:interventions.cap,most,most,
value:content.harm,creator,creator,
value:interventions.*.population,minors,minors,
";

    /// A table with the same ids as `EARLIER` and other names.
    const LATER: &str = "kind,id,name,older
setting,feed.slate,stream.size,feed.size
setting,feed.ranker,stream.model,
setting,feed.quota.fresh,stream.quota.fresh,
setting,content.harm,harm.by,
setting,content.niche,content.communities,
setting,content.niche.size,content.communities.accounts,
setting,interventions,interventions,
entry:feed.ranker,blend,mixture,
entry:interventions,cap,daily-limit,
knob:feed.ranker.blend,weights.like,likes,
knob:interventions.*,population,audience,
knob:interventions.cap,most,limit,
value:content.harm,creator,by-creator,
value:interventions.*.population,minors,under-18,
";

    fn names(text: &str) -> Names {
        Names::parse(text).unwrap()
    }

    fn before() -> Json {
        json!({
            "feed": { "slate": 10, "ranker": { "kind": "blend", "weights": { "like": 1.5 } }, "quota": { "fresh": 2 } },
            "content": { "harm": "creator", "niche": [{ "size": 3 }, { "size": 4 }] },
            "interventions": [{ "kind": "cap", "name": "minors", "population": "minors", "most": 3 }, { "kind": "own", "x": null }],
        })
    }

    fn after() -> Json {
        json!({
            "stream": { "quota": { "fresh": 2 }, "model": { "kind": "mixture", "likes": 1.5 }, "size": 10 },
            "harm": { "by": "by-creator" },
            "content": { "communities": [{ "accounts": 3 }, { "accounts": 4 }] },
            "interventions": [{ "kind": "daily-limit", "limit": 3, "audience": "under-18", "name": "minors" }, { "kind": "own", "x": null }],
        })
    }

    #[test]
    fn a_tree_in_the_order_of_the_table_is_its_own_canonical_form() {
        let own = json!({
            "feed": { "slate": 10, "ranker": { "kind": "blend", "weights": { "like": 1.5 } }, "quota": { "fresh": 2 } },
            "content": { "harm": "creator", "niche": [{ "size": 3 }, { "size": 4 }] },
            "interventions": [{ "kind": "cap", "population": "minors", "most": 3, "name": "minors" }, { "kind": "own", "x": null }],
        });
        assert_eq!(names(EARLIER).canonical(&before()).to_string(), own.to_string(), "keys without a row come last");
    }

    #[test]
    fn neither_names_nor_the_order_of_declarations_move_the_canonical_form() {
        let (earlier, later) = (names(EARLIER), names(LATER));
        assert_eq!(later.canonical(&after()).to_string(), earlier.canonical(&before()).to_string());
        assert_eq!(
            later.canonical(&before()).to_string(),
            earlier.canonical(&before()).to_string(),
            "ids are spellings"
        );
        let moved = json!({ "feed": { "quota": { "fresh": 2 }, "ranker": before()["feed"]["ranker"], "slate": 10 } });
        let retained = json!({ "feed": before()["feed"] });
        assert_eq!(earlier.canonical(&moved).to_string(), earlier.canonical(&retained).to_string());
    }

    #[test]
    fn another_value_has_another_canonical_form() {
        let later = names(LATER);
        for (path, value) in
            [("/stream/size", json!(11)), ("/harm/by", json!("x")), ("/interventions/0/limit", json!(4))]
        {
            let mut other = after();
            *other.pointer_mut(path).unwrap() = value;
            assert_ne!(later.canonical(&other), later.canonical(&after()), "{path}");
        }
    }

    #[test]
    fn older_spellings_become_present_names() {
        let later = names(LATER);
        assert_eq!(later.present_settings(&before()), after());
        assert_eq!(later.present_settings(&after()), after());
        assert_eq!(later.present_settings(&json!({ "feed": { "size": 1 } })), json!({ "stream": { "size": 1 } }));
    }

    #[test]
    fn what_the_table_does_not_know_stays_where_it_is() {
        let strange =
            json!({ "a.b": { "c": [{}, [1, "creator"]] }, "d": {}, "warm_up_days": 7, "e": { "kind": "blend" } });
        assert_eq!(names(LATER).canonical(&strange).to_string(), strange.to_string());
        assert_eq!(names(LATER).present_settings(&strange).to_string(), strange.to_string());
        assert_eq!(names(LATER).canonical(&json!([1])), json!([1]));
    }

    #[test]
    fn an_unknown_key_in_an_item_of_a_renamed_list_stays_in_the_item() {
        let items = |list: &str, size: &str| json!({ "content": { list: [{ size: 3, "x": { "y.z": "creator" } }] } });
        let (before, after) = (items("niche", "size"), items("communities", "accounts"));
        assert_eq!(names(LATER).present_settings(&before), after);
        assert_eq!(names(LATER).canonical(&after), before);
    }

    #[test]
    fn a_section_by_itself_is_named_as_within_a_file() {
        let probes = |script: &str| json!([{ "script": script, "count": 2 }, {}]);
        let names = names("kind,id,name,older\nsetting,probe.script,puppet.plan,\nvalue:probe.script,idle,passive,\n");
        assert_eq!(names.canonical_section("probe", &probes("passive")), probes("idle"));
        assert_eq!(names.present_section("probe", &json!({ "count": 1 })), json!({ "count": 1 }));
        assert_eq!(names.canonical_section("probe", &json!([])), json!([]));
    }

    #[test]
    fn a_knob_of_a_new_intervention_is_its_own_id_and_those_of_all_stay() {
        let new = json!({ "interventions": [{ "kind": "new", "audience": "under-18", "x": { "y": 1 } }] });
        let expected = json!({ "interventions": [{ "kind": "new", "population": "minors", "x": { "y": 1 } }] });
        assert_eq!(names(LATER).canonical(&new), expected);
    }
}
