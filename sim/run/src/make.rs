//! Simulation of the missing runs of a plan, for any destination.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};

use recsafe_config::{Experiment, Plan};
use recsafe_results::{Manifest, panics};

use super::executor::execute;
use super::keep::Keep;
use super::profile::Profile;
use super::progress::Progress;
use super::schedule::Schedule;
use super::work::{Listed, Runs};
use super::{Estimate, Options, RunError};

/// Runs to be simulated.
pub(super) struct Making<'a> {
    pub experiment: &'a Experiment,
    pub plan: &'a Plan,
    /// Whether each run of the plan was requested and is missing.
    pub missing: &'a [bool],
    /// Whether each run of the plan exists.
    pub existing: &'a [bool],
    pub estimate: &'a Estimate,
    pub options: &'a Options,
}

/// The outcome of the runs.
pub(super) struct Made {
    /// The manifest, including the new runs.
    pub manifest: Manifest,
    /// The profile, if one was requested.
    pub profile: Option<Profile>,
    /// The first failure.
    pub outcome: Result<(), RunError>,
}

impl Making<'_> {
    /// Simulates the runs and stores them in `store`.
    pub(super) fn make(&self, store: &dyn Keep, manifest: Manifest, stop: &AtomicBool) -> Made {
        let Making { experiment, plan, missing, existing, estimate, options } = *self;
        let copies = copies(plan, missing, existing);
        let simulated = |run: &usize| copies.contains_key(run);
        let units: Vec<Vec<usize>> =
            plan.warm_ups.iter().map(|warm_up| warm_up.runs.iter().copied().filter(simulated).collect()).collect();
        let schedule = estimate.schedule(units, options.threads);
        let runs = missing.iter().filter(|missing| **missing).count() as u64;
        let days = simulated_days(experiment, plan, &schedule);
        let begun = panics::caught(|| Progress::new(runs, days, &options.status, &*options.observer));
        let progress = match begun {
            Ok(progress) => progress,
            Err(message) => {
                let run = "the observer".to_owned();
                return Made { manifest, profile: None, outcome: Err(RunError::Panicked { run, message }) };
            }
        };
        let work = Runs {
            experiment,
            plan,
            schedule: &schedule,
            left: schedule.units.iter().map(|runs| AtomicUsize::new(runs.len())).collect(),
            copies: &copies,
            missing,
            store,
            manifest: Mutex::new(Listed::new(manifest)),
            progress: &progress,
            stop,
            profile: options.profile.is_some().then(Profile::new),
            warmed: plan.warm_ups.iter().map(|_| AtomicU32::new(0)).collect(),
            reached: plan.runs.iter().map(|_| AtomicU32::new(0)).collect(),
        };
        let outcome = execute(&schedule, &work, stop);
        let profile = work.profile;
        let manifest = work.manifest.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_manifest();
        Made { manifest, profile, outcome }
    }
}

/// Returns the runs to simulate, each with the other runs of the plan that have the same hash. Runs
/// with the same hash have the same files, so all these runs are listed, even runs that were not
/// requested.
fn copies(plan: &Plan, missing: &[bool], existing: &[bool]) -> BTreeMap<usize, Vec<usize>> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (store, run) in plan.runs.iter().enumerate().filter(|(store, _)| missing[*store]) {
        first.entry(&run.hash).or_insert(store);
    }
    let mut copies: BTreeMap<usize, Vec<usize>> = first.values().map(|&store| (store, Vec::new())).collect();
    for (store, run) in plan.runs.iter().enumerate().filter(|(store, _)| !existing[*store]) {
        let simulated = first.get(run.hash.as_str()).filter(|&&simulated| simulated != store);
        if let Some(of_it) = simulated.and_then(|simulated| copies.get_mut(simulated)) {
            of_it.push(store);
        }
    }
    copies
}

/// Returns the number of days in the schedule, including warm-ups.
fn simulated_days(experiment: &Experiment, plan: &Plan, schedule: &Schedule) -> u64 {
    let warm = |unit: usize| {
        let warm_up = &plan.warm_ups[unit];
        u64::from(experiment.arms[warm_up.arm].points[warm_up.point].world.warm_up_days)
    };
    let days = u64::from(experiment.about.days);
    schedule
        .units
        .iter()
        .enumerate()
        .filter(|(_, runs)| !runs.is_empty())
        .map(|(unit, runs)| warm(unit) + days * runs.len() as u64)
        .sum()
}
