//! An experiment that is put together in code. It becomes the text of an experiment file, which is read and checked as any other.

use std::path::PathBuf;

use recsafe_people::behavior::probes::Probe;
use toml::{Table, Value};

use super::{Error, Experiment};

/// Puts an experiment together: what is asked, the arms, and settings of the world.
///
/// Nothing is checked before [`ExperimentBuilder::build`], which finds all problems at once. What is left out has the default that
/// `recsafe explain` shows.
///
/// ```
/// use recsafe::prelude::*;
///
/// let experiment = Experiment::builder("message-limits")
///     .question("What if adults could not message minors who do not follow them?")
///     .days(30)
///     .seeds(8)
///     .set("population.accounts", 5_000)
///     .arm(Arm::new("as-is"))
///     .arm(Arm::new("restricted").rule(Rule::new("restrict-messages").set("efficacy", 0.9)))
///     .build()?;
/// assert_eq!(experiment.arms().collect::<Vec<_>>(), ["as-is", "restricted"]);
///
/// let error = Experiment::builder("x").set("population.acounts", 5_000).arm(Arm::new("a")).build().unwrap_err();
/// assert!(error.to_string().contains("`population` has no setting `acounts`"), "{error}");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ExperimentBuilder {
    file: Table,
    folder: PathBuf,
}

/// One arm of an experiment: a name, and what differs in it.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Arm(Table);

/// An intervention with its knobs.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Rule(Table);

impl ExperimentBuilder {
    pub(super) fn new(name: &str) -> Self {
        let builder = ExperimentBuilder { file: Table::new(), folder: PathBuf::from(".") };
        builder.set("experiment.name", name)
    }

    /// What is asked, for people.
    pub fn question(self, question: &str) -> Self {
        self.set("experiment.question", question)
    }

    /// Measured days.
    pub fn days(self, days: u32) -> Self {
        self.set("experiment.days", days)
    }

    /// Days before the measured ones.
    pub fn warm_up_days(self, days: u32) -> Self {
        self.set("experiment.warm_up_days", days)
    }

    /// How many seeds, from 1 on. For seeds of your own, set `experiment.seeds` to a list.
    pub fn seeds(self, count: u32) -> Self {
        self.set("experiment.seeds", count)
    }

    /// The declared harm, as `METRIC` or `METRIC@GROUP`.
    pub fn harm(self, outcome: &str) -> Self {
        self.set("experiment.harm", outcome)
    }

    /// The declared cost, likewise.
    pub fn cost(self, outcome: &str) -> Self {
        self.set("experiment.cost", outcome)
    }

    /// The arm that others are compared with; the first one if it is not named.
    pub fn baseline(self, arm: &str) -> Self {
        self.set("experiment.baseline", arm)
    }

    /// A setting by its dotted path, such as `population.minors`: any that an experiment file may hold outside of arms. The last value of a
    /// path counts.
    pub fn set(mut self, path: &str, value: impl Into<Value>) -> Self {
        insert(&mut self.file, path, value.into());
        self
    }

    /// An arm. The first one is the baseline unless another is named.
    pub fn arm(mut self, arm: Arm) -> Self {
        push(&mut self.file, "arm", arm.0);
        self
    }

    /// Values that a setting takes, by its dotted path; every combination of the swept settings is a point.
    pub fn sweep<V: Into<Value>>(mut self, path: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values = Value::Array(values.into_iter().map(Into::into).collect());
        table(&mut self.file, "sweep").insert(path.to_owned(), values);
        self
    }

    /// A group of test accounts beside the population.
    pub fn probe(mut self, probe: &Probe) -> Self {
        if let Ok(Value::Table(probe)) = Value::try_from(probe) {
            push(&mut self.file, "probe", probe);
        }
        self
    }

    /// The folder in which the experiment's policy packages, graphs and likes are looked for by relative paths; the working directory if
    /// it is not set.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The text of the experiment file that says the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_table));
        let is_bare = |value: &Value| !value.is_table() && !is_list(value);
        let (bare, tables): (Table, Table) = self.file.clone().into_iter().partition(|(_, value)| is_bare(value));
        let (first, rest): (Table, Table) = tables.into_iter().partition(|(section, _)| section == "experiment");
        format!("{bare}{first}\n{rest}")
    }

    /// Checks everything.
    ///
    /// # Errors
    /// [`Error::Experiment`] with all problems at once. Lines and columns are those of [`ExperimentBuilder::to_toml`].
    pub fn build(&self) -> Result<Experiment, Error> {
        Experiment::of_text(self.folder.join("experiment.toml"), self.to_toml())
    }
}

impl Arm {
    /// An arm in which nothing differs yet.
    pub fn new(name: &str) -> Self {
        Arm(Table::from_iter([("name".to_owned(), Value::from(name))]))
    }

    /// A setting in this arm alone, by its dotted path.
    pub fn set(mut self, path: &str, value: impl Into<Value>) -> Self {
        table(&mut self.0, "set").insert(path.to_owned(), value.into());
        self
    }

    /// An intervention: a [`Rule`], or just its kind.
    pub fn rule(mut self, rule: impl Into<Rule>) -> Self {
        push(&mut self.0, "interventions", rule.into().0);
        self
    }

    /// A policy package: the name of a shipped one, or a path.
    pub fn package(mut self, name: &str) -> Self {
        push(&mut self.0, "policies", name.to_owned());
        self
    }
}

impl Rule {
    /// An intervention of this kind, its knobs at their defaults.
    pub fn new(kind: &str) -> Self {
        Rule(Table::from_iter([("kind".to_owned(), Value::from(kind))]))
    }

    /// A knob, or a setting of its roll-out such as `start_day`, by its dotted path.
    pub fn set(mut self, knob: &str, value: impl Into<Value>) -> Self {
        insert(&mut self.0, knob, value.into());
        self
    }
}

impl From<&str> for Rule {
    fn from(kind: &str) -> Self {
        Rule::new(kind)
    }
}

/// Puts a value where a dotted path says; what is in the way gives way.
fn insert(root: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        Some((section, rest)) => insert(table(root, section), rest, value),
        None => drop(root.insert(path.to_owned(), value)),
    }
}

/// The table of this name, an empty one if there is none.
fn table<'a>(root: &'a mut Table, name: &str) -> &'a mut Table {
    let place = root.entry(name.to_owned()).or_insert_with(|| Value::Table(Table::new()));
    if !place.is_table() {
        *place = Value::Table(Table::new());
    }
    let Value::Table(table) = place else { unreachable!("it was made one just now") };
    table
}

/// Adds to the list of this name.
fn push(root: &mut Table, name: &str, value: impl Into<Value>) {
    if let Value::Array(list) = root.entry(name.to_owned()).or_insert_with(|| Value::Array(Vec::new())) {
        list.push(value.into());
    }
}

#[cfg(test)]
mod tests {
    use recsafe_people::behavior::probes::Script;

    use super::*;

    #[test]
    fn the_text_says_what_was_put_together() {
        let builder = Experiment::builder("study")
            .days(3)
            .set("experiment.seeds", vec![3, 5])
            .set("feed.ranker.kind", "content")
            .sweep("population.minors", [0.1, 0.2])
            .probe(&Probe { script: Script::Clicker, count: 2, ..Probe::default() })
            .arm(Arm::new("as-is"))
            .arm(Arm::new("x").set("feed.ranker.kind", "random").package("teen-defaults").rule("message-warning"))
            .arm(Arm::new("y").rule(Rule::new("message-warning").set("start_day", 2)));
        let experiment = builder.build().unwrap();
        assert_eq!(experiment.seeds(), [3, 5]);
        assert_eq!(experiment.arms().collect::<Vec<_>>(), ["as-is", "x", "y"]);
        assert_eq!(experiment.points(), 2);
        insta::assert_snapshot!(builder.to_toml());
    }

    #[test]
    fn the_last_value_of_a_path_counts_and_a_table_takes_the_place_of_a_value() {
        let builder = Experiment::builder("a").set("x", 1).set("x.y", 2).set("x.y", 3);
        assert!(builder.to_toml().contains("[x]\ny = 3"), "{}", builder.to_toml());
    }

    #[test]
    fn all_problems_are_found_at_once() {
        let wrong = Experiment::builder("a").days(0).arm(Arm::new("b").rule("message-warnin")).build().unwrap_err();
        let told = wrong.to_string();
        assert!(told.contains("days") && told.contains("`message-warning`"), "{told}");
        assert!(wrong.is_input());
    }
}
