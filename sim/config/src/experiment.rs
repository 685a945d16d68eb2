//! The experiment: a file, arguments and packages made into checked settings for every arm and point.

use std::path::{Path, PathBuf};

use recsafe_common::catalogue::Chosen;
use recsafe_people::behavior::probes::{self, Probe};
use recsafe_people::settings::{Behavior, Content, Graph, Harm, Population};
use recsafe_platform::settings::{Enforcement, Feed};
use serde_json::{Value as Json, json};

use crate::conflicts;
use crate::interventions::{self, Rule};
use crate::layers::Layers;
use crate::leaf;
use crate::names::{is_good, suggestion};
use crate::packages;
use crate::problem::{Place, Problem, Problems, Source};
use crate::table::{self, About, Output};
use crate::tree::{Entry, Node, Value};

/// What an experiment is made from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The file's name for people; packages named by path are looked for beside it.
    pub file: PathBuf,
    /// The file's text.
    pub text: String,
    /// `PATH=VALUE` arguments, in order.
    pub set: Vec<String>,
    /// Ids of the metrics that exist.
    pub metrics: Vec<String>,
    /// Names of the groups that exist.
    pub groups: Vec<String>,
}

/// Everything that decides what happens in one arm at one point, but for the seed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who there is.
    pub population: Population,
    /// Whom they follow.
    pub graph: Graph,
    /// What they post.
    pub content: Content,
    /// How they behave.
    pub behavior: Behavior,
    /// What counts as harm.
    pub harm: Harm,
    /// Days of warm-up.
    pub warm_up_days: u32,
    /// How the feed is made.
    pub feed: Feed,
    /// What the platform detects.
    pub enforcement: Enforcement,
    /// The rules, in order.
    pub interventions: Vec<Chosen>,
    /// World settings as JSON.
    pub world: Json,
    /// Policy settings as JSON, interventions among them.
    pub policy: Json,
}

/// One arm: a name, and its settings at every point.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its settings, by point.
    pub points: Vec<Settings>,
}

/// A checked experiment. Only [`Experiment::read`] makes one.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// What is asked, for how long, with which luck.
    pub about: About,
    /// The arm that others are compared with.
    pub baseline: String,
    /// The arms, in the order of the file.
    pub arms: Vec<Arm>,
    /// Settings during the warm-up, by point: the file's own, without any arm's.
    pub before: Vec<Settings>,
    /// Paths that are swept.
    pub swept: Vec<String>,
    /// Values of these, by point; one point without any if nothing is swept.
    pub points: Vec<Vec<Json>>,
    /// Probes.
    pub probes: Vec<Probe>,
    /// What a run keeps.
    pub output: Output,
}

/// Most runs of one experiment.
const MOST_RUNS: usize = 1_000_000;

impl Experiment {
    /// Reads, checks and resolves.
    ///
    /// # Errors
    /// All problems of the input at once.
    pub fn read(input: &Input) -> Result<Experiment, Problems> {
        let mut problems = Problems::default();
        let source = Source::new(&input.file.display().to_string(), input.text.clone());
        let made = Node::parse(&source, &mut problems)
            .and_then(|root| Reader { input, problems: &mut problems }.experiment(&root));
        made.filter(|_| problems.is_empty()).ok_or(problems)
    }
}

/// An arm before points are applied.
struct Draft {
    name: String,
    set: Vec<Entry>,
    rules: Vec<Rule>,
}

/// A value for a path, from `--set` or a sweep.
#[derive(Clone)]
struct Override {
    path: String,
    key: Place,
    node: Node,
}

struct Reader<'a> {
    input: &'a Input,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn experiment(&mut self, root: &Node) -> Option<Experiment> {
        self.known_keys(root);
        let set = self.arguments();
        let (own, of_arms): (Vec<Override>, Vec<Override>) =
            set.into_iter().partition(|set| !set.path.starts_with("arm."));
        let mut base = Layers::default();
        for entry in root.table().unwrap_or_default() {
            base.set_section(entry, self.problems);
        }
        for set in &own {
            base.set(&set.path, &set.key, &set.node, self.problems);
        }
        let drafts = self.drafts(root);
        let (swept, points) = self.sweep(root);
        for set in of_arms.iter().chain(points.iter().flatten()) {
            self.known_arm(set, &drafts);
        }
        let about = self.about(&base, root, &drafts)?;
        let probes = self.probes(root);
        let output = from_json(base.section("output"), self.problems)?;
        let baseline =
            about.baseline.clone().or_else(|| drafts.first().map(|draft| draft.name.clone())).unwrap_or_default();
        let runs = drafts.len().saturating_mul(points.len()).saturating_mul(about.seeds.list().len());
        if runs > MOST_RUNS {
            self.problems.add(
                Problem::of(format!("the plan has {runs} runs, at most {MOST_RUNS} are possible"))
                    .help("fewer points, arms or seeds"),
            );
            return None;
        }
        let before: Vec<Option<Settings>> = points.iter().map(|point| self.resolve(&base, None, &[], point)).collect();
        let arms: Vec<Option<Arm>> = drafts.iter().map(|draft| self.arm(&base, draft, &of_arms, &points)).collect();
        Some(Experiment {
            about,
            baseline,
            arms: arms.into_iter().collect::<Option<_>>()?,
            before: before.into_iter().collect::<Option<_>>()?,
            swept,
            points: points.iter().map(|point| point.iter().map(|set| plain(&set.node)).collect()).collect(),
            probes,
            output,
        })
    }

    /// A path that begins with `arm.` must name one of the arms.
    fn known_arm(&mut self, set: &Override, drafts: &[Draft]) {
        let Some(rest) = set.path.strip_prefix("arm.") else { return };
        if !drafts.iter().any(|draft| rest.strip_prefix(draft.name.as_str()).is_some_and(|rest| rest.starts_with('.')))
        {
            let found = rest.split('.').next().unwrap_or_default();
            let help = suggestion(found, drafts.iter().map(|draft| draft.name.as_str()));
            self.problems.add(Problem::at(&set.key, format!("`{}` names no arm", set.path), "no such arm").help(help));
        }
    }

    fn known_keys(&mut self, root: &Node) {
        let sections = table::sections();
        let names: Vec<&str> = sections.iter().map(|section| section.name).chain(["arm", "sweep", "probe"]).collect();
        for entry in root.table().unwrap_or_default() {
            if !names.contains(&entry.key.as_str()) {
                let problem =
                    Problem::at(&entry.key_place, format!("there is no section `{}`", entry.key), "not known");
                self.problems.add(problem.help(suggestion(&entry.key, names.iter().copied())));
            }
        }
    }

    /// `--set PATH=VALUE`: the value is TOML; a bare word is a text.
    fn arguments(&mut self) -> Vec<Override> {
        let mut sets = Vec::new();
        for argument in &self.input.set {
            let whole = Source::new("--set", argument.clone());
            let Some((path, value)) = argument.split_once('=') else {
                let place = Place { source: whole, span: 0..argument.len() };
                let help = "write --set PATH=VALUE, such as --set population.accounts=2000";
                self.problems.add(Problem::at(&place, "`--set` needs a path and a value", "no `=` in it").help(help));
                continue;
            };
            let (path, value) = (path.trim(), value.trim());
            let key = Place { source: whole.clone(), span: 0..path.len() };
            let text = format!("value = {value}");
            let mut ignored = Problems::default();
            let parsed =
                Node::parse(&Source::new("--set", text), &mut ignored).and_then(|root| root.get("value").cloned());
            // Underlined in the argument itself, which is what the user typed.
            let place = Place { source: whole, span: argument.len() - value.len()..argument.len() };
            let node = parsed.map_or_else(
                || Node { value: Value::Text(value.to_owned()), place: place.clone() },
                |node| moved(node, &place),
            );
            sets.push(Override { path: path.to_owned(), key, node });
        }
        sets
    }

    fn about(&mut self, base: &Layers, root: &Node, drafts: &[Draft]) -> Option<About> {
        let about: About = from_json(base.section("experiment"), self.problems)?;
        let place = |path: &str| base.place(&format!("experiment.{path}")).cloned();
        let mut report = |path: &str, message: String, help: String| {
            let problem = place(path)
                .map_or_else(|| Problem::of(message.clone()), |place| Problem::at(&place, message.clone(), "here"));
            self.problems.add(problem.help(help));
        };
        if !is_good(&about.name) {
            let message = if root.get("experiment").and_then(|table| table.get("name")).is_none() {
                "the experiment has no name: `[experiment] name = \"...\"` is the one thing that a file must say"
                    .to_owned()
            } else {
                format!("\"{}\" cannot name an experiment", about.name)
            };
            report(
                "name",
                message,
                "small letters, digits, `.`, `_`, `-`, beginning with a letter or digit; at most 100".to_owned(),
            );
        }
        if about.title.chars().count() > 200 {
            report("title", "a title has at most 200 characters".to_owned(), "put the rest into `question`".to_owned());
        }
        if about.seeds.count() > MOST_RUNS as u64 {
            report(
                "seeds",
                format!("{} seeds are too many", about.seeds.count()),
                format!("at most {MOST_RUNS} runs are possible"),
            );
            return None;
        }
        let seeds = about.seeds.list();
        let mut distinct = seeds.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if seeds.is_empty() {
            report(
                "seeds",
                "there must be at least one seed".to_owned(),
                "a number such as 8, or a list such as [3, 5, 8]".to_owned(),
            );
        } else if distinct.len() < seeds.len() {
            report(
                "seeds",
                "a seed stands twice: two runs would be the same".to_owned(),
                "name each seed once".to_owned(),
            );
        }
        if let Some(baseline) = &about.baseline
            && !drafts.iter().any(|draft| draft.name == *baseline)
        {
            report(
                "baseline",
                format!("the baseline \"{baseline}\" is not an arm"),
                suggestion(baseline, drafts.iter().map(|draft| draft.name.as_str())),
            );
        }
        for (key, outcome) in [("harm", &about.harm), ("cost", &about.cost)] {
            let (metric, group) = outcome.split_once('@').unwrap_or((outcome, ""));
            if !self.input.metrics.iter().any(|known| known == metric) {
                report(
                    key,
                    format!("there is no metric `{metric}`"),
                    suggestion(metric, self.input.metrics.iter().map(String::as_str)),
                );
            }
            if !group.is_empty() && !self.input.groups.iter().any(|known| known == group) {
                report(
                    key,
                    format!("there is no group `{group}`"),
                    suggestion(group, self.input.groups.iter().map(String::as_str)),
                );
            }
        }
        Some(about)
    }

    fn drafts(&mut self, root: &Node) -> Vec<Draft> {
        let Some(arms) = root.get("arm") else {
            return vec![Draft { name: "as-is".to_owned(), set: Vec::new(), rules: Vec::new() }];
        };
        let Some(items) = arms.list().filter(|items| !items.is_empty()) else {
            let problem = Problem::at(
                &arms.place,
                "`arm` must be a list of at least one arm",
                format!("found {}", arms.describe()),
            );
            self.problems
                .add(problem.help("write each arm as [[arm]] with a name, or leave `arm` out for one arm, as-is"));
            return Vec::new();
        };
        let mut drafts: Vec<Draft> = Vec::new();
        for node in items {
            let draft = self.draft(node);
            if drafts.iter().any(|other| other.name == draft.name) {
                let place = node.get("name").map_or(&node.place, |name| &name.place);
                self.problems.add(
                    Problem::at(place, format!("two arms are called \"{}\"", draft.name), "the second one")
                        .help("each arm needs a name of its own"),
                );
            }
            drafts.push(draft);
        }
        drafts
    }

    fn draft(&mut self, node: &Node) -> Draft {
        const KEYS: [&str; 4] = ["name", "set", "policies", "interventions"];
        for entry in node.table().unwrap_or_default() {
            if !KEYS.contains(&entry.key.as_str()) {
                let problem = Problem::at(&entry.key_place, format!("an arm has no `{}`", entry.key), "not known here");
                self.problems.add(problem.help(format!("{}; settings go into `set`", suggestion(&entry.key, KEYS))));
            }
        }
        let name = node.get("name").and_then(Node::text).unwrap_or_default().to_owned();
        if !is_good(&name) {
            let place = node.get("name").map_or(&node.place, |name| &name.place);
            let message = if node.get("name").is_none() {
                "an arm needs a `name`".to_owned()
            } else {
                format!("\"{name}\" cannot name an arm")
            };
            self.problems.add(
                Problem::at(place, message, "here")
                    .help("small letters, digits, `.`, `_`, `-`, beginning with a letter or digit; at most 100"),
            );
        }
        let mut set = packages::table(node, "set", self.problems);
        let mut rules = Vec::new();
        for package in packages::list(node, "policies", self.problems) {
            self.add_package(&package, &mut set, &mut rules);
        }
        for rule in packages::list(node, "interventions", self.problems) {
            rules.extend(Rule::read(&rule, self.problems));
        }
        interventions::check(&rules, self.problems);
        Draft { name, set, rules }
    }

    fn add_package(&mut self, named: &Node, set: &mut Vec<Entry>, rules: &mut Vec<Rule>) {
        let Some(name) = named.text() else {
            self.problems.add(Problem::at(
                &named.place,
                "a policy package is named by a text",
                format!("found {}", named.describe()),
            ));
            return;
        };
        let folder = self.input.file.parent().unwrap_or(Path::new(""));
        if let Some(package) = packages::load(name, &named.place, folder, self.problems) {
            set.extend(package.set);
            rules.extend(package.interventions.iter().filter_map(|rule| Rule::read(rule, self.problems)));
        }
    }

    /// The swept paths and the points of their grid, the first path slowest.
    fn sweep(&mut self, root: &Node) -> (Vec<String>, Vec<Vec<Override>>) {
        let mut points = vec![Vec::new()];
        let mut swept = Vec::new();
        for entry in packages::table(root, "sweep", self.problems) {
            if entry.key == "sample" {
                self.sample(&entry.node);
                continue;
            }
            let Some(values) = entry.node.list().filter(|values| !values.is_empty()) else {
                let problem = Problem::at(
                    &entry.node.place,
                    format!("the sweep of `{}` must be a list of at least one value", entry.key),
                    format!("found {}", entry.node.describe()),
                );
                self.problems.add(problem.help("such as [0.5, 1.0, 2.0]; ranges are not sampled in this version"));
                continue;
            };
            if points.len().saturating_mul(values.len()) > MOST_RUNS {
                self.problems.add(Problem::at(
                    &entry.node.place,
                    format!("the sweep has more than {MOST_RUNS} points"),
                    "this list",
                ));
                continue;
            }
            let set =
                |node: &Node| Override { path: entry.key.clone(), key: entry.key_place.clone(), node: node.clone() };
            points = points
                .iter()
                .flat_map(|point| values.iter().map(|node| [point.clone(), vec![set(node)]].concat()))
                .collect();
            swept.push(entry.key.clone());
        }
        (swept, points)
    }

    fn sample(&mut self, node: &Node) {
        let method = node.get("method").and_then(Node::text);
        if method != Some("grid") {
            let problem = Problem::at(
                &node.place,
                "the only method of a sweep in this version is \"grid\"",
                format!("found {}", node.describe()),
            );
            self.problems.add(problem.help("leave `sample` out: every combination of the listed values is run"));
        }
    }

    fn probes(&mut self, root: &Node) -> Vec<Probe> {
        let nodes = packages::list(root, "probe", self.problems);
        let mut made = Vec::new();
        for node in &nodes {
            let fields = probes::entries().first().map(|entry| entry.knobs.clone()).unwrap_or_default();
            let mut settings = leaf::defaults(&fields);
            if node.get("script").is_none() {
                self.problems.add(
                    Problem::at(&node.place, "a probe needs a `script`", "this one")
                        .help(suggestion("", probes::entries().iter().map(|entry| entry.id))),
                );
            }
            for entry in node.table().unwrap_or_default() {
                if let Some(field) = leaf::find_field(entry, &fields, "a probe", self.problems)
                    && let Some(value) = leaf::value(
                        &entry.node,
                        field.shape,
                        field.bounds,
                        &format!("probe.{}", field.name),
                        self.problems,
                    )
                {
                    settings.insert(entry.key.clone(), value);
                }
            }
            made.extend(from_json::<Probe>(&Json::Object(settings), self.problems));
        }
        made
    }

    fn arm(&mut self, base: &Layers, draft: &Draft, of_arms: &[Override], points: &[Vec<Override>]) -> Option<Arm> {
        let settings: Vec<Option<Settings>> =
            points.iter().map(|point| self.resolve(base, Some(draft), of_arms, point)).collect();
        Some(Arm { name: draft.name.clone(), points: settings.into_iter().collect::<Option<_>>()? })
    }

    /// One resolved set: the file's settings, the point's, the arm's own, then what `--set` and the point say of the arm. Without
    /// an arm, what holds during the warm-up: the point's world settings, and the file's own policy.
    fn resolve(
        &mut self,
        base: &Layers,
        draft: Option<&Draft>,
        of_arms: &[Override],
        point: &[Override],
    ) -> Option<Settings> {
        let mut layers = base.clone();
        for set in point.iter().filter(|set| !set.path.starts_with("arm.") && (draft.is_some() || is_world(&set.path)))
        {
            layers.set(&set.path, &set.key, &set.node, self.problems);
        }
        let mut rules = Vec::new();
        if let Some(draft) = draft {
            for entry in &draft.set {
                layers.set(&entry.key, &entry.key_place, &entry.node, self.problems);
            }
            rules.clone_from(&draft.rules);
            for set in of_arms.iter().chain(point).filter(|set| set.path.starts_with("arm.")) {
                self.set_in_arm(set, draft, &mut layers, &mut rules);
            }
            interventions::check(&rules, self.problems);
        }
        conflicts::check(&layers, self.problems);
        self.settings(&layers, rules)
    }

    /// `arm.NAME.RULE.KNOB` or `arm.NAME.SECTION.SETTING`, if the arm is this one.
    fn set_in_arm(&mut self, set: &Override, draft: &Draft, layers: &mut Layers, rules: &mut [Rule]) {
        let rest = set.path.strip_prefix("arm.").unwrap_or_default();
        let Some(inner) = rest.strip_prefix(draft.name.as_str()).and_then(|rest| rest.strip_prefix('.')) else {
            return;
        };
        let named = |rule: &&mut Rule| inner.strip_prefix(rule.name()).is_some_and(|rest| rest.starts_with('.'));
        if let Some(rule) = rules.iter_mut().filter(named).max_by_key(|rule| rule.name().len()) {
            let knob = inner[rule.name().len() + 1..].to_owned();
            rule.set(&knob, &set.key, &set.node, self.problems);
        } else if table::sections().iter().any(|section| inner.starts_with(&format!("{}.", section.name))) {
            layers.set(inner, &set.key, &set.node, self.problems);
        } else {
            let help = suggestion(inner, rules.iter().map(Rule::name));
            self.problems.add(
                Problem::at(
                    &set.key,
                    format!("arm `{}` has no intervention for `{inner}`", draft.name),
                    "no such rule",
                )
                .help(help),
            );
        }
    }

    fn settings(&mut self, layers: &Layers, rules: Vec<Rule>) -> Option<Settings> {
        let rules: Vec<Json> = rules.into_iter().map(|rule| Json::Object(rule.settings)).collect();
        let section = |name: &str| layers.section(name).clone();
        let warm_up_days = layers.get("experiment.warm_up_days").cloned().unwrap_or_default();
        let world = json!({
            "population": section("population"), "graph": section("graph"), "content": section("content"),
            "behavior": section("behavior"), "harm": section("harm"), "warm_up_days": warm_up_days,
        });
        let policy = json!({ "feed": section("feed"), "enforcement": section("enforcement"), "interventions": rules });
        let problems = &mut *self.problems;
        Some(Settings {
            population: from_json(&world["population"], problems)?,
            graph: from_json(&world["graph"], problems)?,
            content: from_json(&world["content"], problems)?,
            behavior: from_json(&world["behavior"], problems)?,
            harm: from_json(&world["harm"], problems)?,
            warm_up_days: from_json(&world["warm_up_days"], problems)?,
            feed: from_json(&policy["feed"], problems)?,
            enforcement: from_json(&policy["enforcement"], problems)?,
            interventions: from_json(&policy["interventions"], problems)?,
            world,
            policy,
        })
    }
}

/// Whether a dotted path names a world setting.
fn is_world(path: &str) -> bool {
    table::rows()
        .iter()
        .any(|row| row.side == table::Side::World && (row.path == path || path.starts_with(&format!("{}.", row.path))))
}

fn from_json<T: serde::de::DeserializeOwned>(value: &Json, problems: &mut Problems) -> Option<T> {
    // Every value was checked against the field that the type was declared with; a misfit would be a mistake of this program.
    T::deserialize(value)
        .map_err(|error| problems.add(Problem::of(format!("a checked setting does not fit its type: {error}"))))
        .ok()
}

fn moved(node: Node, place: &Place) -> Node {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| moved(item, place)).collect()),
        Value::Table(entries) => {
            let entry =
                |entry: Entry| Entry { key: entry.key, key_place: place.clone(), node: moved(entry.node, place) };
            Value::Table(entries.into_iter().map(entry).collect())
        }
        other => other,
    };
    Node { value, place: place.clone() }
}

/// A node as plain JSON, for tables of points.
fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Bool(value) => (*value).into(),
        Value::Integer(number) => i64::try_from(*number).map_or(Json::Null, Json::from),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) | Value::Date(text) => text.clone().into(),
        Value::List(items) => Json::Array(items.iter().map(plain).collect()),
        Value::Table(entries) => {
            Json::Object(entries.iter().map(|entry| (entry.key.clone(), plain(&entry.node))).collect())
        }
    }
}
