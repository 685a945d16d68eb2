//! `block-niche-search`: returns no results for searches that look harmful.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Intervention, QueryFilter};

settings! {
    /// Searches return no results if a filter recognises them as searches for a harmful niche.
    ///
    /// The filter misses some searches for a harmful niche, and blocks some other searches by
    /// mistake. `audience` and `coverage` select the searcher. Efficacy is drawn once per search.
    pub struct BlockNicheSearch {
        /// Share of the searches for a harmful niche that the filter recognises: 0 is none, 1 is
        /// all.
        pub recall: f64 = 0.7, 0.0..=1.0, "share of searches", "assumed";
        /// Share of all other searches that the filter blocks by mistake.
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
