//! Slates that a probe viewed, from `probes.parquet`.

use recsafe_stats::rows::ProbeRow;
use recsafe_text::counted;
use serde::Serialize;

/// Counts of slates over some days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Number of slates.
    pub slates: u64,
    /// Posts viewed.
    pub views: u64,
    /// Number of harmful posts among the views.
    pub harmful: u64,
    /// Number of severe posts among the harmful posts.
    pub severe: u64,
    /// Number of harmful posts that the probe had engaged with before the last slate.
    pub clicks_so_far: u32,
}

impl Looked {
    /// Counts slates. Returns `None` if there are none.
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

    /// Returns the counts as a sentence.
    pub(super) fn sentence(&self) -> String {
        format!(
            "As a probe, it receives {} and views {}: {} harmful, {} of them severe. Before the last slate, it had acted on {}.",
            counted(self.slates, "slate"),
            counted(self.views, "post"),
            self.harmful,
            self.severe,
            counted(self.clicks_so_far.into(), "harmful post")
        )
    }
}
