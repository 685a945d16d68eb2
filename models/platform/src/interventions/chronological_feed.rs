//! `chronological-feed`: the accounts reached get a chronological feed.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::ranking::Ranker;
use crate::ranking::chronological::Chronological;

settings! {
    /// The accounts reached get a chronological feed in place of the platform's ranker. With `efficacy` below 1 that share of
    /// their requests is answered so.
    pub struct ChronologicalFeed {}
}

impl Described for ChronologicalFeed {
    const TITLE: &'static str = "Chronological feed";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["ranker"];
}

impl Intervention for ChronologicalFeed {
    fn ranker(&self) -> Option<&dyn Ranker> {
        Some(&Chronological {})
    }
}
