//! Random experiments, built from the declarations of settings and catalogues, so new settings are
//! covered automatically.

use proptest::prelude::*;
use proptest::sample::Index;
use recsafe_common::setting::{Bounds, Entry, Field, Knobs, Shape};
use recsafe_config::table::{self, Row, Side};
use recsafe_people::behavior::probes::Probe;
use recsafe_platform::interventions::{self, Targeting};
use recsafe_platform::ranking;
use recsafe_platform::suggestions::ranking as people_ranking;
use serde_json::{Map, Value as Json, json};

/// Maximum values of settings for sizes and times, by path or by the last part of a path. Up to
/// these values, a case takes milliseconds and something happens on its few days. Larger values
/// would test nothing new.
const MOST: [(&str, f64); 23] = [
    ("behavior.exchange.recruits", 2.0),
    ("start_day", 3.0),
    ("end_day", 6.0),
    ("removal-wave.day", 3.0),
    ("content.posts_per_day", 3.0),
    ("content.posts_per_day_log_sd", 2.0),
    ("content.exchange_posts", 5.0),
    ("content.initial_posts", 5.0),
    ("behavior.sessions", 3.0),
    ("behavior.sessions_log_sd", 1.2),
    ("behavior.sessions_minors", 3.0),
    ("behavior.max_requests", 12.0),
    ("behavior.contact.target_searches", 20.0),
    ("behavior.contact.follower_list_visits", 20.0),
    ("behavior.contact.budget", 50.0),
    ("behavior.searching.posts", 5.0),
    ("behavior.searching.accounts", 5.0),
    ("enforcement.test_reports", 200.0),
    ("population.bots.flooding", 5.0),
    ("probe.count", 3.0),
    ("probe.activity", 4.0),
    ("probe.posts", 4.0),
    ("graph.follows_log_sd", 1.5),
];

/// Settings that are not drawn here: sizes that each case draws separately, and files.
const LEFT: [&str; 4] =
    ["population.accounts", "experiment.warm_up_days", "population.graph.", "population.interactions."];

/// Relative positions of values in their ranges, from 0 (low end) to 1 (high end).
type Shares = Vec<f64>;

/// One random experiment.
#[derive(Clone, Debug)]
pub struct Case {
    pub seed: u64,
    accounts: u32,
    warm_up_days: u32,
    days: u32,
    /// Shares of minors and predators.
    roles: (f64, f64),
    settings: Vec<(Index, Shares)>,
    ranker: (Index, Shares),
    people_ranker: (Index, Shares),
    rules: Vec<(Index, Shares)>,
    probes: Vec<Shares>,
}

/// Draws shares of minors and predators. In most worlds, some accounts are minors and some are
/// predators. The other worlds have no minors, no predators, or no other accounts.
fn roles() -> impl Strategy<Value = (f64, f64)> {
    let one_sided = [(0.0, 0.06), (0.25, 0.0), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)];
    prop_oneof![3 => Just((0.25, 0.06)), 1 => prop::sample::select(one_sided.to_vec())]
}

/// Draws small experiments. Each has a few changed settings, any rankers, up to four interventions
/// with any knobs, and some probes.
pub fn any_case() -> impl Strategy<Value = Case> {
    let share = || prop_oneof![1 => Just(0.0), 1 => Just(1.0), 4 => 0.0..=1.0_f64];
    let shares = move |most: usize| prop::collection::vec(share(), 1..most);
    let one = move || (any::<Index>(), shares(16));
    (
        (0_u64..1_000_000, 60_u32..=200, 1_u32..=3, 1_u32..=4, roles()),
        prop::collection::vec((any::<Index>(), shares(6)), 0..=8),
        (one(), one()),
        prop::collection::vec((any::<Index>(), shares(32)), 0..=4),
        prop::collection::vec(shares(8), 0..=2),
    )
        .prop_map(
            |((seed, accounts, warm_up_days, days, roles), settings, (ranker, people_ranker), rules, probes)| Case {
                seed,
                accounts,
                warm_up_days,
                days,
                roles,
                settings,
                ranker,
                people_ranker,
                rules,
                probes,
            },
        )
}

impl Case {
    /// Returns the experiment file of the case, with three arms of equal settings. The arm `none`
    /// has no interventions, `stack` has all of them, and `nobody` has the same interventions at
    /// coverage 0.
    pub fn text(&self) -> String {
        let mut root = json!({
            "experiment": { "name": "case", "days": self.days, "warm_up_days": self.warm_up_days, "seeds": 1 },
            "population": { "accounts": self.accounts, "minors": self.roles.0, "predators": self.roles.1 },
            "feed": { "candidates": 40 },
            "output": { "exposures": 1.0, "contacts": 1.0 },
        });
        let rows = open_settings();
        for (which, shares) in &self.settings {
            let row = which.get(&rows);
            if let Some(value) = Draws::new(shares).value(&row.path, &row.field) {
                put(&mut root, &row.path, value);
            }
        }
        for (path, entries, (which, shares)) in [
            ("feed.ranker", ranking::entries(), &self.ranker),
            ("people.ranker", people_ranking::entries(), &self.people_ranker),
        ] {
            put(&mut root, path, Draws::new(shares).entry(which.get(&entries), &[]).into());
        }
        let probes: Vec<Json> = self
            .probes
            .iter()
            .map(|shares| Draws::new(shares).some("probe", &Probe::fields(), &["script"]).into())
            .collect();
        root["probe"] = probes.into();
        root["arm"] = json!([
            { "name": "none" },
            { "name": "stack", "interventions": self.rules(None) },
            { "name": "nobody", "interventions": self.rules(Some(0.0)) },
        ]);
        toml::to_string(&root).unwrap()
    }

    fn rules(&self, coverage: Option<f64>) -> Vec<Json> {
        let entries = interventions::entries();
        let rule = |(number, (which, shares)): (usize, &(Index, Shares))| {
            let mut made = Draws::new(shares).entry(which.get(&entries), &Targeting::fields());
            made.insert("name".to_owned(), format!("rule-{number}").into());
            if let Some(coverage) = coverage {
                made.insert("coverage".to_owned(), coverage.into());
            }
            made.into()
        };
        self.rules.iter().enumerate().map(rule).collect()
    }
}

/// Returns the settings of world and policy that may be drawn.
fn open_settings() -> Vec<Row> {
    let left = |path: &str| LEFT.iter().any(|left| path == *left || (left.ends_with('.') && path.starts_with(left)));
    let is_open = |row: &Row| row.side != Side::Experiment && !left(&row.path);
    table::rows().into_iter().filter(is_open).collect()
}

/// Inserts a value at a dotted path.
fn put(root: &mut Json, path: &str, value: Json) {
    let (outer, last) = path.rsplit_once('.').unwrap();
    let table = outer
        .split('.')
        .fold(root, |table, key| table.as_object_mut().unwrap().entry(key).or_insert_with(|| json!({})));
    table[last] = value;
}

/// Random numbers for choices. They are used one by one, and repeat after the last one.
struct Draws<'a> {
    shares: &'a [f64],
    next: usize,
}

impl<'a> Draws<'a> {
    fn new(shares: &'a [f64]) -> Self {
        Draws { shares, next: 0 }
    }

    fn share(&mut self) -> f64 {
        self.next += 1;
        self.shares[(self.next - 1) % self.shares.len()]
    }

    /// Returns an entry of a catalogue with some of its knobs.
    fn entry(&mut self, entry: &Entry, common: &[Field]) -> Map<String, Json> {
        let mut made = Map::new();
        made.insert("kind".to_owned(), entry.id.into());
        made.extend(self.some(entry.id, common, &[]));
        made.extend(self.some(entry.id, &entry.knobs, &[]));
        made
    }

    /// Returns about half of the fields, and all required fields.
    fn some(&mut self, path: &str, fields: &[Field], needed: &[&str]) -> Map<String, Json> {
        let mut made = Map::new();
        for field in fields {
            let wanted = self.share() > 0.5 || needed.contains(&field.name);
            if wanted && let Some(value) = self.value(&format!("{path}.{}", field.name), field) {
                made.insert(field.name.to_owned(), value);
            }
        }
        made
    }

    /// Returns a value that the declaration allows, or `None` for texts, which have no valid random
    /// values.
    fn value(&mut self, path: &str, field: &Field) -> Option<Json> {
        let bounds = bounds(path, field.bounds);
        Some(match field.shape {
            Shape::Bool => (self.share() > 0.5).into(),
            Shape::Integer | Shape::IntegerOrList => self.whole(bounds, &field.default).into(),
            Shape::Number => self.number(bounds, &field.default).into(),
            Shape::Choice(words) => self.word(words).into(),
            Shape::List(Shape::Choice(words)) => words.iter().copied().filter(|_| self.share() > 0.5).collect(),
            Shape::List(Shape::Integer) => {
                self.each(&field.default, |draws, default| draws.whole(bounds, default).into())
            }
            Shape::List(Shape::Number) => {
                let made = self.each(&field.default, |draws, default| draws.number(bounds, default).into());
                if (sum(&field.default) - 1.0).abs() < 1e-9 { shares_of_one(&made) } else { made }
            }
            Shape::List(Shape::Table(fields)) => {
                let count = (self.share() * 2.0).round() as usize; // the shares of three items with default sizes would exceed 1
                let named = |mut item: Map<String, Json>, number: usize| {
                    item.insert("name".to_owned(), format!("item-{number}").into());
                    Json::Object(item)
                };
                (0..count).map(|number| named(self.some(path, &fields(), &[]), number)).collect()
            }
            Shape::Table(fields) => self.some(path, &fields(), &[]).into(),
            Shape::Text | Shape::Kind(_) | Shape::List(_) => return None, // rankers are drawn separately
        })
    }

    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[((self.share() * words.len() as f64) as usize).min(words.len() - 1)]
    }

    fn whole(&mut self, bounds: Bounds, default: &Json) -> i64 {
        self.number(bounds, default).round() as i64
    }

    /// Returns a number. Half of the draws are below the default. The other half are above it and
    /// denser near it, because ranges are much wider than plausible values.
    fn number(&mut self, Bounds { low, high }: Bounds, default: &Json) -> f64 {
        let share = self.share();
        let middle = default.as_f64().map_or(low, |default| default.clamp(low, high));
        let made = if share < 0.5 {
            low + (middle - low) * 2.0 * share
        } else {
            middle + (high - middle) * (2.0 * share - 1.0).powi(4)
        };
        made.clamp(low, high)
    }

    fn each(&mut self, default: &Json, mut draw: impl FnMut(&mut Self, &Json) -> Json) -> Json {
        default.as_array().into_iter().flatten().map(|default| draw(self, default)).collect()
    }
}

/// Returns the range from which values of a path are drawn.
fn bounds(path: &str, Bounds { low, high }: Bounds) -> Bounds {
    let is_about = |rule: &str| path == rule || path.ends_with(&format!(".{rule}"));
    let most = MOST.iter().find(|(rule, _)| is_about(rule)).map_or(f64::INFINITY, |(_, most)| *most);
    Bounds { low: low.max(-1e9), high: high.min(most).min(1e9) }
}

fn sum(numbers: &Json) -> f64 {
    numbers.as_array().into_iter().flatten().filter_map(Json::as_f64).sum()
}

/// Returns the numbers scaled to a sum of 1.
fn shares_of_one(numbers: &Json) -> Json {
    let (total, count) = (sum(numbers), numbers.as_array().map_or(0, Vec::len));
    let share = |number: &Json| if total > 0.0 { number.as_f64().unwrap_or(0.0) / total } else { 1.0 / count as f64 };
    numbers.as_array().into_iter().flatten().map(share).collect()
}
