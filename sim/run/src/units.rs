//! Units of work: a warm-up with its runs. A machine simulates one unit in its own results folder,
//! which is called a part. [`gather`](crate::gather()) joins the parts.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use recsafe_config::plan::WarmUp;
use recsafe_config::{Experiment, Plan};
use recsafe_engine::BadRules;
use recsafe_results::{Folder, FolderContent, StoreError};
use serde::Serialize;

use super::memory::accounts;
use super::verify::verify;
use super::{Memory, Options, Outcome, RunError, run};

/// Number of digits of a unit's hash in the unit's name. Among 10⁸ units, the probability that two
/// have the same name is below 0.1 %.
const DIGITS: usize = 16;

/// A unit, described for a scheduler.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Name of the unit: the first digits of its hash. The part of the unit has the same name.
    pub unit: String,
    /// Hash of the warm-up. The hash depends on world, seed and version, so adding arms or seeds
    /// does not change the hash.
    pub hash: String,
    /// Seed of the unit's runs.
    pub seed: u64,
    /// Arms of the unit's runs, in the order of the experiment.
    pub arms: Vec<String>,
    /// Sweep points of the unit's runs.
    pub points: Vec<usize>,
    /// Number of the unit's runs.
    pub runs: usize,
    /// Number of runs that copy the files of another run and need no simulation.
    pub copies: usize,
    /// Estimated memory of a process for this unit, in bytes.
    pub memory_bytes: u64,
    /// Simulated days times accounts, including the warm-up. The time of a unit is proportional to
    /// this number.
    pub account_days: u64,
}

/// Returns the name of the unit with this hash.
#[must_use]
pub fn unit_name(hash: &str) -> &str {
    hash.get(..DIGITS).unwrap_or(hash)
}

/// Returns the units of a plan in order, each with the memory that it needs on this many threads.
///
/// # Errors
/// If the settings are invalid.
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

/// The reason why a text identifies no unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchUnit {
    /// No hash begins with the text.
    #[error("no unit of this plan begins with `{0}`")]
    Unknown(String),
    /// Several hashes begin with the text.
    #[error("`{text}` matches {} units: {}", .units.len(), recsafe_results::few(.units.iter().cloned()))]
    Several {
        /// The text.
        text: String,
        /// The names of the units.
        units: Vec<String>,
    },
}

/// Returns the unit whose hash begins with this text.
///
/// # Errors
/// If no unit or more than one unit matches.
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

/// Returns the units of one task. The units are divided among `tasks` tasks. Each task has
/// consecutive units. The number of units per task differs by at most 1. The first task has
/// `number` 1.
#[must_use]
pub fn share(units: usize, number: usize, tasks: usize) -> Range<usize> {
    let end = |task: usize| (units as u128 * task as u128 / tasks.max(1) as u128) as usize;
    end(number.saturating_sub(1))..end(number)
}

/// Returns the folder of a unit's part.
#[must_use]
pub fn part(parts: &Path, unit: &WarmUp) -> PathBuf {
    parts.join(unit_name(&unit.hash))
}

/// The outcome of a unit.
#[derive(Clone, Debug)]
pub enum Worked {
    /// The part was complete already. Nothing was changed.
    Whole,
    /// The runs were simulated, or only some of the runs if the work was stopped.
    Made(Box<Outcome>),
}

/// Simulates the runs of a unit in its part, and seals the part.
///
/// An unfinished part is resumed, from checkpoints if there are any. Damaged files are rebuilt. The
/// function sets the options `out`, `units`, `resume`, `overwrite` and `lock` itself.
///
/// # Errors
/// If another process uses the part, the part has foreign content, or a run fails.
pub fn work(
    experiment: &Experiment,
    plan: &Plan,
    (unit, parts): (&WarmUp, &Path),
    options: &Options,
    stop: &AtomicBool,
) -> Result<Worked, RunError> {
    let out = part(parts, unit);
    let folder = Folder::new(&out);
    // The folder of a new part is not created before the estimate shows that memory and disk are
    // large enough.
    if out.exists() && is_whole_to_readers(&folder, plan, unit)? {
        return Ok(Worked::Whole); // allowed while another process gathers the part
    }
    let lock = out.exists().then(|| folder.lock()).transpose()?;
    if let Some(lock) = &lock
        && let FolderContent::Results(manifest) = folder.content()?
    {
        if let Some(manifest) = manifest {
            folder.remove_changed_inputs(lock, &manifest)?;
        }
        folder.remove_unlike_its_seal(lock)?;
    }
    let units = Some(BTreeSet::from([unit.hash.clone()]));
    let options = Options { out, units, resume: true, overwrite: false, lock, ..options.clone() };
    let mut outcome = run(experiment, &options, stop)?;
    if !outcome.stopped && !tells_of_warm_up(&outcome, unit) {
        // The manifest was lost, and only the manifest describes the warm-up. So the unit is
        // simulated again.
        let anew = Options { resume: false, overwrite: true, lock: Some(outcome.lock), ..options };
        outcome = run(experiment, &anew, stop)?;
    }
    if !outcome.stopped {
        folder.seal(&outcome.lock)?;
    }
    Ok(Worked::Made(Box::new(outcome)))
}

fn tells_of_warm_up(outcome: &Outcome, unit: &WarmUp) -> bool {
    outcome.manifest.warm_ups.iter().any(|known| known.world == unit.hash)
}

/// Locks the folder for reading and returns [`is_whole`]. Other processes can read the folder at
/// the same time.
fn is_whole_to_readers(folder: &Folder, plan: &Plan, unit: &WarmUp) -> Result<bool, StoreError> {
    folder.refuse_no_folder()?;
    let _held = folder.lock_to_read()?;
    is_whole(folder, plan, unit)
}

/// Returns whether a part is sealed, is intact and has every run of its unit.
fn is_whole(folder: &Folder, plan: &Plan, unit: &WarmUp) -> Result<bool, StoreError> {
    folder.refuse_links()?;
    let FolderContent::Results(Some(manifest)) = folder.content()? else { return Ok(false) };
    let existing: BTreeSet<&str> = manifest.runs.iter().map(|run| run.hash.as_str()).collect();
    let has_all = unit.runs.iter().all(|&run| existing.contains(plan.runs[run].hash.as_str()));
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
        assert_eq!(several, "`ab` matches 2 units: abc1; abd2");
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
