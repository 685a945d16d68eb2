//! What a probe saw of its feed, as `probes.parquet` has it.

use std::path::Path;

use serde::Serialize;

use super::counted;
use super::rows::Rows;
use crate::store::StoreError;

/// A slate that a probe looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slate {
    /// The measured day.
    pub day: i32,
    /// Harmful posts that it had acted on before.
    pub clicks_so_far: u32,
    /// Posts viewed.
    pub views: u32,
    /// Of these, harmful ones.
    pub harmful: u32,
    /// Of these, severe ones.
    pub severe: u32,
}

/// The slates of an account, by day; none if the run has no such table.
pub(super) fn read(run: &Path, account: u32) -> Result<Option<Vec<Slate>>, StoreError> {
    let Some(rows) = Rows::about(run, "probes", &["probe"], account)? else { return Ok(None) };
    let (days, clicks) = (rows.count("day")?, rows.count("clicks_so_far")?);
    let (views, harmful, severe) = (rows.count("views")?, rows.count("harmful")?, rows.count("severe")?);
    let slate = |row: usize| Slate {
        day: days[row] as i32,
        clicks_so_far: clicks[row],
        views: views[row],
        harmful: harmful[row],
        severe: severe[row],
    };
    Ok(Some((0..rows.len()).map(slate).collect()))
}

/// Slates over some days, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Slates looked through.
    pub slates: u64,
    /// Posts viewed.
    pub views: u64,
    /// Of these, harmful ones.
    pub harmful: u64,
    /// Of these, severe ones.
    pub severe: u64,
    /// Harmful posts that it had acted on before the last of them.
    pub clicks_so_far: u32,
}

impl Looked {
    /// Counts slates; none if there are none.
    pub(super) fn of<'a>(slates: impl Iterator<Item = &'a Slate>) -> Option<Looked> {
        let mut counts = Looked::default();
        for slate in slates {
            counts.slates += 1;
            counts.views += u64::from(slate.views);
            counts.harmful += u64::from(slate.harmful);
            counts.severe += u64::from(slate.severe);
            counts.clicks_so_far = counts.clicks_so_far.max(slate.clicks_so_far);
        }
        (counts.slates > 0).then_some(counts)
    }

    /// It in a sentence.
    pub(super) fn sentence(&self) -> String {
        format!(
            "As a probe it looks through {} and views {}: {} harmful, of them {} severe; {} acted on before the last.",
            counted(self.slates, "slate"),
            counted(self.views, "post"),
            self.harmful,
            self.severe,
            counted(self.clicks_so_far.into(), "harmful post")
        )
    }
}
