//! `demote-predicted-harm`: what the classifier takes for harmful ranks lower.

use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::settings;

use super::{Efficacy, Intervention};
use crate::best_first::smallest_of;
use crate::candidates::Candidates;
use crate::request::{Request, View};

settings! {
    /// What the classifier takes for harmful ranks lower: its score moves towards the lowest of the request by `weight`.
    /// Posts in slots given to exploration are not scored, so they are not demoted.
    pub struct DemotePredictedHarm {
        /// How far the score moves: 0 not at all, 1 to the end of the list.
        pub weight: f64 = 0.8, 0.0..=1.0, "share of the way", "assumed";
        /// Classifier score above which a post is demoted; without it, the platform's own threshold.
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
        let kept = 1.0 - self.weight as f32;
        for (score, &slot) in scores.iter_mut().zip(&candidates.slots) {
            if rows[slot as usize].signal > threshold && efficacy.works_on(Use::Slot(slot)) {
                *score = lowest + (*score - lowest) * kept;
            }
        }
    }
}
