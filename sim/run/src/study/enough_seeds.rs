//! Enough seeds: an experiment with more and more of them, until the interval of one outcome is narrow enough.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use recsafe_analysis::Compared;
use recsafe_analysis::sequential::{FEWEST, Reach, Wish, next, per_cent};
use recsafe_config::{Experiment, Plan};
use recsafe_results::Folder;

use crate::{Options, RunError};

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
    most.about.seeds.extend_to(wish.max_seeds);
    let whole = Plan::new(&most).runs.into_iter().map(|run| run.hash).collect();
    let mut options = Options { part_of: Arc::new(whole), ..options.clone() };
    experiment.about.seeds.extend_to(FEWEST.min(wish.max_seeds));
    options.status = format!("{} wanted within {}", wish.outcome, per_cent(wish.width));
    let (mut made, mut kept) = (0, None);
    loop {
        let outcome = crate::run(experiment, &options, stop)?;
        made += outcome.made;
        let kept = *kept.get_or_insert(outcome.kept);
        let compared = Folder::new(&options.out).compared(&[], None)?; // a run keeps what its metrics are
        let reach = Reach::of(compared.as_ref(), wish, experiment.about.seeds.count());
        let next = next(reach, wish);
        if outcome.stopped || next <= reach.seeds {
            return Ok(Reached { outcome: crate::Outcome { kept, made, ..outcome }, reach, compared });
        }
        experiment.about.seeds.extend_to(next);
        options.overwrite = false;
        options.resume = true;
        options.held = Some(outcome.held);
        options.status = format!("{} within {} ({} wanted)", wish.outcome, per_cent(reach.width), per_cent(wish.width));
    }
}
