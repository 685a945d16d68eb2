//! Enough seeds: an experiment with more and more of them, until the interval of one outcome is narrow enough.
//!
//! Looking at the data to decide when to stop favours moments at which the interval happens to be narrow. It is the width that is
//! looked at, never the change, so that the bias is small; it is gone with the first number of seeds that is known to do.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use recsafe_config::table::Seeds;
use recsafe_config::{Experiment, Plan};

use crate::{Options, RunError};
use recsafe_analysis::{Comparison, Outcome, Verdict};
use recsafe_results::Compared;

/// Fewest seeds at which a width is believed: from two or three it is mostly luck.
pub const FEWEST: u64 = 4;

/// An interval that is wished for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Of which outcome.
    pub outcome: Outcome,
    /// Half of the length of the relative change's interval; above 0.
    pub width: f64,
    /// Most seeds to run.
    pub max_seeds: u64,
}

/// How wide an interval is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Seeds.
    pub seeds: u64,
    /// Half of the widest relative interval over arms and points; infinite where there is none.
    pub width: f64,
}

/// What the last runs left behind.
#[derive(Clone, Debug)]
pub struct Reached {
    /// What came of the runs.
    pub outcome: crate::Outcome,
    /// How wide the interval is now.
    pub reach: Reach,
    /// The comparison of all runs.
    pub compared: Option<Compared>,
}

/// Runs an experiment with its own seeds, then with more, until the wish is met or no more seeds are allowed. The experiment
/// is left with the seeds that were run.
///
/// # Errors
/// If a run fails; finished runs are kept.
pub fn run_until(
    experiment: &mut Experiment,
    options: &Options,
    wish: &Wish,
    stop: &AtomicBool,
) -> Result<Reached, RunError> {
    let mut most = experiment.clone();
    extend(&mut most.about.seeds, wish.max_seeds);
    let whole = Plan::new(&most).runs.into_iter().map(|run| run.hash).collect();
    let mut options = Options { part_of: Arc::new(whole), ..options.clone() };
    extend(&mut experiment.about.seeds, FEWEST.min(wish.max_seeds));
    options.status = format!("{} wanted within {}", wish.outcome, per_cent(wish.width));
    let (mut made, mut kept) = (0, None);
    loop {
        let outcome = crate::run(experiment, &options, stop)?;
        made += outcome.made;
        let kept = *kept.get_or_insert(outcome.kept);
        let compared = Compared::read(&options.out, &[])?; // a run keeps what its metrics are
        let reach = reach(compared.as_ref(), wish, experiment.about.seeds.count());
        let next = next(reach, wish);
        if outcome.stopped || next <= reach.seeds {
            return Ok(Reached { outcome: crate::Outcome { kept, made, ..outcome }, reach, compared });
        }
        extend(&mut experiment.about.seeds, next);
        options.overwrite = false;
        options.resume = true;
        options.held = Some(outcome.held);
        options.status = format!("{} within {} ({} wanted)", wish.outcome, per_cent(reach.width), per_cent(wish.width));
    }
}

/// The present width, of the arm and point where it is widest.
fn reach(compared: Option<&Compared>, wish: &Wish, seeds: u64) -> Reach {
    let widths = compared.into_iter().flat_map(|compared| compared.of(&wish.outcome)).map(width);
    Reach { seeds, width: widths.reduce(f64::max).unwrap_or(f64::INFINITY) }
}

/// Half of a row's relative interval, the one that tables show. Arms that are equal in every seed have no width.
fn width(row: &Comparison) -> f64 {
    match (row.relative_low, row.relative_high) {
        _ if Verdict::of(row) == Verdict::Same => 0.0,
        (Some(low), Some(high)) => (high - low) / 2.0,
        _ => f64::INFINITY,
    }
}

/// How many seeds to have next: as many as the width seems to ask for, at most twice what there is.
fn next(reach: Reach, wish: &Wish) -> u64 {
    if reach.width <= wish.width {
        return reach.seeds;
    }
    let asked = reach.seeds as f64 * (reach.width / wish.width).powi(2);
    let wanted = (asked.min(2.0 * reach.seeds as f64).ceil() as u64).max(reach.seeds + 1);
    wanted.min(wish.max_seeds.max(reach.seeds))
}

/// The seeds, and the numbers after the greatest of them, so that there are `count`.
fn extend(seeds: &mut Seeds, count: u64) {
    match seeds {
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

/// A share in per cent, for messages.
#[must_use]
pub fn per_cent(share: f64) -> String {
    if share.is_finite() { recsafe_analysis::per_cent(share) } else { "no interval".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish { outcome: Outcome::new("dose", "minor"), width: 0.1, max_seeds: 50 }
    }

    #[test]
    fn the_width_is_that_of_the_relative_interval() {
        let row = |relative_low, relative_high| Comparison {
            n: 4,
            difference: Some(0.0),
            relative: Some(0.0),
            relative_low,
            relative_high,
            ..Comparison::default()
        };
        assert!((width(&row(Some(-0.3), Some(-0.1))) - 0.1).abs() < 1e-12);
        assert_eq!(width(&row(Some(0.0), Some(0.0))), 0.0);
        assert_eq!(width(&row(None, None)), f64::INFINITY);
    }

    #[test]
    fn a_width_that_does_asks_for_no_more() {
        assert_eq!(next(Reach { seeds: 4, width: 0.1 }, &wish()), 4);
        assert_eq!(next(Reach { seeds: 4, width: 0.0 }, &wish()), 4);
    }

    #[test]
    fn seeds_grow_with_the_square_of_the_width_and_at_most_twofold() {
        assert_eq!(next(Reach { seeds: 10, width: 0.11 }, &wish()), 13);
        assert_eq!(next(Reach { seeds: 10, width: 0.1001 }, &wish()), 11);
        assert_eq!(next(Reach { seeds: 10, width: 0.9 }, &wish()), 20);
        assert_eq!(next(Reach { seeds: 10, width: f64::INFINITY }, &wish()), 20);
    }

    #[test]
    fn no_more_seeds_than_allowed_are_run_and_none_is_taken_back() {
        assert_eq!(next(Reach { seeds: 40, width: 0.9 }, &wish()), 50);
        assert_eq!(next(Reach { seeds: 50, width: 0.9 }, &wish()), 50);
        assert_eq!(next(Reach { seeds: 60, width: 0.9 }, &wish()), 60);
    }

    #[test]
    fn a_list_of_seeds_goes_on_after_its_greatest() {
        let mut seeds = Seeds::Each(vec![7, 3]);
        extend(&mut seeds, 4);
        assert_eq!(seeds, Seeds::Each(vec![7, 3, 8, 9]));
        extend(&mut seeds, 2);
        assert_eq!(seeds.count(), 4);
    }
}
