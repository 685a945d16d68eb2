//! `random`: live posts in random order.

use recsafe_common::catalogue::Described;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::request::{Request, View};
use crate::settings::Quotas;

settings! {
    /// Live posts in random order. All orders are equally likely. Audits, and the experiments of
    /// platforms, use this order as a neutral benchmark.
    pub struct Random {}
}

impl Described for Random {
    const TITLE: &'static str = "Random order";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl Ranker for Random {
    fn score(&self, request: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let draws = request.draws_for(DrawPurpose::Ranking);
        scores.clear();
        scores.extend(
            candidates.post_indices.iter().map(|&post_index| draws.about(Part::PostIndex(post_index)).unit() as f32),
        );
    }

    fn sources(&self, _: &Quotas) -> Quotas {
        Quotas { followed: 0.0, similar: 0.0, co_engaged: 0.0, trending: 0.0, fresh: 0.0, random: 1.0, inbox: 0.0 }
    }

    fn explores(&self) -> bool {
        false
    }
}
