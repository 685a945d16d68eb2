//! `[optimise]`: the knobs of an arm's policy that a search varies, and limits.

use recsafe_stats::design::Method;
use recsafe_text::suggestion;

use super::arms::Draft;
use super::axis::{Axis, Values};
use super::sweep::{Sweep, sample};
use super::{MOST_PATHS, MOST_VALUES, Reader};
use crate::experiment::{Limit, Sample, Search};
use crate::layers::{Layers, Setter};
use crate::outcomes::known_outcome;
use crate::problem::{Problem, Problems};
use crate::table::{self, Side};
use crate::tree::{Entry, Node, Value};

/// Keys of `[optimise]`.
const KEYS: [&str; 5] = ["arm", "knobs", "limits", "budget", "seed"];

/// Keys of a limit.
const LIMITS: [&str; 4] = ["relative_low", "relative_high", "low", "high"];

/// Maximum number of policies of a search.
const MOST: u64 = 10_000;

impl Reader<'_> {
    /// Returns the search and its candidates, if the file contains a search.
    pub(super) fn search(
        &mut self,
        root: &Node,
        (base, drafts): (&Layers, &[Draft]),
        baseline: Option<&str>,
    ) -> Option<(Search, Sweep)> {
        let node = root.get("optimise")?;
        let Some(entries) = node.table() else {
            let problem =
                Problem::at(&node.location, "`optimise` must be a table", format!("found {}", node.describe()));
            self.problems.add(problem.help("write [optimise]"));
            return None;
        };
        let before = self.problems.len();
        for entry in entries.iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
            let problem =
                Problem::at(&entry.key_location, format!("`optimise` has no `{}`", entry.key), "unknown name");
            self.problems.add(problem.help(suggestion(&entry.key, KEYS)));
        }
        let arm = self.searched_arm(node, drafts, baseline);
        let limits = self.limits(node);
        let budget = self.whole_number(node, "budget", 64, 2, MOST);
        let seed = self.whole_number(node, "seed", 1, 0, u64::MAX);
        let axes = self.knobs(node, (base, drafts), arm.as_deref()?);
        let knobs = axes.iter().map(|(knob, _)| knob.clone()).collect();
        let axes: Vec<Axis> = axes.into_iter().map(|(_, axis)| axis).collect();
        let most = Method::Sobol.most_factors();
        if axes.len() > most {
            let message = format!("a search can vary at most {most} knobs, but this one has {}", axes.len());
            self.problems.add(Problem::at(&node.location, message, "this search"));
        }
        let values = axes.len().saturating_mul(budget.unwrap_or_default() as usize);
        if values > MOST_VALUES {
            let message =
                format!("{} knobs x the budget are {values} values; at most {MOST_VALUES} are allowed", axes.len());
            self.problems.add(Problem::at(&node.location, message, "this search").help("lower `budget`"));
        }
        if self.problems.len() > before {
            return None;
        }
        Some((Search { arm: arm?, knobs, limits }, candidates(&axes, budget? as usize, seed?)))
    }

    fn searched_arm(&mut self, node: &Node, drafts: &[Draft], baseline: Option<&str>) -> Option<String> {
        let Some(named) = node.get("arm") else {
            let problem = Problem::at(&node.location, "a search needs an `arm`", "this search");
            self.problems.add(problem.help(suggestion("", drafts.iter().map(|draft| draft.name.as_str()))));
            return None;
        };
        let name = named.text().unwrap_or_default();
        if !drafts.iter().any(|draft| draft.name == name) {
            let problem = Problem::at(&named.location, format!("{} is not an arm", named.describe()), "set here");
            self.problems.add(problem.help(suggestion(name, drafts.iter().map(|draft| draft.name.as_str()))));
            return None;
        }
        if baseline == Some(name) {
            let message = format!("arm \"{name}\" is the baseline, so it cannot be searched");
            self.problems.add(Problem::at(&named.location, message, "set here").help("add another arm for the search"));
            return None;
        }
        Some(name.to_owned())
    }

    /// Returns the knobs as written in the file, each with an axis.
    fn knobs(&mut self, node: &Node, (base, drafts): (&Layers, &[Draft]), arm: &str) -> Vec<(String, Axis)> {
        let table = node.get("knobs").and_then(Node::table).unwrap_or_default();
        if table.is_empty() {
            let problem = Problem::at(&node.location, "a search needs `knobs`", "this search");
            self.problems.add(
                problem.help("for example: knobs = { \"restrict-messages.coverage\" = { low = 0.0, high = 1.0 } }"),
            );
        }
        let setters: Vec<Setter> = table.iter().flat_map(|entry| opened(&Setter::of(entry))).collect();
        if setters.len() > MOST_PATHS {
            let message = format!("`knobs` has {} paths; at most {MOST_PATHS} are allowed", setters.len());
            self.problems.add(Problem::at(&node.location, message, "this search"));
            return Vec::new();
        }
        let mut knobs: Vec<(String, Axis)> = Vec::new();
        for spelled in setters {
            let front = format!("arm.{arm}.");
            let own = Setter { path: format!("{front}{}", spelled.path), ..spelled.clone() };
            for present in self.present_in_arm(own, drafts) {
                let path = present.path.strip_prefix(&front).unwrap_or(&spelled.path).to_owned();
                if knobs.iter().any(|(known, _)| *known == path) {
                    let message = format!("`{path}` is searched twice");
                    let problem = Problem::at(&present.key, message, "the second one");
                    self.problems.add(problem.help("keep one of them; perhaps one uses an older name"));
                    continue;
                }
                let setter = Setter { path, ..present };
                if let Some(axis) = self.knob(&setter, (base, drafts), arm) {
                    knobs.push((setter.path, axis));
                }
            }
        }
        knobs
    }

    fn knob(&mut self, setter: &Setter, (base, drafts): (&Layers, &[Draft]), arm: &str) -> Option<Axis> {
        let draft = drafts.iter().find(|draft| draft.name == arm)?;
        let own = Setter { path: format!("arm.{arm}.{}", setter.path), ..setter.clone() };
        let setting = setter.path.strip_prefix("set.").unwrap_or(&setter.path);
        match table::side(setting) {
            _ if draft.addressed(&own.path).is_some() => {}
            Some(Side::Policy) => {}
            Some(Side::World) => {
                let message = format!("`{setting}` belongs to the world, but a search can only vary policies");
                let help = "settings of the world are assumptions: vary them with [sweep]";
                self.problems.add(Problem::at(&setter.key, message, "not a policy setting").help(help));
                return None;
            }
            Some(Side::Experiment) => {
                let message = format!("`{setting}` cannot differ between arms or points");
                self.problems.add(Problem::at(&setter.key, message, "not a policy setting"));
                return None;
            }
            None => {
                let message = format!("arm `{arm}` has no intervention or section for `{}`", setter.path);
                let help = suggestion(&setter.path, draft.rules.iter().map(crate::rule::Rule::name));
                self.problems.add(Problem::at(&setter.key, message, "not in this arm").help(help));
                return None;
            }
        }
        let axis = self.axis(&own, drafts)?;
        // Sets the values on a copy, so that their problems are reported by `recsafe run` too.
        let (mut layers, mut rules) = (base.clone(), draft.rules.clone());
        for set in &draft.set {
            layers.set(set, &mut Problems::default()); // reported when the arm is resolved
        }
        for node in axis.listed() {
            self.set_in_arm(&Setter { node, ..own.clone() }, draft, &mut layers, &mut rules);
        }
        Some(axis)
    }

    fn limits(&mut self, node: &Node) -> Vec<Limit> {
        let Some(limits) = node.get("limits") else {
            let problem = Problem::at(&node.location, "a search needs `limits`", "this search");
            let help = "for example: limits = { \"engagement@all\" = { relative_low = -0.05 } }; without a limit on costs, the harshest policy wins";
            self.problems.add(problem.help(help));
            return Vec::new();
        };
        let Some(entries) = limits.table().filter(|entries| !entries.is_empty()) else {
            let message = "`limits` must be a non-empty table of outcomes";
            self.problems.add(Problem::at(&limits.location, message, format!("found {}", limits.describe())));
            return Vec::new();
        };
        entries.iter().filter_map(|entry| self.limit(entry)).collect()
    }

    fn limit(&mut self, entry: &Entry) -> Option<Limit> {
        if let Err(unknown) = known_outcome(&entry.key, &self.input.metrics) {
            self.problems.add(Problem::at(&entry.key_location, unknown.message, "here").help(unknown.help));
            return None;
        }
        let keys = entry.node.table().unwrap_or_default();
        if keys.is_empty() {
            let problem =
                Problem::at(&entry.node.location, format!("the limit of `{}` needs a bound", entry.key), "here");
            self.problems.add(problem.help("for example: { relative_low = -0.05 }"));
        }
        for key in keys.iter().filter(|key| !LIMITS.contains(&key.key.as_str())) {
            let problem = Problem::at(&key.key_location, format!("a limit has no `{}`", key.key), "unknown name");
            self.problems.add(problem.help(suggestion(&key.key, LIMITS)));
        }
        let mut number = |key: &str| {
            let node = entry.node.get(key)?;
            let number = match node.value {
                Value::Integer(number) => Some(number as f64),
                Value::Float(number) => Some(number).filter(|number| number.is_finite()),
                _ => None,
            };
            if number.is_none() {
                let label = format!("found {}", node.describe());
                self.problems.add(Problem::at(
                    &node.location,
                    format!("`{key}` of a limit must be a finite number"),
                    label,
                ));
            }
            number
        };
        Some(Limit {
            outcome: entry.key.clone(),
            relative_low: number("relative_low"),
            relative_high: number("relative_high"),
            low: number("low"),
            high: number("high"),
        })
    }
}

/// Returns the setter itself, or the setters of the paths in its table.
fn opened(setter: &Setter) -> Vec<Setter> {
    match setter.node.table().filter(|_| !super::axis::is_range(&setter.node)) {
        Some(entries) => {
            let inner = |entry: &Entry| Setter { path: format!("{}.{}", setter.path, entry.key), ..Setter::of(entry) };
            entries.iter().flat_map(|entry| opened(&inner(entry))).collect()
        }
        None => vec![setter.clone()],
    }
}

/// Returns the policies to try, without duplicates. If all knobs are lists and the budget allows
/// all combinations, returns all combinations. Otherwise, returns the low and high ends of all
/// ranges, and a low-discrepancy sample.
fn candidates(axes: &[Axis], budget: usize, seed: u64) -> Sweep {
    let lengths = axes.iter().map(|axis| match &axis.values {
        Values::List(values) => Some(values.len()),
        Values::Range(_) => None,
    });
    let lengths: Option<Vec<usize>> = lengths.collect();
    let all =
        lengths.as_ref().and_then(|lengths| lengths.iter().try_fold(1_usize, |all, &length| all.checked_mul(length)));
    let rows = match (lengths, all) {
        (Some(lengths), Some(all)) if all <= budget => combinations(&lengths, all),
        _ => {
            let corners = [vec![0.0; axes.len()], vec![1.0; axes.len()]];
            corners.into_iter().chain(Method::Sobol.rows(axes.len(), budget - 2, seed)).collect()
        }
    };
    let mut met = std::collections::BTreeSet::new();
    let mut values = |row: &Vec<f64>| -> bool {
        let values = axes.iter().zip(row).map(|(axis, &coordinate)| axis.at(coordinate).node.json());
        met.insert(values.collect::<serde_json::Value>().to_string())
    };
    let rows = rows.into_iter().filter(|row| values(row)).collect();
    sample(axes, Sample { method: Method::Sobol, seed, rows })
}

/// Returns the coordinates of all combinations of lists with these lengths.
fn combinations(lengths: &[usize], all: usize) -> Vec<Vec<f64>> {
    let row = |mut number: usize| {
        let mut coordinates: Vec<f64> = Vec::new();
        for &length in lengths {
            coordinates.push(((number % length) as f64 + 0.5) / length as f64);
            number /= length;
        }
        coordinates
    };
    (0..all).map(row).collect()
}
