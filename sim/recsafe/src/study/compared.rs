//! A results folder's comparison: its runs' metrics read, compared, and kept as `comparison.parquet`.

use std::path::Path;

use crate::compare::{self, Comparison, MetricFacts, MetricValue, Outcome, Question, Selection, UnknownName};
use crate::measure::metrics;
use crate::store::{Data, Folder, FolderLock, Manifest, StoreError};

/// A results folder's comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Every metric and group of every arm at every point, against the baseline.
    pub rows: Vec<Comparison>,
    /// What was asked.
    pub question: Question,
}

impl Compared {
    /// Reads and compares what `dir` holds; none if it holds no results.
    ///
    /// # Errors
    /// If a file is damaged or cannot be read.
    pub fn read(dir: &Path) -> Result<Option<Compared>, StoreError> {
        let Some(manifest) = Manifest::load(dir)? else { return Ok(None) };
        let question = question(&manifest);
        let values: Vec<MetricValue> = Folder::new(dir)
            .read_metrics(&manifest)?
            .into_iter()
            .flat_map(|(run, rows)| {
                rows.into_iter().map(move |(metric, group, value)| MetricValue {
                    arm: run.arm.clone(),
                    point: run.point,
                    seed: run.seed,
                    metric,
                    group,
                    value,
                })
            })
            .collect();
        let rows = compare::compare(&values, &facts(), &question, reference(&manifest).as_deref());
        Ok(Some(Compared { rows, question }))
    }

    /// Keeps the comparison in the folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, dir: &Path, held: &FolderLock) -> Result<(), StoreError> {
        Folder::new(dir).write_whole(held, "comparison.parquet", |path| write_rows(path, self))
    }

    /// The rows that were asked for.
    ///
    /// # Errors
    /// For a metric, group or arm that no row has.
    pub fn select(&self, selection: &Selection) -> Result<Vec<Comparison>, UnknownName> {
        compare::select(&self.rows, &facts(), selection)
    }

    /// The rows of one outcome, arm by arm, point by point.
    pub fn of<'a>(&'a self, outcome: &Outcome) -> impl Iterator<Item = &'a Comparison> + use<'a> {
        let outcome = outcome.clone();
        self.rows.iter().filter(move |row| row.metric == outcome.metric && row.group == outcome.group)
    }
}

/// The arm that amplification is measured against: one with a chronological feed, else one with a random one.
fn reference(manifest: &Manifest) -> Option<String> {
    let with = |kind: &str| {
        let ranks = |arm: &&crate::store::ArmEntry| {
            arm.settings["feed"]["ranker"]["kind"] == kind
                && arm.settings["interventions"].as_array().is_none_or(Vec::is_empty)
        };
        manifest.arms.iter().find(ranks).map(|arm| arm.name.clone())
    };
    with("chronological").or_else(|| with("random"))
}

/// An outcome as people write it: `metric@group`, or `metric` for its own group.
#[must_use]
pub fn outcome(named: &str) -> Outcome {
    let (metric, group) = named.split_once('@').unwrap_or((named, ""));
    let own = || metrics::find(metric).map_or("all", |info| info.default_group);
    Outcome::new(metric, if group.is_empty() { own() } else { group })
}

fn question(manifest: &Manifest) -> Question {
    let text = |key: &str| manifest.experiment[key].as_str().unwrap_or_default().to_owned();
    Question {
        baseline: text("baseline"),
        arms: manifest.arms.iter().map(|arm| arm.name.clone()).collect(),
        harm: outcome(&text("harm")),
        cost: outcome(&text("cost")),
        target: manifest.experiment["target"].as_f64(),
    }
}

fn facts() -> Vec<MetricFacts> {
    let fact = |info: &metrics::Info| MetricFacts {
        id: info.id.to_owned(),
        title: info.title.to_owned(),
        family: info.family.to_owned(),
        unit: info.unit.to_owned(),
        direction: info.direction,
        default_group: info.default_group.to_owned(),
    };
    metrics::all().iter().map(|metric| fact(metric.info())).collect()
}

fn write_rows(path: &Path, compared: &Compared) -> Result<(), StoreError> {
    let rows = &compared.rows;
    let text = |of: fn(&Comparison) -> String| rows.iter().map(of).collect::<Data>();
    let number = |of: fn(&Comparison) -> Option<f64>| rows.iter().map(of).collect::<Data>();
    let columns = vec![
        text(|row| row.metric.clone()),
        text(|row| row.group.clone()),
        text(|row| row.unit.clone()),
        text(|row| row.direction.name().to_owned()),
        text(|row| row.arm.clone()),
        text(|row| row.baseline.clone()),
        rows.iter().map(|row| row.point).collect(),
        rows.iter().map(|row| row.n).collect(),
        number(|row| row.mean),
        number(|row| row.mean_baseline),
        number(|row| row.difference),
        number(|row| row.relative),
        number(|row| row.ci_low),
        number(|row| row.ci_high),
        number(|row| row.relative_low),
        number(|row| row.relative_high),
        number(|row| row.p_holm),
        number(|row| row.improved_share),
        number(|row| row.variance_ratio),
        number(|row| row.seeds_needed.map(|seeds| seeds as f64)),
        rows.iter().map(|row| compared.question.declares(&row.metric, &row.group)).collect(),
    ];
    match crate::store::find_table("comparison") {
        Some(table) => crate::store::write(path, table, columns),
        None => Err(StoreError::Columns { table: "comparison".to_owned(), what: "no such table".to_owned() }),
    }
}
