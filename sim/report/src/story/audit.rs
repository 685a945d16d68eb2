//! What a probe saw of its feed, as `probes.parquet` has it.

use recsafe_stats::rows::ProbeRow;
use serde::Serialize;

use super::counted;

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
    pub(super) fn of<'a>(slates: impl Iterator<Item = &'a ProbeRow>) -> Option<Looked> {
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
