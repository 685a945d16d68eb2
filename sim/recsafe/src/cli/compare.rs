//! `recsafe compare`: the arms of a results folder against its baseline.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Failure;
use crate::compare::{self, Appearance, Comparison, MetricFacts, MetricValue, Outcome, Question, Selection};
use crate::measure::metrics;
use crate::store::{Data, Folder, Manifest, StoreError};

/// Compare the arms of a results folder, paired by seed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe compare results/quickstart
  recsafe compare results/quickstart --metric dose@minor:stated-adult --metric engagement
  recsafe compare results/quickstart --frontier dose@minor,engagement@all
  recsafe compare results/quickstart --format csv > comparison.csv")]
pub(super) struct Args {
    /// The results folder.
    dir: PathBuf,
    /// Only this metric, of its own group or of the one named; may be given several times.
    #[arg(long, value_name = "ID[@GROUP]")]
    metric: Vec<String>,
    /// Only this arm; may be given several times.
    #[arg(long, value_name = "ARM")]
    arm: Vec<String>,
    /// Show which arms no other arm beats on both of these, instead of the table.
    #[arg(long, value_name = "HARM,COST", value_delimiter = ',')]
    frontier: Option<Vec<String>>,
    /// In which form.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table to read.
    Table,
    /// JSON, every column.
    Json,
    /// CSV, every column.
    Csv,
    /// A table for pasting.
    Markdown,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let mut compared = Compared::read(&args.dir)?;
    if let Some(pair) = &args.frontier {
        return compared.frontier(pair, args.format, out);
    }
    let selection = Selection { metrics: args.metric.clone(), arms: args.arm.clone() };
    let rows = compared.select(&selection)?;
    if !args.arm.is_empty() {
        let Question { arms, baseline, .. } = &mut compared.question;
        arms.retain(|arm| arm == baseline || args.arm.contains(arm)); // the answer too is about these arms only
    }
    match args.format {
        Format::Table => {
            writeln!(out, "{}\n", compared.answer())?;
            compared.print(&rows, super::colour(&std::io::stdout()), super::width(), out)?;
        }
        Format::Json => write!(out, "{}", compare::json(&rows).map_err(std::io::Error::from)?)?,
        Format::Csv => write!(out, "{}", compare::csv(&rows).map_err(std::io::Error::from)?)?,
        Format::Markdown => write!(out, "{}", compare::markdown(&rows, &compared.question))?,
    }
    Ok(())
}

/// A results folder's comparison.
pub(super) struct Compared {
    rows: Vec<Comparison>,
    question: Question,
}

/// Makes the comparison of a results folder and writes `comparison.parquet`.
pub(super) fn write(dir: &Path) -> Result<Compared, Failure> {
    let compared = Compared::read(dir)?;
    Folder::new(dir).write_whole("comparison.parquet", |path| write_rows(path, &compared))?;
    Ok(compared)
}

impl Compared {
    fn read(dir: &Path) -> Result<Compared, Failure> {
        let Some(manifest) = Manifest::load(dir)? else {
            return Err(Failure::input(
                format!("{} holds no results: there is no manifest.json in it", dir.display()),
                "recsafe run makes results",
            ));
        };
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
        Ok(Compared { rows, question })
    }

    fn select(&self, selection: &Selection) -> Result<Vec<Comparison>, Failure> {
        compare::select(&self.rows, &facts(), selection)
            .map_err(|unknown| Failure::input(unknown.to_string(), "recsafe list metrics shows all metrics"))
    }

    /// The answer in sentences.
    pub(super) fn answer(&self) -> String {
        compare::answer(&self.rows, &self.question).join("\n")
    }

    /// A small table: the declared outcomes, and the first things to look at beside them.
    pub(super) fn table(&self, colour: bool, width: usize, out: &mut dyn Write) -> Result<(), Failure> {
        let declared = [&self.question.harm, &self.question.cost].map(ToString::to_string);
        let beside = ["severe-reach@minor:stated-adult", "views", "benign-reach"].map(str::to_owned);
        let metrics = declared.into_iter().chain(beside).collect();
        self.print(&self.select(&Selection { metrics, arms: Vec::new() })?, colour, width, out)
    }

    /// The arms with their means of two outcomes, and which of them no other beats on both.
    fn frontier(&self, pair: &[String], format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        let [harm, cost] = pair else {
            return Err(Failure::input(
                "--frontier takes a harm and a cost",
                "such as --frontier dose@minor,engagement@all",
            ));
        };
        for named in [harm, cost] {
            self.select(&Selection { metrics: vec![named.clone()], arms: Vec::new() })?;
        }
        let (harm, cost) = (outcome(harm), outcome(cost));
        let arms = compare::frontier(&self.rows, &self.question, &harm, &cost);
        let appearance = Appearance { colour: super::colour(&std::io::stdout()), width: super::width() as u16 };
        match format {
            Format::Json => write!(out, "{}", compare::json(&arms).map_err(std::io::Error::from)?)?,
            Format::Csv => write!(out, "{}", compare::csv(&arms).map_err(std::io::Error::from)?)?,
            Format::Table | Format::Markdown => {
                writeln!(out, "{}", compare::frontier_table(&arms, &harm, &cost, appearance))?;
            }
        }
        Ok(())
    }

    fn print(&self, rows: &[Comparison], colour: bool, width: usize, out: &mut dyn Write) -> Result<(), Failure> {
        Ok(writeln!(out, "{}", compare::table(rows, &self.question, Appearance { colour, width: width as u16 }))?)
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
fn outcome(named: &str) -> Outcome {
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
