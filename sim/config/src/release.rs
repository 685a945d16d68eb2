//! Releases of the world: a file with `[experiment] world = "2026.1"` keeps the defaults of that
//! release.
//!
//! A release is a file in `worlds/`. `make worlds` generates the file of a release from the
//! defaults in the code. Do not change the file after the program with this release is published.
//! The values of a release replace the defaults in the code. The user's file overrides values of a
//! release. For each release, `worlds/results.toml` lists the version of the results at that time.
//! If results changed since the release, its defaults are still loaded, and a note warns the user.

use std::sync::{Arc, LazyLock};

use recsafe_common::catalogue::Entry as Kind;
use recsafe_common::setting::{Field, Knobs, Setting, Shape};
use recsafe_names::{Names, kind};
use recsafe_people::behavior::probes::Probe;
use recsafe_platform::interventions::{self, Targeting};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::difference::json_difference;
use crate::layers::Layers;
use crate::leaf;
use crate::older;
use crate::problem::{Problems, Source};
use crate::table::{self, Side};
use crate::tree::{Entry, Node, Value};

/// All releases: name and file, the newest last.
pub const SHIPPED: &[(&str, &str)] = &[("2026.1", include_str!("../worlds/2026.1.toml"))];

const NAMES: [&str; SHIPPED.len()] = {
    let mut names = [""; SHIPPED.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = SHIPPED[index].0;
        index += 1;
    }
    names
};

/// Word for "no value" in the file of a release, because TOML has none.
const NOTHING: &str = "none";
/// Key in the table of interventions that holds the knobs of every intervention.
const EVERY: &str = "every";

/// Name of a release, as a setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReleaseName(pub String);

impl Setting for ReleaseName {
    const SHAPE: Shape = Shape::Choice(&NAMES);
}

/// Versions of results, of this program and of releases.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Results {
    /// Version of this program's results.
    pub now: u32,
    /// The releases, the newest last.
    pub release: Vec<Made>,
}

/// Origin of a release.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Made {
    /// Name.
    pub world: String,
    /// Version of the program.
    pub version: String,
    /// Version of that program's results.
    pub results: u32,
}

/// Returns the table of results, or `None` if the built-in file is invalid. A test checks that the
/// built-in file is valid.
#[must_use]
pub fn results() -> Option<Results> {
    toml::from_str(include_str!("../worlds/results.toml")).ok()
}

/// A release with its defaults.
#[derive(Clone, Debug)]
pub struct Release {
    name: &'static str,
    root: Arc<Node>,
}

static ALL: LazyLock<Vec<Release>> =
    LazyLock::new(|| SHIPPED.iter().filter_map(|(name, text)| Release::parse(name, text)).collect());

impl Release {
    /// Returns the release called `name`.
    #[must_use]
    pub fn find(name: &str) -> Option<Release> {
        ALL.iter().find(|release| release.name == name).cloned()
    }

    /// Parses a release.
    #[must_use]
    pub fn parse(name: &'static str, text: &str) -> Option<Release> {
        let source = Source::new(&format!("worlds/{name}.toml"), text.to_owned());
        let root = Node::parse(&source, &mut Problems::default())?;
        Some(Release { name, root: Arc::new(with_nothing(older::release(root))) })
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the defaults of the sections of a file.
    #[must_use]
    pub fn sections(&self) -> Vec<Entry> {
        let is_section = |entry: &&Entry| table::sections().iter().any(|section| section.name == entry.key);
        self.root.table().unwrap_or_default().iter().filter(is_section).cloned().collect()
    }

    /// Returns the defaults of an intervention's knobs, including the knobs that every intervention
    /// has.
    #[must_use]
    pub fn rule(&self, kind: &str) -> Vec<Entry> {
        [EVERY, kind].iter().flat_map(|key| self.below(&["interventions", key])).cloned().collect()
    }

    /// Returns the defaults of a group of probes.
    #[must_use]
    pub fn probe(&self) -> Vec<Entry> {
        self.below(&["probe"]).to_vec()
    }

    /// Adds this release's defaults to a value. If the value is a ranker, missing knobs are added.
    /// If the value is a list of tables, missing keys of these tables are added.
    #[must_use]
    pub fn completed(&self, path: &str, shape: Shape, node: &Node) -> Node {
        match (shape, &node.value) {
            (Shape::Kind(entries), Value::Table(_)) => {
                let kind = node.get("kind").and_then(Node::text).unwrap_or_default();
                let knobs = entries().into_iter().find(|entry| entry.id == kind).map(|entry| entry.knobs);
                merged(node, known(self.below(&["entries", path, kind]), &knobs.unwrap_or_default()))
            }
            (Shape::List(Shape::Table(fields)), Value::List(items)) => {
                let defaults: Vec<&Entry> = known(self.below(&["items", path]), &fields()).collect();
                let items = items.iter().map(|item| merged(item, defaults.iter().copied())).collect();
                Node { value: Value::List(items), location: node.location.clone() }
            }
            _ => node.clone(),
        }
    }

    /// Returns a warning if results changed since the release.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        self.warning_given(&results()?)
    }

    /// Returns the warning for the given table of results.
    #[must_use]
    pub fn warning_given(&self, results: &Results) -> Option<String> {
        let result = results.release.iter().find(|result| result.world == self.name)?;
        (result.results != results.now).then(|| {
            format!(
                "world {}: its defaults apply, but results have changed since: see \"Results change\" in CHANGELOG.md. To reproduce the old results, use recsafe {}",
                self.name, result.version
            )
        })
    }

    /// Returns the settings whose default in this release differs from the current default. For
    /// each dotted path, the result contains two values: the current default is called `baseline`,
    /// and the default of the release is called `arm`.
    #[must_use]
    pub fn difference(&self) -> Map<String, Json> {
        let today = Layers::default();
        let then = Beneath::of(Some(self.clone())).lay(today.clone(), &self.sections());
        json_difference(&today.values().clone().into(), &then.values().clone().into())
    }

    fn below(&self, keys: &[&str]) -> &[Entry] {
        let found = keys.iter().try_fold(&*self.root, |node, key| node.get(key));
        found.and_then(Node::table).unwrap_or_default()
    }

    /// Returns the dotted paths of settings in this release that no longer exist: knobs of rankers,
    /// and keys of tables in lists.
    fn lost(&self) -> Vec<String> {
        let fields = catalogued();
        let lost_of = |path: &str, node: &Node| -> Vec<String> {
            let known = fields.iter().find(|(known, _)| known == path).map(|(_, fields)| fields.as_slice());
            let is_lost = |key: &str| known.unwrap_or_default().iter().all(|field| field.name != key);
            let keys = node.table().unwrap_or_default().iter().map(|entry| entry.key.as_str());
            keys.filter(|key| is_lost(key)).map(|key| format!("{path}.{key}")).collect()
        };
        let mut lost = Vec::new();
        for outer in self.below(&["entries"]) {
            for kind in outer.node.table().unwrap_or_default() {
                lost.extend(lost_of(&format!("{}.{}", outer.key, kind.key), &kind.node));
            }
        }
        for list in self.below(&["items"]) {
            lost.extend(lost_of(&list.key, &list.node));
        }
        lost
    }
}

/// Defaults for a file, from a release or from the code.
#[derive(Clone, Debug, Default)]
pub struct Beneath {
    release: Option<Release>,
    /// Notes for the user, about values of the release that are no longer valid.
    pub notes: Vec<String>,
}

impl Beneath {
    /// Creates the defaults, with notes about the release.
    #[must_use]
    pub fn of(release: Option<Release>) -> Self {
        let mut beneath = Beneath { release, notes: Vec::new() };
        if let Some(release) = beneath.release.clone() {
            beneath.notes.extend(release.warning());
            for path in release.lost() {
                beneath.note(format!("world {}: the setting `{path}` no longer exists", release.name));
            }
        }
        beneath
    }

    /// Returns the release.
    #[must_use]
    pub fn release(&self) -> Option<&Release> {
        self.release.as_ref()
    }

    /// Replaces defaults by the values of the release. Values that are no longer valid become
    /// notes.
    #[must_use]
    pub fn lay(&mut self, layers: Layers, values: &[Entry]) -> Layers {
        let Some(release) = self.release.clone() else { return layers };
        let mut misfits = Problems::default();
        let laid = layers.over(&release, values, &mut misfits);
        for misfit in misfits.0 {
            self.note(format!("world {}: {misfit}; the present default applies instead", release.name));
        }
        laid
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Returns the entries whose knobs still exist.
fn known<'a>(entries: &'a [Entry], fields: &[Field]) -> impl Iterator<Item = &'a Entry> {
    entries.iter().filter(|entry| fields.iter().any(|field| field.name == entry.key))
}

/// Adds the missing keys of a table and of its nested tables.
fn merged<'a>(node: &Node, defaults: impl Iterator<Item = &'a Entry>) -> Node {
    let Some(own) = node.table() else { return node.clone() };
    let mut entries = own.to_vec();
    for default in defaults {
        match entries.iter_mut().find(|entry| entry.key == default.key) {
            Some(entry) => entry.node = merged(&entry.node, default.node.table().unwrap_or_default().iter()),
            None => entries.push(default.clone()),
        }
    }
    Node { value: Value::Table(entries), location: node.location.clone() }
}

/// Converts the word that means "no value" in a release's tree to [`Value::Nothing`].
fn with_nothing(node: Node) -> Node {
    let value = match node.value {
        Value::Text(text) if text == NOTHING => Value::Nothing,
        Value::List(items) => Value::List(items.into_iter().map(with_nothing).collect()),
        Value::Table(entries) => {
            Value::Table(entries.into_iter().map(|entry| Entry { node: with_nothing(entry.node), ..entry }).collect())
        }
        other => other,
    };
    Node { value, location: node.location }
}

/// Returns the defaults of the code in the format of a release's file.
///
/// # Errors
/// If the defaults cannot be written as TOML.
pub fn defaults_as_toml(name: &str) -> Result<String, toml::ser::Error> {
    let names = Names::present();
    let mut sections = Map::new();
    for section in table::sections() {
        let mut values = leaf::defaults(&(section.fields)());
        if section.side == Side::Experiment {
            values.retain(|_, value| !value.is_null() && value.as_str() != Some("")); // not part of the world
        }
        sections.insert(section.name.to_owned(), Json::Object(values));
    }
    sections.insert(table::PROBE.to_owned(), leaf::defaults(&Probe::fields()).into());
    let Json::Object(mut root) = names.under_ids(&sections.into()) else { unreachable!("it is a table") };
    let id = |setting: &str, entry: &Kind| names.id(&kind::entry(setting), entry.id).to_owned();
    let of_kind = |setting: &str, entry: &Kind| {
        let id = id(setting, entry);
        let knobs = names.knobs_under_ids(setting, &id, &leaf::defaults(&entry.knobs));
        (id, knobs)
    };
    let every = names.knobs_under_ids("interventions", "*", &leaf::defaults(&Targeting::fields()));
    let shipped = interventions::shipped();
    let rules = shipped.iter().map(|entry| of_kind("interventions", entry));
    let rules: Map<String, Json> = std::iter::once((EVERY.to_owned(), every)).chain(rules).collect();
    root.insert("interventions".to_owned(), rules.into());
    let (mut entries, mut items) = (Map::new(), Map::new());
    for row in table::rows() {
        let setting = names.id(kind::SETTING, &row.path);
        match row.field.shape {
            Shape::Kind(kinds) => {
                let shipped = kinds().into_iter().filter(|kind| kind.version.is_none());
                let kinds: Map<String, Json> = shipped.map(|kind| of_kind(setting, &kind)).collect();
                entries.insert(setting.to_owned(), kinds.into());
            }
            Shape::List(Shape::Table(fields)) => {
                items.insert(setting.to_owned(), names.table_under_ids(&row.path, &leaf::defaults(&fields())));
            }
            _ => {}
        }
    }
    root.insert("entries".to_owned(), entries.into());
    root.insert("items".to_owned(), items.into());
    let text = toml::to_string(&without_null(Json::Object(root)))?;
    Ok(format!(
        "# World {name}: every default of world and policy, made from the code by `make worlds`. `none`: no value. Kept as it is when later\n# versions have other defaults: `[experiment] world = \"{name}\"` in a file brings these back.\n\n{text}"
    ))
}

/// Returns the knobs of every ranker, and the fields of the tables in every list. Each item
/// contains the path of a ranker or list.
fn catalogued() -> Vec<(String, Vec<Field>)> {
    let of = |row: table::Row| match row.field.shape {
        Shape::Kind(kinds) => {
            kinds().into_iter().map(|kind| (format!("{}.{}", row.path, kind.id), kind.knobs)).collect()
        }
        Shape::List(Shape::Table(fields)) => vec![(row.path, fields())],
        _ => Vec::new(),
    };
    table::rows().into_iter().flat_map(of).collect()
}

fn without_null(value: Json) -> Json {
    match value {
        Json::Null => NOTHING.into(),
        Json::Array(items) => items.into_iter().map(without_null).collect(),
        Json::Object(table) => {
            table.into_iter().map(|(key, value)| (key, without_null(value))).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
