//! All names in files and commands, from the program's own tables: kind and current name.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Entry;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::observed::Standing;
use recsafe_common::setting::{Field, Knobs, Shape};
use recsafe_config::{packages, schema::schema, table};
use recsafe_engine::measure::metrics;
use recsafe_names::{Names, cells, kind};
use recsafe_people::behavior::probes::Probe;
use recsafe_people::contacts::{Ended, Route};
use recsafe_people::role::Role;
use recsafe_platform::enforcement::{Decision, Kind as Action};
use recsafe_platform::interventions::{self, Targeting};
use recsafe_platform::{candidates, enforcement};
use recsafe_stats::rows::{RunStatus, places};

use super::support::recsafe;

/// Keys in the record of the settings of a run that are not settings.
const BESIDE_SETTINGS: [&str; 3] = ["warm_up_days", "imported", "interventions"];

/// Returns every name with its kind, in the order of declarations.
pub fn all() -> Vec<(String, String)> {
    let mut all = Named(Vec::new());
    for row in table::rows() {
        all.setting(kind::SETTING, "", &row.path, &row.field);
    }
    all.fields(kind::SETTING, "", "probe.", &Probe::fields());
    all.add(kind::SETTING, BESIDE_SETTINGS);
    all.keys_without_fields();
    all.fields(&kind::knob("interventions", "*"), "interventions.*.", "", &Targeting::fields());
    all.entries("interventions", &interventions::entries());
    all.add(kind::PACKAGE, packages::SHIPPED.iter().map(|(name, _)| *name));
    all.add(kind::METRIC, metrics::all().iter().map(|metric| metric.info().id));
    all.groups();
    all.tables();
    all.words();
    all.commands(&[]);
    all.0
}

struct Named(Vec<(String, String)>);

impl Named {
    fn add(&mut self, kind: &str, names: impl IntoIterator<Item = impl Into<String>>) {
        self.0.extend(names.into_iter().map(|name| (kind.to_owned(), name.into())));
    }

    /// Adds the fields at `prefix`. `owner` is the prefix for looking up the words of a setting.
    fn fields(&mut self, kind: &str, owner: &str, prefix: &str, fields: &[Field]) {
        for field in fields {
            self.setting(kind, owner, &format!("{prefix}{}", field.name), field);
        }
    }

    fn setting(&mut self, kind: &str, owner: &str, path: &str, field: &Field) {
        if let Some(inside) = field.inside() {
            return self.fields(kind, owner, &format!("{path}."), &inside);
        }
        self.add(kind, [path]);
        self.shape(kind, owner, path, field.shape);
    }

    /// Adds the words of a setting. `owner` consists of ids, and `path` consists of current names.
    fn shape(&mut self, kind: &str, owner: &str, path: &str, shape: Shape) {
        let place = format!("{owner}{}", Names::present().id(kind, path));
        match shape {
            Shape::Choice(words) => self.add(&kind::value(&place), words.iter().copied()),
            Shape::List(item) => self.shape(kind, owner, path, *item),
            Shape::Table(fields) => self.fields(kind, owner, &format!("{path}."), &fields()),
            Shape::Kind(entries) => self.entries(&place, &entries()),
            _ => {}
        }
    }

    fn entries(&mut self, setting: &str, entries: &[Entry]) {
        let kinds = kind::entry(setting);
        self.add(&kinds, entries.iter().map(|entry| entry.id));
        for entry in entries {
            let id = Names::present().id(&kinds, entry.id);
            self.fields(&kind::knob(setting, id), &format!("{setting}.{id}."), "", &entry.knobs);
        }
    }

    /// Adds keys of the file that are not settings of a section: keys of arms, sweeps and searches.
    fn keys_without_fields(&mut self) {
        let schema = schema();
        for (prefix, place) in [
            ("arm", "/properties/arm/items/properties"),
            ("sweep.sample", "/properties/sweep/properties/sample/oneOf/1/properties"),
            ("optimise", "/properties/optimise/properties"),
            ("optimise.limits", "/properties/optimise/properties/limits/additionalProperties/properties"),
        ] {
            let keys = schema.pointer(place).unwrap().as_object().unwrap().keys();
            self.add(kind::SETTING, keys.map(|key| format!("{prefix}.{key}")));
        }
    }

    fn groups(&mut self) {
        let metrics = metrics::all();
        self.add(kind::GROUP, distinct(metrics.iter().flat_map(|metric| metric.groups())));
    }

    fn tables(&mut self) {
        let places = places();
        let columns = places.iter().flat_map(|(_, table)| table.columns.iter().map(|column| (table.name, column.name)));
        self.add(kind::TABLE, distinct(places.iter().map(|(_, table)| table.name)));
        for (table, column) in distinct(columns) {
            self.add(&kind::column(Names::present().id(kind::TABLE, table)), [column]);
        }
    }

    /// Adds words in cells of tables, except the words of settings.
    fn words(&mut self) {
        self.add(cells::ROLE, Role::ALL.iter().map(|it| it.name()));
        self.add(cells::AGE_BAND, AgeBand::ALL.iter().map(|it| it.name()));
        self.add(cells::STANDING, Standing::ALL.iter().map(|it| it.name()));
        self.add(cells::MESSAGES, MessagesFrom::ALL.iter().map(|it| it.name()));
        self.add(cells::ROUTE, Route::ALL.iter().map(|it| it.name()));
        self.add(cells::CONTACT_END, Ended::ALL.iter().map(|it| it.name()));
        self.add(cells::ACTION, Action::ALL.iter().map(|it| it.name()));
        self.add(cells::ACTION_SOURCE, enforcement::Source::ALL.iter().map(|it| it.name()));
        self.add(cells::DECISION, Decision::ALL.iter().map(|it| it.name()));
        self.add(cells::SURFACE, ["feed", "search"]);
        self.add(cells::CANDIDATE_SOURCE, candidates::Source::ALL.iter().map(|it| it.name()));
        self.add("run-status", RunStatus::ALL.iter().map(|it| it.name()));
    }

    /// Adds commands and subcommands, as listed by the program's help.
    fn commands(&mut self, above: &[&str]) {
        let help = recsafe(&[above, &["--help"]].concat()).assert().success().get_output().stdout.clone();
        let help = String::from_utf8(help).unwrap();
        let parts = help.split("\n\n").filter(|part| part.starts_with("Commands"));
        let is_command = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
        let lines = parts.flat_map(str::lines).filter(is_command);
        for name in lines.filter_map(|line| line.split_whitespace().next()) {
            if name != "help" {
                let command = [above, &[name]].concat();
                self.add(kind::COMMAND, [command.join(" ")]);
                self.commands(&command);
            }
        }
    }
}

/// Returns each item once, in the order of first occurrence.
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut found, next| {
        if !found.contains(&next) {
            found.push(next);
        }
        found
    })
}
