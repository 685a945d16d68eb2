//! The search for a policy: successive halving over seeds, with common random numbers.
//!
//! Every candidate is a sweep point of one arm. All of them meet a few seeds; the better half of them meets twice as many; and so
//! on, until those that are left have met them all. Candidates of one round meet the same worlds and the same luck, so that they
//! are told apart by what they do. The best of many figures is too good to be true: the winner is run again on seeds that the
//! search never saw, and it is this figure that is given.
//!
//! Source: Karnin, Koren and Somekh (2013), "Almost optimal exploration in multi-armed bandits", ICML; Jamieson and Talwalkar
//! (2016), "Non-stochastic best arm identification and hyperparameter optimization", AISTATS.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use recsafe_config::experiment::{Arm, Limit, Search};
use recsafe_config::table::Seeds;
use recsafe_config::{Experiment, Plan};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{Options, RunError};
use recsafe_analysis::{Comparison, Direction};
use recsafe_results::Compared;
use recsafe_results::{Data, Folder, FolderLock, Holding, StoreError, WINNER, write_open};

/// One outcome of a candidate against the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// Mean under the candidate, in the metric's unit.
    pub mean: Option<f64>,
    /// Relative change against the baseline.
    pub relative: Option<f64>,
    /// Lower end of its 95 % interval.
    pub relative_low: Option<f64>,
    /// Upper end of it.
    pub relative_high: Option<f64>,
}

/// A policy that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its number: the sweep point of the search's folder.
    pub number: usize,
    /// Value of each knob.
    pub knobs: Map<String, Json>,
    /// The last round that it took part in, from 1.
    pub rung: usize,
    /// Seeds behind its figures.
    pub seeds: u32,
    /// The harm.
    pub harm: Figure,
    /// The cost.
    pub cost: Figure,
    /// How far it misses its limits, 0 if it keeps them; infinite where a limited outcome has no value.
    pub miss: f64,
    /// What is to be low: the harm's change, turned so that less is better; infinite where it has no value.
    score: f64,
}

impl Candidate {
    /// Whether it keeps all limits.
    #[must_use]
    pub fn feasible(&self) -> bool {
        self.miss <= 0.0
    }

    /// The better first: those that keep the limits by harm, then the others by how far they miss them.
    fn order(&self, other: &Candidate) -> Ordering {
        let key = |it: &Candidate| if it.feasible() { (0.0, it.score) } else { (it.miss, it.score) };
        let ((miss, score), (other_miss, other_score)) = (key(self), key(other));
        miss.total_cmp(&other_miss).then(score.total_cmp(&other_score)).then(self.number.cmp(&other.number))
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Every candidate with the figures of its last round, the best of the last round first.
    pub candidates: Vec<Candidate>,
    /// The winner with its figures on fresh seeds; none if no candidate of the last round keeps the limits.
    pub winner: Option<Candidate>,
    /// The folder of the winner's runs.
    pub winner_folder: PathBuf,
}

/// Searches. `None` if it was stopped; finished runs are kept, and the same search with `resume` goes on from there.
///
/// # Errors
/// If a run fails.
pub fn optimise(
    experiment: &Experiment,
    search: &Search,
    options: &Options,
    stop: &AtomicBool,
) -> Result<Option<Found>, RunError> {
    let winner_folder = options.out.join(WINNER);
    refuse_another_winner(experiment, &winner_folder)?;
    let mut left: Vec<usize> = (0..experiment.points.len()).collect();
    let mut tried: Vec<Candidate> = Vec::new();
    let mut compared = None;
    let whole = Plan::new(experiment).runs.into_iter().map(|run| run.hash).collect();
    let mut options = Options { part_of: Arc::new(whole), ..options.clone() };
    let rungs = rungs(left.len(), experiment.about.seeds.count());
    for (place, rung) in rungs.iter().enumerate() {
        options.status = format!("round {} of {}, {} policies", place + 1, rungs.len(), left.len());
        let round = first_seeds(experiment, rung.seeds);
        let ran = crate::run(&round, &Options { points: Some(left.clone()), ..options.clone() }, stop)?;
        if ran.stopped {
            return Ok(None);
        }
        options = Options { overwrite: false, resume: true, held: Some(ran.held), ..options };
        compared = Compared::read(&options.out, &[])?; // a run keeps what its metrics are
        let mut judged = judge(experiment, search, compared.as_ref(), &left, place + 1);
        judged.sort_by(Candidate::order);
        left = judged.iter().take(rung.kept).map(|candidate| candidate.number).collect();
        tried.retain(|old| judged.iter().all(|new| new.number != old.number));
        tried.splice(0..0, judged);
    }
    let winner = match tried.first().filter(|best| best.feasible()) {
        Some(best) => {
            let Some(winner) = on_fresh_seeds(
                experiment,
                search,
                best,
                &Options { out: winner_folder.clone(), held: None, ..options.clone() },
                stop,
            )?
            else {
                return Ok(None);
            };
            Some(winner)
        }
        None => None,
    };
    let found = Found { candidates: tried, winner, winner_folder };
    if let Some(held) = &options.held {
        if let Some(compared) = &compared {
            compared.write(&options.out, held)?;
        }
        write(&found, experiment, &options.out, held)?;
    }
    Ok(Some(found))
}

/// Refuses if something else is in the place of the winner's runs: before the search, not after it.
fn refuse_another_winner(experiment: &Experiment, folder: &Path) -> Result<(), StoreError> {
    match Folder::new(folder).holding()? {
        Holding::Foreign => Err(StoreError::NotResults(folder.to_owned())),
        Holding::Results(Some(found)) => match found.experiment.name {
            name if !name.is_empty() && name != experiment.about.name => {
                Err(StoreError::OtherExperiment { path: folder.to_owned(), name })
            }
            _ => Ok(()),
        },
        Holding::Results(None) | Holding::Nothing => Ok(()),
    }
}

/// One round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rung {
    /// Seeds that its candidates have met at its end.
    seeds: usize,
    /// Candidates that go on to the next round.
    kept: usize,
}

/// The rounds: seeds double from 1 until all are met, and half of the candidates go on each time.
fn rungs(candidates: usize, seeds: u64) -> Vec<Rung> {
    let seeds = usize::try_from(seeds).unwrap_or(usize::MAX).max(1);
    let (mut met, mut left, mut rungs) = (1, candidates, Vec::new());
    loop {
        let kept = left.div_ceil(2);
        // The last of the candidates has nobody to be told apart from: it meets what is left at once.
        met = if left == 1 { seeds } else { met };
        rungs.push(Rung { seeds: met, kept });
        if met == seeds {
            return rungs;
        }
        (met, left) = ((2 * met).min(seeds), kept);
    }
}

/// The experiment with its first seeds only.
fn first_seeds(experiment: &Experiment, count: usize) -> Experiment {
    let mut round = experiment.clone();
    round.about.seeds = Seeds::Each(experiment.about.seeds.list().into_iter().take(count).collect());
    round
}

/// The candidates with what their runs give.
fn judge(
    experiment: &Experiment,
    search: &Search,
    compared: Option<&Compared>,
    candidates: &[usize],
    rung: usize,
) -> Vec<Candidate> {
    let Some(compared) = compared else { return Vec::new() };
    candidates.iter().map(|&number| candidate(experiment, search, compared, (number, number as u32), rung)).collect()
}

/// The candidate `number`, whose runs stand at `point` among the rows.
fn candidate(
    experiment: &Experiment,
    search: &Search,
    compared: &Compared,
    (number, point): (usize, u32),
    rung: usize,
) -> Candidate {
    let find =
        |named: &str| compared.of(&compared.outcome(named)).find(|row| row.arm == search.arm && row.point == point);
    let (harm, cost) = (find(&experiment.about.harm), find(&experiment.about.cost));
    let knobs = search.knobs.iter().cloned().zip(experiment.points[number].iter().cloned()).collect();
    Candidate {
        number,
        knobs,
        rung,
        seeds: harm.map_or(0, |row| row.n),
        harm: harm.map(figure).unwrap_or_default(),
        cost: cost.map(figure).unwrap_or_default(),
        miss: search.limits.iter().map(|limit| miss(limit, find(&limit.outcome))).fold(0.0, f64::max),
        score: harm.and_then(score).unwrap_or(f64::INFINITY),
    }
}

fn figure(row: &Comparison) -> Figure {
    let Comparison { mean, relative, relative_low, relative_high, .. } = *row;
    Figure { mean, relative, relative_low, relative_high }
}

/// The change, turned so that less is better: relative where it is defined.
fn score(row: &Comparison) -> Option<f64> {
    let change = row.relative.or(row.difference)?;
    Some(if row.direction == Direction::HigherIsBetter { -change } else { change })
}

/// How far a limit is missed.
fn miss(limit: &Limit, row: Option<&Comparison>) -> f64 {
    let below =
        |low: Option<f64>, value: Option<f64>| low.map_or(0.0, |low| value.map_or(f64::INFINITY, |value| low - value));
    let above = |high: Option<f64>, value: Option<f64>| {
        high.map_or(0.0, |high| value.map_or(f64::INFINITY, |value| value - high))
    };
    let (relative, mean) = (row.and_then(|row| row.relative), row.and_then(|row| row.mean));
    let misses = [
        below(limit.relative_low, relative),
        above(limit.relative_high, relative),
        below(limit.low, mean),
        above(limit.high, mean),
    ];
    misses.into_iter().fold(0.0, f64::max)
}

/// The winner on as many seeds that the search never saw.
fn on_fresh_seeds(
    experiment: &Experiment,
    search: &Search,
    best: &Candidate,
    options: &Options,
    stop: &AtomicBool,
) -> Result<Option<Candidate>, RunError> {
    let known = experiment.about.seeds.list();
    let first = known.iter().max().map_or(1, |greatest| greatest + 1);
    let point = best.number;
    let only = |arm: &Arm| Arm { name: arm.name.clone(), points: vec![arm.points[point].clone()] };
    let mut fresh = experiment.clone();
    fresh.arms = experiment.arms.iter().map(only).collect();
    fresh.before = vec![experiment.before[point].clone()];
    fresh.points = vec![experiment.points[point].clone()];
    fresh.about.seeds = Seeds::Each((first..first + known.len() as u64).collect());
    let status = "the winner on fresh seeds".to_owned();
    let options = Options { status, points: None, resume: true, overwrite: false, ..options.clone() };
    let ran = crate::run(&fresh, &options, stop)?;
    if ran.stopped {
        return Ok(None);
    }
    let Some(compared) = Compared::read(&options.out, &[])? else { return Ok(None) };
    compared.write(&options.out, &ran.held)?;
    Ok(Some(candidate(experiment, search, &compared, (point, 0), best.rung)))
}

/// Writes `candidates.parquet`, one row a candidate.
fn write(found: &Found, experiment: &Experiment, folder: &Path, held: &FolderLock) -> Result<(), StoreError> {
    let all = &found.candidates;
    let number = |of: fn(&Candidate) -> Option<f64>| all.iter().map(of).collect::<Data>();
    let mut columns = vec![("candidate".to_owned(), all.iter().map(|it| it.number as u32).collect::<Data>())];
    for (place, path) in experiment.swept.iter().enumerate() {
        let values: Vec<&Json> = all.iter().map(|it| &experiment.points[it.number][place]).collect();
        columns.push((path.clone(), Data::of_json(&values)));
    }
    columns.extend([
        ("rung".to_owned(), all.iter().map(|it| it.rung as u32).collect()),
        ("seeds".to_owned(), all.iter().map(|it| it.seeds).collect()),
        ("harm".to_owned(), number(|it| it.harm.mean)),
        ("harm_relative".to_owned(), number(|it| it.harm.relative)),
        ("cost".to_owned(), number(|it| it.cost.mean)),
        ("cost_relative".to_owned(), number(|it| it.cost.relative)),
        ("feasible".to_owned(), all.iter().map(Candidate::feasible).collect()),
        (
            "winner".to_owned(),
            all.iter().map(|it| found.winner.as_ref().is_some_and(|winner| winner.number == it.number)).collect(),
        ),
    ]);
    Folder::new(folder).write_whole(held, "candidates.parquet", |path| {
        write_open(path, "One row a policy that the search tried, with the figures of its last round.", columns)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: usize, score: f64, miss: f64) -> Candidate {
        let (harm, cost) = (Figure::default(), Figure::default());
        Candidate { number, knobs: Map::new(), rung: 1, seeds: 1, harm, cost, miss, score }
    }

    #[test]
    fn half_of_the_candidates_meet_twice_the_seeds() {
        let shape = |candidates, seeds| -> Vec<(usize, usize)> {
            rungs(candidates, seeds).into_iter().map(|rung| (rung.seeds, rung.kept)).collect()
        };
        assert_eq!(shape(64, 8), [(1, 32), (2, 16), (4, 8), (8, 4)]);
        assert_eq!(shape(5, 6), [(1, 3), (2, 2), (4, 1), (6, 1)]);
        assert_eq!(shape(2, 8), [(1, 1), (8, 1)]);
        assert_eq!(shape(7, 1), [(1, 4)]);
    }

    #[test]
    fn a_limit_that_is_kept_comes_before_less_harm() {
        let mut all =
            [candidate(0, -0.9, 0.2), candidate(1, -0.1, 0.0), candidate(2, -0.3, 0.0), candidate(3, -0.5, 0.1)];
        all.sort_by(Candidate::order);
        assert_eq!(all.map(|it| it.number), [2, 1, 3, 0]);
    }

    #[test]
    fn candidates_without_a_value_come_last() {
        let mut all = [candidate(0, f64::INFINITY, 0.0), candidate(1, 0.0, f64::INFINITY), candidate(2, 0.5, 0.0)];
        all.sort_by(Candidate::order);
        assert_eq!(all.map(|it| it.number), [2, 0, 1]);
    }

    #[test]
    fn limits_are_missed_by_as_much_as_they_are_passed() {
        let limit = Limit {
            outcome: "engagement@all".to_owned(),
            relative_low: Some(-0.05),
            high: Some(9.0),
            ..Limit::default()
        };
        let row = |relative, mean| Comparison { relative: Some(relative), mean: Some(mean), ..Comparison::default() };
        assert_eq!(miss(&limit, Some(&row(-0.04, 8.0))), 0.0);
        assert!((miss(&limit, Some(&row(-0.08, 8.0))) - 0.03).abs() < 1e-12);
        assert_eq!(miss(&limit, Some(&row(0.0, 9.5))), 0.5);
        assert_eq!(miss(&limit, None), f64::INFINITY);
    }

    #[test]
    fn more_of_what_should_be_high_is_better() {
        let row = |direction| Comparison { relative: Some(0.2), direction, ..Comparison::default() };
        assert_eq!(score(&row(Direction::HigherIsBetter)), Some(-0.2));
        assert_eq!(score(&row(Direction::LowerIsBetter)), Some(0.2));
        assert_eq!(score(&Comparison { difference: Some(-3.0), ..Comparison::default() }), Some(-3.0));
    }
}
