//! Going on from what is there. A run counts if the present plan would make it: its hash is that of everything that decides it. Runs of other
//! plans stay on disk and are left out.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_config::{Experiment, Plan};

use recsafe_results::{COPIED, DONE, Folder, Manifest, RunEntry, RunRecord, StoreError};

use super::impressions_per_account_day;

/// The manifest of a plan with the runs that are there already, and which runs of the plan these are.
pub(super) struct Stock {
    pub manifest: Manifest,
    pub there: Vec<bool>,
}

/// A plan that goes on in a folder.
pub(super) struct Going<'a> {
    pub experiment: &'a Experiment,
    pub plan: &'a Plan,
    pub folder: &'a Folder,
    /// Hashes of runs that are not in the plan, and no strangers either.
    pub part_of: &'a BTreeSet<String>,
}

/// Finds the runs of the plan that are in the folder. `old` is the manifest that was there, `fresh` the one of the plan. Files that are damaged
/// or gone make a run count as missing.
///
/// # Errors
/// If the folder cannot be looked into, or holds results of another experiment and no run of this one.
pub(super) fn take_stock(going: &Going, old: Option<Manifest>, fresh: Manifest) -> Result<Stock, StoreError> {
    let Going { experiment, plan, folder, part_of } = *going;
    let records: BTreeMap<String, RunRecord> =
        folder.records()?.into_iter().map(|record| (record.hash.clone(), record)).collect();
    let planned: BTreeSet<&str> = plan.runs.iter().map(|run| run.hash.as_str()).collect();
    refuse_another_experiment(folder, old.as_ref(), &fresh, &records, &planned)?;
    let mut whole: BTreeMap<&str, RunEntry> = BTreeMap::new();
    let known = Known::of(old.as_ref());
    for (hash, record) in records.iter().filter(|(hash, _)| planned.contains(hash.as_str())) {
        let entry = known.entry(record);
        if folder.is_whole(&entry)? {
            whole.insert(hash, entry);
        }
    }
    let is_other = |record: &&RunRecord| !planned.contains(record.hash.as_str()) && !part_of.contains(&record.hash);
    let mut manifest = fresh;
    manifest.others = records.values().filter(is_other).map(|record| known.entry(record)).collect();
    manifest.others.sort_by(|a, b| (a.seed, a.point, &a.arm, &a.hash).cmp(&(b.seed, b.point, &b.arm, &b.hash)));
    let (there, runs) = listed(experiment, plan, &whole);
    manifest.impressions_per_account_day = impressions_per_account_day(experiment, &runs);
    manifest.runs = runs;
    if let Some(old) = old {
        let worlds: BTreeSet<&str> = plan.warm_ups.iter().map(|warm_up| warm_up.hash.as_str()).collect();
        manifest.warm_ups = old.warm_ups.into_iter().filter(|entry| worlds.contains(entry.world.as_str())).collect();
        manifest.files = old.files;
        manifest.inputs = old.inputs;
    }
    Ok(Stock { manifest, there })
}

/// The whole runs under every arm and point at which the plan has them: simulated once, the same files for all.
fn listed(experiment: &Experiment, plan: &Plan, whole: &BTreeMap<&str, RunEntry>) -> (Vec<bool>, Vec<RunEntry>) {
    let (mut first, mut runs) = (BTreeSet::new(), Vec::new());
    let there = plan.runs.iter().map(|run| {
        let Some(entry) = whole.get(run.hash.as_str()) else { return false };
        let (arm, point) = (experiment.arms[run.arm].name.clone(), run.point as u32);
        let named = RunEntry { arm, point, seed: run.seed, ..entry.clone() };
        runs.push(if first.insert(run.hash.as_str()) { named } else { as_copy(named) });
        true
    });
    (there.collect(), runs)
}

/// The entry of a run whose files are those of another: it took no time.
pub(super) fn as_copy(entry: RunEntry) -> RunEntry {
    let recorded = RunEntry::from(RunRecord::from(&entry));
    RunEntry { arm: entry.arm, point: entry.point, status: COPIED.to_owned(), ..recorded }
}

/// What an earlier manifest knows of runs beside their records: their names then, and how long they took.
struct Known<'a>(BTreeMap<&'a str, &'a RunEntry>);

impl<'a> Known<'a> {
    fn of(manifest: Option<&'a Manifest>) -> Self {
        let all = manifest.into_iter().flat_map(|manifest| manifest.others.iter().chain(&manifest.runs));
        let mut known = BTreeMap::new();
        for run in all {
            // The one that was simulated knows how long that took.
            if run.status == DONE || !known.contains_key(run.hash.as_str()) {
                known.insert(run.hash.as_str(), run);
            }
        }
        Known(known)
    }

    fn entry(&self, record: &RunRecord) -> RunEntry {
        let RunRecord { seed, files, impressions, rules_applied, .. } = record.clone();
        let known = self.0.get(record.hash.as_str()).map_or_else(|| record.clone().into(), |entry| (*entry).clone());
        RunEntry { seed, files, impressions, rules_applied, status: DONE.to_owned(), ..known }
    }
}

/// A folder with results of an experiment of another name, and without a run that this plan has, was named by mistake.
fn refuse_another_experiment(
    folder: &Folder,
    old: Option<&Manifest>,
    fresh: &Manifest,
    records: &BTreeMap<String, RunRecord>,
    planned: &BTreeSet<&str>,
) -> Result<(), StoreError> {
    let Some(old) = old else { return Ok(()) };
    let shares_a_run = records.keys().any(|hash| planned.contains(hash.as_str()));
    if records.is_empty() || shares_a_run || old.experiment.name == fresh.experiment.name {
        return Ok(());
    }
    Err(StoreError::OtherExperiment { path: folder.path().to_owned(), name: old.experiment.name.clone() })
}

/// Takes away the checkpoints of runs that are whole, and of warm-ups that nothing waits for, and names those that are of no run of the plan:
/// they stay where they are, and nothing goes on from them. Returns what is to be said of these.
pub(super) fn settle_checkpoints(
    plan: &Plan,
    folder: &Folder,
    is_whole: impl Fn(usize) -> bool,
) -> Result<Vec<String>, StoreError> {
    let warm_ups = plan.warm_ups.iter();
    let known: BTreeMap<&str, bool> = warm_ups
        .map(|warm_up| (warm_up.hash.as_str(), warm_up.runs.iter().all(|&run| is_whole(run))))
        .chain(plan.runs.iter().enumerate().map(|(place, run)| (run.hash.as_str(), is_whole(place))))
        .collect();
    let stay = folder.tidy_checkpoints(|of| known.get(of).copied().unwrap_or(false))?;
    let strange = stay.iter().filter(|name| !known.contains_key(name.as_str()));
    let said = strange.map(|name| {
        let path = folder.checkpoint_path(name);
        format!("The checkpoint {} is of no run of this experiment: it is ignored.", path.display())
    });
    Ok(said.collect())
}
