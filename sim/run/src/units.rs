//! Units of work: a warm-up with its runs, which one machine makes by itself, into a results folder of its own. These folders are the parts that
//! [`gather`](crate::gather()) joins.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use recsafe_config::plan::WarmUp;
use recsafe_config::{Experiment, Plan};
use recsafe_engine::BadRules;
use recsafe_results::{Folder, Holding, StoreError};
use serde::Serialize;

use super::memory::accounts;
use super::verify::verify;
use super::{Memory, Options, Outcome, RunError, run};

/// Digits of a unit's hash that its name keeps: enough to tell a million million units apart.
const DIGITS: usize = 16;

/// A unit, as a scheduler needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Its name: the first digits of its hash, and the name of its part.
    pub unit: String,
    /// Hash of the warm-up: it stays as long as world, seed and version do, whatever arms and seeds are added.
    pub hash: String,
    /// The seed of its runs.
    pub seed: u64,
    /// Arms of its runs, in the order of the experiment.
    pub arms: Vec<String>,
    /// Sweep points of its runs.
    pub points: Vec<usize>,
    /// Number of its runs.
    pub runs: usize,
    /// Of these, runs whose files are those of another: nothing is simulated for them.
    pub copies: usize,
    /// Memory that a process takes for it, in bytes, about.
    pub memory_bytes: u64,
    /// Days of accounts that are simulated, the warm-up's among them: what its time is in proportion to.
    pub account_days: u64,
}

/// The name of the unit with this hash.
#[must_use]
pub fn unit_name(hash: &str) -> &str {
    hash.get(..DIGITS).unwrap_or(hash)
}

/// The units of a plan, in its order, each with the memory that it takes by itself on so many threads.
///
/// # Errors
/// If the settings are none that were checked.
pub fn units(experiment: &Experiment, plan: &Plan, threads: usize) -> Result<Vec<Unit>, BadRules> {
    let memory = Memory::of_units(experiment, plan, threads)?;
    Ok(plan.warm_ups.iter().zip(memory).map(|(warm_up, memory)| unit(experiment, plan, warm_up, &memory)).collect())
}

fn unit(experiment: &Experiment, plan: &Plan, warm_up: &WarmUp, memory: &Memory) -> Unit {
    let runs = || warm_up.runs.iter().map(|&run| &plan.runs[run]);
    let arms: BTreeSet<usize> = runs().map(|run| run.arm).collect();
    let points: BTreeSet<usize> = runs().map(|run| run.point).collect();
    let copies = runs().filter(|run| run.is_copy).count();
    let world = &experiment.arms[warm_up.arm].points[warm_up.point];
    let measured = u64::from(experiment.about.days) * (warm_up.runs.len() - copies) as u64;
    Unit {
        unit: unit_name(&warm_up.hash).to_owned(),
        hash: warm_up.hash.clone(),
        seed: warm_up.seed,
        arms: arms.into_iter().map(|arm| experiment.arms[arm].name.clone()).collect(),
        points: points.into_iter().collect(),
        runs: warm_up.runs.len(),
        copies,
        memory_bytes: memory.total() as u64,
        account_days: accounts(world) as u64 * (u64::from(world.world.warm_up_days) + measured),
    }
}

/// Why a text names no unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchUnit {
    /// No unit's hash begins like this.
    #[error("no unit of this plan begins with `{0}`")]
    Unknown(String),
    /// Several hashes do.
    #[error("`{text}` is the beginning of {} units: {}", .units.len(), recsafe_results::few(.units.iter().cloned()))]
    Several {
        /// What was asked for.
        text: String,
        /// Their names.
        units: Vec<String>,
    },
}

/// The unit whose hash begins with this text.
///
/// # Errors
/// If there is none, or more than one.
pub fn find_unit<'a>(plan: &'a Plan, text: &str) -> Result<&'a WarmUp, NoSuchUnit> {
    let found: Vec<&WarmUp> = plan.warm_ups.iter().filter(|unit| unit.hash.starts_with(text)).collect();
    match found[..] {
        [unit] => Ok(unit),
        [] => Err(NoSuchUnit::Unknown(text.to_owned())),
        _ => {
            let units = found.iter().map(|unit| unit_name(&unit.hash).to_owned()).collect();
            Err(NoSuchUnit::Several { text: text.to_owned(), units })
        }
    }
}

/// Task `number` (from 1) of `tasks`: its share of so many units, which follow one another. No two shares differ by more than one unit.
#[must_use]
pub fn share(units: usize, number: usize, tasks: usize) -> Range<usize> {
    let end = |task: usize| (units as u128 * task as u128 / tasks.max(1) as u128) as usize;
    end(number.saturating_sub(1))..end(number)
}

/// The part of a unit in a folder of parts.
#[must_use]
pub fn part(parts: &Path, unit: &WarmUp) -> PathBuf {
    parts.join(unit_name(&unit.hash))
}

/// What became of a unit.
#[derive(Clone, Debug)]
pub enum Worked {
    /// Its part was whole already: nothing was touched.
    Whole,
    /// Its runs were made, or some of them if it was stopped.
    Made(Box<Outcome>),
}

/// Makes the runs of a unit into its part, which is sealed when it is whole. A part that was begun is gone on with, from checkpoints where there
/// are any; what is damaged in it is made again. Of the options, the folder and what is run are set here.
///
/// # Errors
/// If another process is at work in the part, it holds something else, or a run fails.
pub fn work(
    experiment: &Experiment,
    plan: &Plan,
    (unit, parts): (&WarmUp, &Path),
    options: &Options,
    stop: &AtomicBool,
) -> Result<Worked, RunError> {
    let out = part(parts, unit);
    let folder = Folder::new(&out);
    // One that is not there is not made before it is known that the unit fits.
    if out.exists() && is_whole_to_readers(&folder, plan, unit)? {
        return Ok(Worked::Whole); // also while it is gathered
    }
    let held = out.exists().then(|| folder.lock()).transpose()?;
    if let Some(held) = &held
        && let Holding::Results(manifest) = folder.holding()?
    {
        if let Some(manifest) = manifest {
            folder.remove_changed_inputs(held, &manifest)?;
        }
        folder.remove_unlike_its_seal(held)?;
    }
    let units = Some(BTreeSet::from([unit.hash.clone()]));
    let options = Options { out, units, resume: true, overwrite: false, held, ..options.clone() };
    let mut outcome = run(experiment, &options, stop)?;
    if !outcome.stopped && !tells_of_warm_up(&outcome, unit) {
        // Its manifest was lost, and nothing else says what the warm-up was: the unit is made anew.
        let anew = Options { resume: false, overwrite: true, held: Some(outcome.held), ..options };
        outcome = run(experiment, &anew, stop)?;
    }
    if !outcome.stopped {
        folder.seal(&outcome.held)?;
    }
    Ok(Worked::Made(Box::new(outcome)))
}

fn tells_of_warm_up(outcome: &Outcome, unit: &WarmUp) -> bool {
    outcome.manifest.warm_ups.iter().any(|known| known.world == unit.hash)
}

/// As [`is_whole`], for a folder that nobody writes into, whoever reads it.
fn is_whole_to_readers(folder: &Folder, plan: &Plan, unit: &WarmUp) -> Result<bool, StoreError> {
    folder.refuse_no_folder()?;
    let _held = folder.lock_to_read()?;
    is_whole(folder, plan, unit)
}

/// Whether a part is sealed, is as it was written, and has every run of its unit.
fn is_whole(folder: &Folder, plan: &Plan, unit: &WarmUp) -> Result<bool, StoreError> {
    folder.refuse_links()?;
    let Holding::Results(Some(manifest)) = folder.holding()? else { return Ok(false) };
    let there: BTreeSet<&str> = manifest.runs.iter().map(|run| run.hash.as_str()).collect();
    let has_all = unit.runs.iter().all(|&run| there.contains(plan.runs[run].hash.as_str()));
    Ok(has_all && folder.has_seal() && verify(folder)?.iter().all(|found| found.state.can_stay()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan(hashes: &[&str]) -> Plan {
        let unit = |hash: &&str| WarmUp { hash: (*hash).to_owned(), seed: 1, arm: 0, point: 0, runs: Vec::new() };
        Plan { runs: Vec::new(), warm_ups: hashes.iter().map(unit).collect() }
    }

    #[test]
    fn a_unit_is_found_by_as_much_of_its_hash_as_tells_it_from_others() {
        let plan = plan(&["abc1", "abd2", "f003"]);
        assert_eq!(find_unit(&plan, "f").unwrap().hash, "f003");
        assert_eq!(find_unit(&plan, "abd2").unwrap().hash, "abd2");
        assert_eq!(find_unit(&plan, "x").unwrap_err(), NoSuchUnit::Unknown("x".to_owned()));
        let several = find_unit(&plan, "ab").unwrap_err().to_string();
        assert_eq!(several, "`ab` is the beginning of 2 units: abc1; abd2");
    }

    proptest! {
        #[test]
        fn shares_take_every_unit_once_and_are_equal(units in 0_usize..5000, tasks in 1_usize..400) {
            let shares: Vec<Range<usize>> = (1..=tasks).map(|number| share(units, number, tasks)).collect();
            prop_assert_eq!(shares.iter().cloned().flatten().collect::<Vec<_>>(), (0..units).collect::<Vec<_>>());
            let sizes = || shares.iter().map(Range::len);
            prop_assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 1);
        }
    }
}
