//! Going on from what is there. A run is known by the hash of what decides it: one that the plan still has is kept, under whatever
//! arm and point the plan now has it; one that was made otherwise, in the place of one that is wanted, is a reason to stop.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_config::plan::json_difference;
use recsafe_config::{Experiment, Plan};
use serde_json::Value as Json;

use crate::store::{Folder, Manifest, RunEntry, StoreError};

/// What a folder holds: its manifest, and runs that were in place before the manifest could be written. A manifest that is damaged is
/// made again from what the runs' folders say of themselves. `None` if it holds no results.
pub(super) fn found(folder: &Folder) -> Result<Option<Manifest>, StoreError> {
    let records = folder.records()?;
    let mut manifest = match Manifest::load(folder.path()) {
        Ok(Some(manifest)) => manifest,
        Ok(None) if records.is_empty() => return Ok(None),
        Ok(None) => Manifest::default(),
        Err(damaged @ StoreError::Manifest { .. }) => {
            eprintln!("{damaged}\nIt is made again from the {} runs in the folder.", records.len());
            Manifest::default()
        }
        Err(error) => return Err(error),
    };
    let listed: BTreeSet<_> = manifest.runs.iter().map(place).collect();
    let unlisted: Vec<RunEntry> = records.into_iter().filter(|run| !listed.contains(&place(run))).collect();
    manifest.runs.extend(unlisted);
    Ok(Some(manifest))
}

/// Arm, point and seed of a run.
type Place = (String, u32, u64);

fn place(run: &RunEntry) -> Place {
    (run.arm.clone(), run.point, run.seed)
}

/// The new manifest with the old one's runs, each where the plan now has it.
///
/// # Errors
/// If a run that was made otherwise stands where the plan has another.
pub(super) fn take_over(
    experiment: &Experiment,
    plan: &Plan,
    folder: &Folder,
    old: Manifest,
    mut manifest: Manifest,
) -> Result<Manifest, StoreError> {
    let planned: BTreeMap<Place, &str> =
        plan.runs.iter().map(|run| (planned_place(experiment, run), run.hash.as_str())).collect();
    let stays = |run: &RunEntry| planned.get(&place(run)).is_none_or(|hash| *hash == run.hash);
    let (mut runs, astray): (Vec<RunEntry>, Vec<RunEntry>) = old.runs.iter().cloned().partition(stays);
    let mut taken: BTreeSet<Place> = runs.iter().map(place).collect();
    let mut moves = Vec::new();
    for run in astray {
        let free = planned.iter().find(|(place, hash)| **hash == run.hash && !taken.contains(*place));
        let Some((to, _)) = free else {
            let (path, arm) = (folder.path().to_owned(), run.arm.clone());
            return Err(StoreError::OtherSettings { path, arm, setting: changed(&old, &manifest, &run) });
        };
        taken.insert(to.clone());
        let (arm, point, seed) = to.clone();
        moves.push((run.clone(), RunEntry { arm, point, seed, ..run }));
    }
    folder.move_runs(&moves)?;
    runs.extend(moves.into_iter().map(|(_, to)| to));
    manifest.runs = runs;
    manifest.warm_ups = old.warm_ups;
    let known: Vec<String> = manifest.arms.iter().map(|arm| arm.name.clone()).collect();
    let has_runs = |name: &String| manifest.runs.iter().any(|run| run.arm == *name);
    manifest.arms.extend(old.arms.into_iter().filter(|arm| !known.contains(&arm.name) && has_runs(&arm.name)));
    Ok(manifest)
}

fn planned_place(experiment: &Experiment, run: &recsafe_config::Run) -> Place {
    (experiment.arms[run.arm].name.clone(), run.point as u32, run.seed)
}

/// The first thing that differs between how a run was made and how it would be made now, in words.
fn changed(old: &Manifest, new: &Manifest, run: &RunEntry) -> String {
    if !old.version.is_empty() && old.version != new.version {
        return format!("they are of version {}, this is {}", old.version, new.version);
    }
    let settings =
        |of: &Manifest| of.arms.iter().find(|arm| arm.name == run.arm).map_or(Json::Null, |arm| arm.settings.clone());
    let point = |of: &Manifest| of.experiment["points"][run.point as usize]["values"].clone();
    let rest = |of: &Manifest| {
        let keys = ["days", "warm_up_days", "probes", "output"];
        let mut rest = keys.iter().map(|key| ((*key).to_owned(), of.experiment[*key].clone())).collect::<Json>();
        rest["output"]["checkpoint_every"] = Json::Null; // decides nothing
        rest
    };
    let pairs = [(settings(old), settings(new)), (rest(old), rest(new)), (point(old), point(new))];
    let first = pairs.iter().find_map(|(before, after)| json_difference(before, after).into_iter().next());
    first.map_or_else(
        || "a setting was another then".to_owned(),
        |(path, values)| format!("`{path}` was {}, is {}", values["baseline"], values["arm"]),
    )
}

/// Which of the wanted runs are not there yet. One whose files are damaged or gone is made again.
pub(super) fn missing(
    experiment: &Experiment,
    plan: &Plan,
    wanted: &[bool],
    folder: &Folder,
    manifest: &mut Manifest,
) -> Result<Vec<bool>, StoreError> {
    let known: BTreeMap<Place, RunEntry> = manifest.runs.iter().map(|run| (place(run), run.clone())).collect();
    let mut missing = wanted.to_vec();
    let mut damaged = BTreeSet::new();
    for (number, run) in plan.runs.iter().enumerate() {
        let Some(entry) = known.get(&planned_place(experiment, run)) else { continue };
        if folder.is_whole(entry)? {
            missing[number] = false;
        } else {
            damaged.insert(place(entry));
        }
    }
    manifest.runs.retain(|run| !damaged.contains(&place(run)));
    Ok(missing)
}

/// Takes away the checkpoints of runs that are whole, and of warm-ups that nothing waits for, and names those that are of no run of the plan:
/// they stay where they are, and nothing goes on from them.
pub(super) fn settle_checkpoints(
    plan: &Plan,
    folder: &Folder,
    is_whole: impl Fn(usize) -> bool,
) -> Result<(), StoreError> {
    let warm_ups = plan.warm_ups.iter();
    let known: BTreeMap<&str, bool> = warm_ups
        .map(|warm_up| (warm_up.hash.as_str(), warm_up.runs.iter().all(|&run| is_whole(run))))
        .chain(plan.runs.iter().enumerate().map(|(place, run)| (run.hash.as_str(), is_whole(place))))
        .collect();
    let stay = folder.tidy_checkpoints(|of| known.get(of).copied().unwrap_or(false))?;
    for name in stay.iter().filter(|name| !known.contains_key(name.as_str())) {
        let path = folder.checkpoint_path(name);
        eprintln!("The checkpoint {} is of no run of this experiment: it is ignored.", path.display());
    }
    Ok(())
}
