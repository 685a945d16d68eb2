//! Search for a policy: the figures of candidates, their order, and the number of seeds per round.

use std::cmp::Ordering;

use recsafe_config::Experiment;
use recsafe_config::experiment::{Limit, Search};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::compared::Compared;
use super::comparison::Comparison;
use super::metric::Direction;

/// One outcome under a candidate, compared with the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// Mean under the candidate, in the metric's unit.
    pub mean: Option<f64>,
    /// Relative change from the baseline.
    pub relative: Option<f64>,
    /// Lower end of the 95 % interval of `relative`.
    pub relative_low: Option<f64>,
    /// Upper end of the 95 % interval of `relative`.
    pub relative_high: Option<f64>,
}

/// A policy that was evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Number of the candidate, which is also its sweep point in the search's folder.
    pub number: usize,
    /// Value of each knob.
    pub knobs: Map<String, Json>,
    /// Last round of the candidate; the first round is 1.
    pub rung: usize,
    /// Number of seeds in the figures.
    pub seeds: u32,
    /// The harm.
    pub harm: Figure,
    /// The cost.
    pub cost: Figure,
    /// Amount by which the candidate violates the limits: 0 if the candidate meets all limits,
    /// infinite if an outcome with a limit has no value.
    pub miss: f64,
    /// Objective: the harm's change, with the sign chosen so that lower is better; infinite if the
    /// harm has no value.
    score: f64,
}

impl Candidate {
    /// Returns whether the candidate meets all limits.
    #[must_use]
    pub fn feasible(&self) -> bool {
        self.miss <= 0.0
    }

    /// Orders two candidates, the better first. Feasible candidates are ordered by harm. All other
    /// candidates come later and are ordered by their violation.
    #[must_use]
    pub fn order(&self, other: &Candidate) -> Ordering {
        let key = |it: &Candidate| if it.feasible() { (0.0, it.score) } else { (it.miss, it.score) };
        let ((miss, score), (other_miss, other_score)) = (key(self), key(other));
        miss.total_cmp(&other_miss).then(score.total_cmp(&other_score)).then(self.number.cmp(&other.number))
    }
}

/// A round of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Number of seeds per candidate at the end of the round.
    pub seeds: usize,
    /// Number of candidates in the next round.
    pub retained: usize,
}

/// Returns the rounds. The number of seeds doubles in each round, from 1 up to `seeds`. After each
/// round, half of the candidates continue.
#[must_use]
pub fn rungs(candidates: usize, seeds: u64) -> Vec<Rung> {
    let seeds = usize::try_from(seeds).unwrap_or(usize::MAX).max(1);
    let (mut met, mut left, mut rungs) = (1, candidates, Vec::new());
    loop {
        let retained = left.div_ceil(2);
        // A single candidate needs no comparison, so its last round runs all remaining seeds.
        met = if left == 1 { seeds } else { met };
        rungs.push(Rung { seeds: met, retained });
        if met == seeds {
            return rungs;
        }
        (met, left) = ((2 * met).min(seeds), retained);
    }
}

/// Returns the candidates with the figures of their runs, the best first.
#[must_use]
pub fn judged(
    experiment: &Experiment,
    search: &Search,
    compared: &Compared,
    candidates: &[usize],
    rung: usize,
) -> Vec<Candidate> {
    let of = |&number: &usize| candidate(experiment, search, compared, (number, number as u32), rung);
    let mut judged: Vec<Candidate> = candidates.iter().map(of).collect();
    judged.sort_by(Candidate::order);
    judged
}

/// Returns the candidate `number`, whose runs are at `point` in the rows.
#[must_use]
pub fn candidate(
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

/// Returns the relative change if defined, otherwise the difference. The sign is chosen so that
/// lower is better.
fn score(row: &Comparison) -> Option<f64> {
    let change = row.relative.or(row.difference)?;
    Some(if row.direction == Direction::HigherIsBetter { -change } else { change })
}

/// Returns the amount by which a limit is violated.
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
            rungs(candidates, seeds).into_iter().map(|rung| (rung.seeds, rung.retained)).collect()
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
