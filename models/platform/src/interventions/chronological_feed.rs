//! `chronological-feed`: replaces the platform's ranker by a chronological feed.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::ranking::Ranker;
use crate::ranking::chronological::Chronological;

settings! {
    /// The feed is chronological: the platform's ranker is not used.
    ///
    /// `audience` and `coverage` select the viewer. Efficacy is drawn once per feed request: it is
    /// the share of requests with a chronological feed.
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
