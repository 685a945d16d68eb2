//! Runs with more and more seeds until the interval of an outcome is narrow enough.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use recsafe_analysis::Compared;
use recsafe_analysis::sequential::{FEWEST, Reach, Wish, next, per_cent};
use recsafe_config::{Experiment, Plan};
use recsafe_results::Folder;

use crate::{Options, RunError};

/// The result of the last runs.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The outcome of the runs.
    pub outcome: crate::Outcome,
    /// The present width of the interval.
    pub reach: Reach,
    /// The comparison of all runs.
    pub compared: Option<Compared>,
}

/// Runs an experiment with its own seeds, then with more, until the interval is narrow enough or
/// the limit of seeds is reached. `experiment` gets the seeds that were run.
///
/// # Errors
/// If a run fails. Finished runs are kept.
pub fn run_until(
    experiment: &mut Experiment,
    options: &Options,
    wish: &Wish,
    stop: &AtomicBool,
) -> Result<Reached, RunError> {
    let mut most = experiment.clone();
    most.about.seeds.extend_to(wish.max_seeds);
    let whole = Plan::new(&most).runs.into_iter().map(|run| run.hash).collect();
    let mut options = Options { part_of: Arc::new(whole), ..options.clone() };
    experiment.about.seeds.extend_to(FEWEST.min(wish.max_seeds));
    options.status = format!("{}, target {}", wish.outcome, per_cent(wish.width));
    let (mut made, mut kept) = (0, None);
    loop {
        let outcome = crate::run(experiment, &options, stop)?;
        made += outcome.made;
        let kept = *kept.get_or_insert(outcome.kept);
        let compared = Folder::new(&options.out).compared(&[], None)?; // the folder describes its metrics
        let reach = Reach::of(compared.as_ref(), wish, experiment.about.seeds.count());
        let next = next(reach, wish);
        if outcome.stopped || next <= reach.seeds {
            return Ok(Reached { outcome: crate::Outcome { kept, made, ..outcome }, reach, compared });
        }
        experiment.about.seeds.extend_to(next);
        options.overwrite = false;
        options.resume = true;
        options.held = Some(outcome.held);
        options.status = format!("{} within {}, target {}", wish.outcome, per_cent(reach.width), per_cent(wish.width));
    }
}
