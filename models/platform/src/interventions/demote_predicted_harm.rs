//! `demote-predicted-harm`: ranks posts lower if the classifier predicts that they are harmful.

use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::settings;

use super::{Efficacy, Intervention};
use crate::best_first::smallest_of;
use crate::candidates::Candidates;
use crate::request::{Request, View};

settings! {
    /// Posts rank lower in the feed if the content classifier predicts that they are harmful.
    ///
    /// The ranking score of such a post moves towards the lowest score in the request. The score
    /// moves by `weight` times the distance to the lowest score. Exploration posts have no ranking
    /// score, so they are not demoted. Harmful posts that the classifier misses keep their rank,
    /// and some harmless posts are demoted by mistake. `audience` and `coverage` select the viewer.
    /// Efficacy is drawn once per viewer, post and day.
    pub struct DemotePredictedHarm {
        /// Movement of a score, as a share of its distance to the lowest score: 0 has no effect, 1
        /// moves the post to the end of the list.
        pub weight: f64 = 0.8, 0.0..=1.0, "share of the way", "assumed";
        /// Classifier score above which a post is demoted. The default is the platform's own
        /// threshold.
        pub threshold: Option<f64> = None, -10.0..=20.0, "standard deviations", "enforcement.content_threshold";
    }
}

impl Described for DemotePredictedHarm {
    const TITLE: &'static str = "Demote predicted harm";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["adjust"];
}

impl Intervention for DemotePredictedHarm {
    fn adjust(&self, efficacy: Efficacy, _: &Request, view: &View, candidates: &Candidates, scores: &mut [f32]) {
        let threshold = self.threshold.map_or(view.content_threshold, |own| own as f32);
        let rows = view.observed.posts.rows();
        let lowest = smallest_of(scores, f32::INFINITY);
        let retained = 1.0 - self.weight as f32;
        for (score, &post_index) in scores.iter_mut().zip(&candidates.post_indices) {
            if rows[post_index as usize].classifier_score > threshold && efficacy.works_on(Use::PostIndex(post_index)) {
                *score = lowest + (*score - lowest) * retained;
            }
        }
    }
}
