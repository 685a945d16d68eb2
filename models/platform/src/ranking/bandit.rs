//! `bandit`: Thompson sampling on a linear model of engagement.

use recsafe_common::catalogue::Described;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::settings;

use super::{Ranker, value_model};
use crate::candidates::Candidates;
use crate::request::{Request, View};

settings! {
    /// Exploration by Thompson sampling on a linear model of engagement. For each request, the
    /// weights of the model are drawn from their posterior distribution, and posts are scored with
    /// these weights. Posts whose engagement is uncertain are therefore tried more often (W. R.
    /// Thompson 1933; S. Agrawal and N. Goyal, ICML 2013). The model has the same features as the
    /// value model and learns from every view. No slots are reserved for uniform exploration.
    pub struct Bandit {
        /// Factor on the standard deviations of the weights. At 0 there is no exploration, and the
        /// mean weights are used.
        pub exploration: f64 = 1.0, 0.0..=1000.0, "ratio", "assumed";
    }
}

impl Described for Bandit {
    const TITLE: &'static str = "Bandit";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl Ranker for Bandit {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let mut draws = request.draws_for(DrawPurpose::Ranking).about(Part::Whole);
        let weights = view.learned.posterior.sample(self.exploration, &mut draws);
        scores.clear();
        scores.extend((0..candidates.len()).map(|i| {
            let (post_index, source, follows) =
                (candidates.post_indices[i], candidates.sources[i], candidates.follows[i]);
            let known = value_model::features(request, view, post_index, source, follows);
            known.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>()
        }));
    }

    fn explores(&self) -> bool {
        false
    }
}
