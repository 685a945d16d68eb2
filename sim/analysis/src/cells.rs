//! Lines of a comparison as text, for the terminal's table and Markdown.

use std::collections::BTreeMap;

use recsafe_stats::SIGNIFICANCE;

use super::comparison::{Comparison, Status};
use super::metric::Direction;
use super::number::{plain, probability};
use super::question::Question;
use super::verdict::Verdict;
use super::wording::{change, interval, seeds};

/// Placeholder for a missing number.
pub(super) const NONE: &str = "-";

/// One outcome with the lines of its arms.
pub(super) struct Block {
    /// Whether the outcome was declared.
    pub status: Status,
    /// Label of the outcome: `harm: dose@minor`, `cost: engagement@all`, `views@all`.
    pub outcome: String,
    /// The metric's unit.
    pub unit: String,
    /// Direction of improvement: `lower is better`, `higher is better`, or an empty text.
    pub direction: &'static str,
    /// Lines of the baseline, then of each arm. Each arm has one line per point.
    pub lines: Vec<Line>,
}

/// One arm at one point.
pub(super) struct Line {
    pub arm: String,
    pub point: u32,
    pub mean: String,
    pub change: String,
    pub interval: String,
    pub p: String,
    /// The verdict; `None` for the baseline.
    pub verdict: Option<Verdict>,
    pub seeds_needed: String,
    /// The row that the line shows; `None` for the baseline.
    pub row: Option<Comparison>,
}

/// Groups the rows into blocks: the declared harm, the declared cost, then the other outcomes in
/// their order.
pub(super) fn blocks(rows: &[Comparison], question: &Question) -> Vec<Block> {
    let mut of_outcome: Vec<Vec<&Comparison>> = Vec::new();
    for row in rows {
        let same = |block: &&mut Vec<&Comparison>| block[0].metric == row.metric && block[0].group == row.group;
        match of_outcome.iter_mut().find(same) {
            Some(block) => block.push(row),
            None => of_outcome.push(vec![row]),
        }
    }
    let role = |row: &Comparison| {
        let declared = [&question.harm, &question.cost];
        declared.iter().position(|it| it.metric == row.metric && it.group == row.group).unwrap_or(declared.len())
    };
    of_outcome.sort_by_key(|block| role(block[0]));
    of_outcome.iter().map(|rows| block(rows, ["harm: ", "cost: ", ""][role(rows[0])])).collect()
}

fn block(rows: &[&Comparison], role: &str) -> Block {
    let first = rows[0];
    let arms = rows.iter().filter(|row| row.arm != row.baseline).map(|row| arm_line(row));
    Block {
        status: first.status,
        outcome: format!("{role}{}", first.outcome()),
        unit: first.unit.clone(),
        direction: match first.direction {
            Direction::LowerIsBetter => "lower is better",
            Direction::HigherIsBetter => "higher is better",
            Direction::Neither => "",
        },
        lines: baseline_lines(rows).into_iter().chain(arms).collect(),
    }
}

/// Returns the baseline's line at each point. If arms are paired over different seeds, the
/// baseline's mean is from the row with the most seeds.
fn baseline_lines(rows: &[&Comparison]) -> Vec<Line> {
    let mut fullest: BTreeMap<u32, &Comparison> = BTreeMap::new();
    for row in rows {
        let known = fullest.entry(row.point).or_insert(row);
        if row.n > known.n {
            *known = row;
        }
    }
    let line = |row: &Comparison| Line {
        arm: format!("{} (baseline)", row.baseline),
        point: row.point,
        mean: row.mean_baseline.map_or(NONE.to_owned(), plain),
        change: String::new(),
        interval: String::new(),
        p: String::new(),
        verdict: None,
        seeds_needed: String::new(),
        row: None,
    };
    fullest.into_values().map(line).collect()
}

fn arm_line(row: &Comparison) -> Line {
    let or_none = |cell: Option<String>| cell.unwrap_or_else(|| NONE.to_owned());
    Line {
        arm: row.arm.clone(),
        point: row.point,
        mean: or_none(row.mean.map(plain)),
        change: or_none(change(row)),
        interval: or_none(interval(row)),
        p: or_none(row.p.map(probability)),
        verdict: Some(Verdict::of(row)),
        seeds_needed: or_none(row.seeds_needed.map(|seeds| seeds.to_string())),
        row: Some(row.clone()),
    }
}

/// Returns whether the rows are of an experiment with sweep points.
pub(super) fn is_swept(rows: &[Comparison]) -> bool {
    rows.iter().any(|row| row.point != rows[0].point)
}

/// Returns the notes needed to read the table, one paragraph per item.
pub(super) fn notes(rows: &[Comparison]) -> Vec<String> {
    let compared: Vec<&Comparison> = rows.iter().filter(|row| row.difference.is_some()).collect();
    let counts = || compared.iter().map(|row| row.n);
    let Some((least, most)) = counts().min().zip(counts().max()) else {
        return vec!["There is nothing to compare: no other arm has a value for a seed of the baseline.".to_owned()];
    };
    let change =
        "change: difference from the baseline, paired by seed; in %, or in the metric's unit if the baseline is 0.";
    if most == 1 {
        return vec![change.to_owned(), ONE_SEED.to_owned()];
    }
    let over = if least == most { seeds(most) } else { format!("{least} to {}", seeds(most)) };
    let has = |status: Status| compared.iter().any(|row| row.status == status);
    let even = compared.iter().any(|row| row.n > 1 && row.p.is_none());
    let notes = [
        Some(change.to_owned()),
        Some(format!(
            "95 % interval: Student-t over {over}, of log ratios if every value is above 0, otherwise of differences. With the same seed, all arms start from the same world and use the same random numbers. The unit of replication is the run, not the account. The interval shows the random variation between seeds, not the effect of the assumptions."
        )),
        Some(format!(
            "p: from the same model; at most {SIGNIFICANCE} if and only if the interval excludes 0. The verdict is better, worse, lower or higher only if the interval excludes 0. unclear: the seeds show no clear change. same: equal in every seed."
        )),
        has(Status::Confirmatory).then(|| adjusted(rows)),
        has(Status::Exploratory).then(|| EXPLORATORY.to_owned()),
        Some(format!(
            "seeds needed: with about this many seeds, the interval would extend 10 % to either side; {NONE} means that no number is enough."
        )),
        (least == 1).then(|| ONE_SEED.to_owned()),
        even.then(|| EVEN.to_owned()),
    ];
    notes.into_iter().flatten().collect()
}

/// Describes the adjustment of intervals and p values of declared outcomes.
fn adjusted(rows: &[Comparison]) -> String {
    let across = if is_swept(rows) { "arms and points" } else { "arms" };
    format!(
        "Declared outcomes were named before the runs. Their intervals and p values are adjusted for the number of {across} (single-step max-t), so the level of 95 % applies to all intervals of an outcome together."
    )
}

/// Returns the essential notes.
pub(super) fn brief_notes(rows: &[Comparison]) -> Vec<String> {
    match rows.iter().filter(|row| row.difference.is_some()).map(|row| row.n).max() {
        None => notes(rows),
        Some(1) => vec![ONE_SEED.to_owned()],
        Some(most) => vec![format!(
            "change: difference from the baseline, paired by seed, with its 95 % interval over {}. For declared outcomes, interval and p are adjusted for the number of arms. The interval shows the random variation between seeds, not the effect of the assumptions.",
            seeds(most)
        )],
    }
}

/// Note about exploratory rows.
const EXPLORATORY: &str = "Exploratory rows are not adjusted for their number, so some of these rows can be clear by chance alone. Treat these rows as questions for another experiment, not as findings.";

/// Note about one seed.
const ONE_SEED: &str = "one seed: no interval and no p, because a single run does not show the effect of chance. Run more seeds, for example `--seeds 8`; 2 seeds are enough for an interval.";

/// Note about equal changes.
const EVEN: &str = "No interval despite several seeds: all seeds show the same change, and there are too few seeds to show the effect of chance. An interval needs 6 seeds for one arm, and more seeds for several arms.";
