//! The table of settings: every section with its fields, and whether it belongs to the world or to the policy.

use recsafe_common::setting::{Bounds, Field, Knobs, Setting, Shape};
use recsafe_common::settings;
use recsafe_people::settings as world;
use recsafe_platform::settings as policy;
use serde_json::Value as Json;

use crate::checkpoint::Every;
use crate::leaf;
use crate::release::ReleaseName;

/// Which side a setting is on: the world, which a policy cannot change, or the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// How the world is.
    World,
    /// What the platform's operator decides.
    Policy,
    /// How the experiment is made.
    Experiment,
}

impl Side {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Side::World => "world",
            Side::Policy => "policy",
            Side::Experiment => "experiment",
        }
    }
}

/// One section of the experiment file.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name in the file.
    pub name: &'static str,
    /// Its side.
    pub side: Side,
    /// What it is about.
    pub about: &'static str,
    /// Its settings.
    pub fields: fn() -> Vec<Field>,
}

impl Section {
    /// The section as one field of a file.
    #[must_use]
    pub fn field(&self) -> Field {
        let default = leaf::defaults(&(self.fields)()).into();
        let (shape, bounds) = (Shape::Table(self.fields), Bounds::ANY);
        Field {
            name: self.name,
            about: self.about,
            shape,
            meanings: &[],
            bounds,
            unit: "",
            source: "",
            default,
            for_checks: false,
        }
    }
}

/// Seeds of an experiment: how many, or which.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Seeds {
    /// 1, 2, ... up to this.
    Count(u64),
    /// These.
    Each(Vec<u64>),
}

impl Setting for Seeds {
    const SHAPE: Shape = Shape::IntegerOrList;
}

impl Seeds {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Seeds::Count(count) => *count,
            Seeds::Each(seeds) => seeds.len() as u64,
        }
    }

    /// Every seed.
    #[must_use]
    pub fn list(&self) -> Vec<u64> {
        match self {
            Seeds::Count(count) => (1..=*count).collect(),
            Seeds::Each(seeds) => seeds.clone(),
        }
    }

    /// Adds the numbers after the greatest of them until there are `count`.
    pub fn extend_to(&mut self, count: u64) {
        match self {
            Seeds::Count(known) => *known = count.max(*known),
            Seeds::Each(known) => {
                let mut next = known.iter().copied().max().unwrap_or(0);
                while (known.len() as u64) < count {
                    next += 1;
                    known.push(next);
                }
            }
        }
    }
}

settings! {
    /// What is asked, for how long, with which luck.
    pub struct About {
        /// Name of the experiment, and of its results' folder: small letters, digits, `.`, `_`, `-`.
        pub name: String = String::new(), (), "", "";
        /// A title of up to 200 characters.
        pub title: String = String::new(), (), "", "";
        /// The question that the experiment answers.
        pub question: String = String::new(), (), "", "";
        /// Measured days.
        pub days: u32 = 28, 1..=3650, "days", "assumed";
        /// Use the defaults of this release of the world, whatever later versions of the program have for defaults; the newest, if not named. What the file sets holds all the same.
        pub world: Option<ReleaseName> = None, (), "", "the newest";
        /// Days before them, in which rankers learn; policies start on day 0, after these. A world setting.
        pub warm_up_days: u32 = 7, 0..=3650, "days", "assumed";
        /// How many seeds, or a list of them. Every arm meets the same seeds.
        pub seeds: Seeds = Seeds::Count(4), 0.0..=9.0e15, "", "assumed";
        /// The arm that others are compared with; the first, if not named.
        pub baseline: Option<String> = None, (), "", "";
        /// The harm that the answer is about: a metric, with `@group` if it is not the metric's own group.
        pub harm: String = "dose@minor".to_owned(), (), "", "";
        /// What is paid for it, likewise.
        pub cost: String = "engagement@all".to_owned(), (), "", "";
        /// Say how likely it is that harm changes by at least this: -0.2 is a fall by a fifth.
        pub target: Option<f64> = None, -1.0..=100.0, "relative change", "";
    }
}

settings! {
    /// What a run keeps.
    pub struct Output {
        /// Share of accounts whose every exposure is kept in `exposures.parquet`.
        pub exposures: f64 = 0.01, 0.0..=1.0, "share of accounts", "assumed";
        /// Share of pairs of ordinary adults whose contacts are kept in `contacts.parquet`; all contacts of minors, predators and probes are.
        pub contacts: f64 = 0.01, 0.0..=1.0, "share of pairs", "assumed";
        /// How often the whole state of a run that is under way is kept, so that `--resume` goes on from there after a crash: a time such as
        /// `"10min"` (`s`, `min`, `h`), or simulated days such as `"5days"`. Results do not depend on it. Not kept if left out.
        pub checkpoint_every: Option<String> = None, (), "", "";
    }
}

impl Output {
    /// How often checkpoints are written; none if they are not wanted.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Every> {
        self.checkpoint_every.as_ref()?.parse().ok()
    }

    /// What of it decides a run's files, as JSON: all but how often checkpoints are written.
    #[must_use]
    pub fn deciding(&self) -> Json {
        let mut all = serde_json::to_value(self).unwrap_or_default();
        if let Some(table) = all.as_object_mut() {
            table.shift_remove("checkpoint_every");
        }
        all
    }
}

/// Every section, in the order of documents.
#[must_use]
pub fn sections() -> Vec<Section> {
    fn section<T: Knobs>(name: &'static str, side: Side) -> Section {
        Section { name, side, about: T::ABOUT, fields: T::fields }
    }
    vec![
        section::<About>("experiment", Side::Experiment),
        section::<world::Population>("population", Side::World),
        section::<world::Graph>("graph", Side::World),
        section::<world::Content>("content", Side::World),
        section::<world::Behavior>("behavior", Side::World),
        section::<world::Harm>("harm", Side::World),
        section::<policy::Feed>("feed", Side::Policy),
        section::<policy::Suggestions>("people", Side::Policy),
        section::<policy::Search>("search", Side::Policy),
        section::<policy::Enforcement>("enforcement", Side::Policy),
        section::<Output>(OUTPUT, Side::Experiment),
    ]
}

/// The section of what a run keeps.
pub const OUTPUT: &str = "output";

/// The section of a group of probes.
pub const PROBE: &str = "probe";

/// The one setting of `[experiment]` that belongs to the world.
pub const WARM_UP_DAYS: &str = "experiment.warm_up_days";

/// The setting of `[experiment]` that names a release of the world.
pub const WORLD: &str = "experiment.world";

/// The side of whatever stands at a dotted path; `None` if its section is unknown.
#[must_use]
pub fn side(path: &str) -> Option<Side> {
    let name = path.split('.').next().unwrap_or_default();
    let section = sections().into_iter().find(|section| section.name == name)?;
    Some(if path == WARM_UP_DAYS { Side::World } else { section.side })
}

/// The path of a setting whose last key is `name`, for those who left the front part out.
#[must_use]
pub fn elsewhere(name: &str) -> Option<String> {
    rows().into_iter().map(|row| row.path).find(|path| path.rsplit('.').next() == Some(name))
}

/// One setting with its dotted path.
#[derive(Clone, Debug)]
pub struct Row {
    /// Dotted path.
    pub path: String,
    /// Its side.
    pub side: Side,
    /// Its description.
    pub field: Field,
}

/// Every setting, nested tables opened, in the order of the file.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for section in sections() {
        for field in (section.fields)() {
            open(section.name, section.side, field, &mut rows);
        }
    }
    rows
}

fn open(prefix: &str, side: Side, field: Field, rows: &mut Vec<Row>) {
    let path = format!("{prefix}.{}", field.name);
    if let Some(inside) = field.inside() {
        for inner in inside {
            open(&path, side, inner, rows);
        }
    } else {
        // The length of the warm-up stands among the experiment's settings but belongs to the world.
        let side = if path == WARM_UP_DAYS { Side::World } else { side };
        rows.push(Row { path, side, field });
    }
}

/// The words for a shape and its bounds, for messages and help: "a number in [0, 1]".
#[must_use]
pub fn expectation(shape: Shape, bounds: Bounds) -> String {
    let range = match (bounds.low.is_finite(), bounds.high.is_finite()) {
        (true, true) => format!(" in [{}, {}]", bounds.low, bounds.high),
        (true, false) => format!(" of at least {}", bounds.low),
        (false, true) => format!(" of at most {}", bounds.high),
        (false, false) => String::new(),
    };
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Integer => format!("a whole number{range}"),
        Shape::IntegerOrList => format!("a whole number or a list of whole numbers{range}"),
        Shape::Number => format!("a finite number{range}"),
        Shape::Text => "a text".to_owned(),
        Shape::Choice(words) => {
            format!("one of {}", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        }
        Shape::List(item) => format!("a list, each item {}", expectation(*item, bounds)),
        Shape::Table(_) => "a table".to_owned(),
        Shape::Kind(_) => "a table { kind = \"...\" } with its knobs".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_seeds_goes_on_after_its_greatest() {
        let mut seeds = Seeds::Each(vec![7, 3]);
        seeds.extend_to(4);
        assert_eq!(seeds, Seeds::Each(vec![7, 3, 8, 9]));
        seeds.extend_to(2);
        assert_eq!(seeds.count(), 4);
    }
}
