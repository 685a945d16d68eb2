//! From the layout of version 0.1.0, in which runs were kept by arm, point and seed, to the present one.
//!
//! Every run is written anew where it belongs now, then every table. Only when the manifest lists the new places are the old ones taken away, so that
//! the folder can be read at any moment, and an upgrade that was cut short can be made again.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_results::{Folder, FolderLock, Holding, Manifest, RunEntry, RunRow, RunStatus, StoreError, run_row};

/// What an upgrade did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upgraded {
    /// Runs that are in their new places.
    pub runs: usize,
    /// Runs that were left where they are, because their files are damaged.
    pub damaged: usize,
}

/// Brings a results folder to the present layout; does nothing to one that has it.
///
/// # Errors
/// If the folder holds no results, another process is at work in it, or a file cannot be read or written.
pub fn upgrade(folder: &Folder) -> Result<(Upgraded, FolderLock), StoreError> {
    folder.refuse_links()?;
    let Holding::Results(manifest) = folder.holding()? else {
        return Err(StoreError::NotResults(folder.path().to_owned()));
    };
    folder.refuse_foreign_files(manifest.as_deref())?;
    let held = folder.lock()?;
    folder.tidy(&held)?;
    let earlier = folder.earlier_records()?;
    let mut upgraded = Upgraded::default();
    // What an upgrade that was cut short has moved is not judged by what it left.
    let mut places = folder.whole_runs()?;
    let mut counted = BTreeSet::new();
    let mut moved = Vec::new();
    for run in &earlier {
        if !places.contains_key(&run.hash) {
            if !folder.is_whole(run)? {
                upgraded.damaged += 1;
                continue;
            }
            places.insert(run.hash.clone(), folder.convert_run(&held, run)?);
        }
        counted.insert(&run.hash);
        moved.push(run.clone());
    }
    upgraded.runs = counted.len();
    if let Some(manifest) = manifest.filter(|manifest| manifest.is_earlier()) {
        let manifest = converted(*manifest, &places);
        folder.convert_tables(&held, &manifest)?;
        folder.write_small_tables(&held, &manifest.runs)?;
        folder.write_index(&held, &index(&manifest))?;
        // The manifest comes last: until then the folder is of the earlier layout, and an upgrade begins anew.
        let files = folder.manifest()?.unwrap_or_default().files;
        folder.write_manifest(&Manifest { files, ..manifest })?;
    }
    folder.remove_earlier_runs(&held, &moved)?;
    if let Some(winner) = folder.winner(folder.manifest()?.as_ref())? {
        upgraded.runs += upgrade(&winner)?.0.runs;
    }
    Ok((upgraded, held))
}

/// The manifest with its runs at their new places. A run whose files are damaged is not among them.
fn converted(earlier: Manifest, places: &BTreeMap<String, RunEntry>) -> Manifest {
    let run = |run: &RunEntry| {
        let files = places.get(&run.hash)?.files.clone();
        Some(RunEntry { files, ..run.at_present_place() })
    };
    let runs: Vec<RunEntry> = earlier.runs.iter().filter_map(run).collect();
    let mut manifest = earlier.in_present_layout();
    manifest.runs = runs;
    manifest
}

/// The rows of the index. What decides a run that was never made is not known any more: its id is empty until `run --resume` makes the plan again.
fn index(manifest: &Manifest) -> Vec<RunRow> {
    let known: BTreeMap<(&str, u32, u64), &RunEntry> =
        manifest.runs.iter().map(|run| ((run.arm.as_str(), run.point, run.seed), run)).collect();
    // A search gives candidates up: what it did not run was not forgotten.
    let gone = if manifest.files.contains_key("candidates.parquet") { RunStatus::LeftOut } else { RunStatus::Missing };
    let mut rows = Vec::new();
    for &seed in &manifest.experiment.seeds {
        for point in 0..manifest.experiment.points.len() as u32 {
            for arm in manifest.arms.iter().map(|arm| arm.name.as_str()) {
                let run = known.get(&(arm, point, seed));
                rows.push(match run {
                    Some(run) => run_row(&run.hash, arm, point, seed, RunStatus::Done),
                    None => RunRow { run: String::new(), arm: arm.to_owned(), point, seed, status: gone },
                });
            }
        }
    }
    rows
}
