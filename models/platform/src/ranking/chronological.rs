//! `chronological`: posts of followees, newest first, then new posts of other accounts.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::request::{Request, View};
use crate::settings::Quotas;

settings! {
    /// Posts that followees made or shared, newest first. Today's posts of other accounts come
    /// last. If the feed has a quota for inboxes, candidates come from the inbox only. Platforms
    /// had this feed before they ranked by engagement. Guess et al. (Science 381:398, 2023) tested
    /// this feed as an alternative.
    pub struct Chronological {}
}

impl Described for Chronological {
    const TITLE: &'static str = "Chronological";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl Ranker for Chronological {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.clear();
        // Candidates are in this order already: the source `followed` (newest first) comes before
        // `fresh`.
        scores.extend((0..candidates.len()).map(|index| -(index as f32)));
    }

    fn sources(&self, quotas: &Quotas) -> Quotas {
        let none =
            Quotas { followed: 0.0, similar: 0.0, co_engaged: 0.0, trending: 0.0, fresh: 0.0, random: 0.0, inbox: 0.0 };
        if quotas.inbox > 0.0 { Quotas { inbox: 1.0, ..none } } else { Quotas { followed: 3.0, fresh: 1.0, ..none } }
    }

    fn explores(&self) -> bool {
        false
    }
}
