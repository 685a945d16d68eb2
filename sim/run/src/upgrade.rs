//! Conversion of results folders from the layout of version 0.1.0.
//!
//! In version 0.1.0, runs were stored by arm, point and seed. All runs are copied to their new
//! paths, then the tables are rewritten. The old runs are deleted after the manifest lists the new
//! runs. So the folder is always readable, and an interrupted upgrade can be repeated.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_results::{Folder, FolderContent, FolderLock, Manifest, RunEntry, RunRow, RunStatus, StoreError, run_row};

/// The result of an upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upgraded {
    /// Number of converted runs.
    pub runs: usize,
    /// Number of runs that were skipped because their files are damaged.
    pub damaged: usize,
}

/// Upgrades a results folder to the current layout. A folder with the current layout is not
/// changed.
///
/// # Errors
/// If the folder has no results, another process uses it, or a file cannot be read or written.
pub fn upgrade(folder: &Folder) -> Result<(Upgraded, FolderLock), StoreError> {
    folder.refuse_links()?;
    let FolderContent::Results(manifest) = folder.content()? else {
        return Err(StoreError::NotResults(folder.path().to_owned()));
    };
    folder.refuse_foreign_files(manifest.as_deref())?;
    let lock = folder.lock()?;
    folder.tidy(&lock)?;
    let earlier = folder.earlier_records()?;
    let mut upgraded = Upgraded::default();
    // If an interrupted upgrade has already converted a run, the original files of the run can be
    // damaged.
    let mut places = folder.whole_runs()?;
    let mut counted = BTreeSet::new();
    let mut moved = Vec::new();
    for run in &earlier {
        if !places.contains_key(&run.hash) {
            if !folder.is_whole(run)? {
                upgraded.damaged += 1;
                continue;
            }
            places.insert(run.hash.clone(), folder.convert_run(&lock, run)?);
        }
        counted.insert(&run.hash);
        moved.push(run.clone());
    }
    upgraded.runs = counted.len();
    if let Some(manifest) = manifest.filter(|manifest| manifest.is_earlier()) {
        let manifest = converted(*manifest, &places);
        folder.convert_tables(&lock, &manifest)?;
        folder.write_small_tables(&lock, &manifest.runs)?;
        folder.write_index(&lock, &index(&manifest))?;
        // The manifest is written last. Until then the folder has the old layout, and an
        // interrupted upgrade starts again.
        let files = folder.manifest()?.unwrap_or_default().files;
        folder.write_manifest(&Manifest { files, ..manifest })?;
    }
    folder.remove_earlier_runs(&lock, &moved)?;
    if let Some(winner) = folder.winner(folder.manifest()?.as_ref())? {
        upgraded.runs += upgrade(&winner)?.0.runs;
    }
    Ok((upgraded, lock))
}

/// Returns the manifest with the new paths of its runs. Excludes damaged runs.
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

/// Returns the rows of the index. The hash of a run that was never simulated is unknown, so the id
/// of this run is empty until `run --resume` computes the plan.
fn index(manifest: &Manifest) -> Vec<RunRow> {
    let known: BTreeMap<(&str, u32, u64), &RunEntry> =
        manifest.runs.iter().map(|run| ((run.arm.as_str(), run.point, run.seed), run)).collect();
    // A search drops candidates on purpose, so runs that the search skipped are not missing.
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
