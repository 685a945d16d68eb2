//! Verifying a results folder: whether every file is there, as it was written, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use recsafe_config::experiment::MOST_RUNS;
use recsafe_config::names::is_good;
use serde::Serialize;

use super::StoreError;
use super::folder::Folder;
use super::manifest::{Manifest, checksum};

/// What became of a file or a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is as it was written.
    Whole,
    /// It is not as it was written.
    Damaged,
    /// It is gone.
    Missing,
    /// It was planned and never run.
    NotRun,
    /// It is there, and the manifest does not know it.
    Unlisted,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            State::Whole => "whole",
            State::Damaged => "damaged",
            State::Missing => "missing",
            State::NotRun => "not run",
            State::Unlisted => "unlisted",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file or run, by its path in the folder.
    pub path: String,
    /// What became of it.
    pub state: State,
}

/// Every file of the folder, and every run that was planned and is not there. In the order of the manifest; files that it does
/// not know come last.
///
/// # Errors
/// If the manifest is missing or damaged, or a file cannot be read.
pub fn verify(folder: &Folder) -> Result<Vec<Finding>, StoreError> {
    let root = folder.path();
    let Some(manifest) = Manifest::load(root)? else { return Err(StoreError::NotResults(root.to_owned())) };
    let mut findings = Vec::new();
    for (name, expected) in &manifest.files {
        findings.push(file(root, name, expected)?);
    }
    let mut listed = BTreeSet::new();
    for run in &manifest.runs {
        let place = folder.run_path(&run.arm, run.point, run.seed);
        for (name, expected) in &run.files {
            findings.push(file(root, &below(root, &place.join(name)), expected)?);
        }
        listed.insert(place);
    }
    let not_run = planned(&manifest)
        .map(|(arm, point, seed)| folder.run_path(&arm, point, seed))
        .take(MOST_RUNS)
        .filter(|place| !listed.contains(place));
    findings.extend(not_run.map(|place| Finding { path: below(root, &place), state: State::NotRun }));
    for place in folder.run_folders()?.into_iter().filter(|place| !listed.contains(place)) {
        findings.push(Finding { path: below(root, &place), state: State::Unlisted });
    }
    Ok(findings)
}

fn file(root: &Path, name: &str, expected: &str) -> Result<Finding, StoreError> {
    let path = root.join(name);
    let state = if !path.exists() {
        State::Missing
    } else if checksum(&path)? == *expected {
        State::Whole
    } else {
        State::Damaged
    };
    Ok(Finding { path: name.to_owned(), state })
}

fn below(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Arm, point and seed of every run of the experiment. A manifest that was not written by this program may list more than there can be.
fn planned(manifest: &Manifest) -> impl Iterator<Item = (String, u32, u64)> {
    let list = |key: &str| manifest.experiment[key].as_array().cloned().unwrap_or_default();
    let arms: Vec<String> =
        list("arms").iter().filter_map(|arm| arm.as_str()).filter(|arm| is_good(arm)).map(str::to_owned).collect();
    let seeds: Vec<u64> = list("seeds").iter().filter_map(serde_json::Value::as_u64).collect();
    let points = if seeds.is_empty() { 0 } else { list("points").len() as u32 };
    arms.into_iter().flat_map(move |arm| {
        let seeds = seeds.clone();
        (0..points).flat_map(move |point| {
            let arm = arm.clone();
            seeds.clone().into_iter().map(move |seed| (arm.clone(), point, seed))
        })
    })
}
