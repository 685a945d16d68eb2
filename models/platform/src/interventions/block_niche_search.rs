//! `block-niche-search`: searches for what is harmful find nothing.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Intervention, QueryFilter};

settings! {
    /// Searches that a filter takes for a search for a harmful niche find nothing. Reaches the searcher; efficacy is one draw a search.
    pub struct BlockNicheSearch {
        /// Share of searches for a harmful niche that the filter knows.
        pub recall: f64 = 0.7, 0.0..=1.0, "share of searches", "assumed";
        /// Share of all other searches that it blocks by mistake.
        pub false_positive_rate: f64 = 0.005, 0.0..=1.0, "share of searches", "assumed";
    }
}

impl Described for BlockNicheSearch {
    const TITLE: &'static str = "Block searches for harm";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["filters-searches"];
}

impl Intervention for BlockNicheSearch {
    fn filters_searches(&self) -> Option<QueryFilter> {
        Some(QueryFilter { recall: self.recall, mistaken: self.false_positive_rate })
    }
}
