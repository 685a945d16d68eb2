//! What a reader of a results folder must know: which planned runs are missing, and which runs are left out.

use std::collections::BTreeSet;

use crate::store::{Folder, IndexRow, Manifest, RunEntry, RunStatus, StoreError, run_id, run_words};

/// Names that are given before the rest is only counted.
const MOST_NAMED: usize = 8;

/// A sentence about the planned runs that are not there; none if all are.
///
/// # Errors
/// If the index of the folder cannot be read.
pub fn missing_in_words(folder: &Folder, manifest: &Manifest) -> Result<Option<String>, StoreError> {
    let there: BTreeSet<(&str, u32, u64)> =
        manifest.runs.iter().map(|run| (run.arm.as_str(), run.point, run.seed)).collect();
    let rows = folder.read_index()?.unwrap_or_default();
    let planned: Vec<&IndexRow> = rows.iter().filter(|row| row.status != RunStatus::LeftOut).collect();
    let missing: Vec<String> = (planned.iter())
        .filter(|row| !there.contains(&(row.arm.as_str(), row.point, row.seed)))
        .map(|row| row.words())
        .collect();
    let (count, all) = (missing.len(), planned.len());
    let verb = if count == 1 { "is" } else { "are" };
    let named = few(missing.into_iter());
    Ok((count > 0).then(|| format!("{count} of {all} planned runs {verb} missing ({named}).")))
}

/// A sentence about the runs in the folder that are not part of its plan; none if there are none.
///
/// # Errors
/// If the folder cannot be looked into.
pub fn left_out_in_words(folder: &Folder, manifest: &Manifest) -> Result<Option<String>, StoreError> {
    let planned: BTreeSet<String> = (folder.read_index()?.unwrap_or_default().into_iter().map(|row| row.run))
        .chain(manifest.runs.iter().map(|run| run_id(&run.hash)))
        .collect();
    let known = |hash: &str| manifest.others.iter().find(|run| run.hash == hash).cloned();
    let others = folder.records()?.into_iter().filter(|record| !planned.contains(&run_id(&record.hash)));
    let others = others.map(|record| known(&record.hash).unwrap_or_else(|| record.into()));
    Ok(others_in_words(&others.collect::<Vec<_>>()))
}

/// A sentence about runs that are not part of a plan; none if there are none.
#[must_use]
pub fn others_in_words(others: &[RunEntry]) -> Option<String> {
    let name = |run: &RunEntry| match run.arm.as_str() {
        "" => format!("{}, seed {}", run_id(&run.hash), run.seed),
        arm => run_words(arm, run.point, run.seed),
    };
    let (count, named) = (others.len(), few(others.iter().map(name)));
    let (runs, verb) = if count == 1 { ("run", "is") } else { ("runs", "are") };
    let why = "Other settings, another version or other input files made them; they stay on disk and are left out.";
    (count > 0).then(|| format!("{count} {runs} in the folder {verb} not part of this plan ({named}). {why}"))
}

/// The first of many names, and how many more there are.
#[must_use]
pub fn few(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let mut named: Vec<String> = names.take(MOST_NAMED).collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    named.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_counted_and_runs_that_were_never_named_have_their_id() {
        let run =
            |arm: &str, seed| RunEntry { arm: arm.to_owned(), seed, hash: "ab".repeat(32), ..RunEntry::default() };
        assert_eq!(others_in_words(&[]), None);
        let one = others_in_words(&[run("", 7)]).unwrap();
        assert!(one.starts_with("1 run in the folder is not part of this plan (rabababababababab, seed 7)."), "{one}");
        let many: Vec<RunEntry> = (1..=11).map(|seed| run("as-is", seed)).collect();
        let many = others_in_words(&many).unwrap();
        assert!(many.contains("as-is, seed 8; 3 more") && !many.contains("seed 9"), "{many}");
    }
}
