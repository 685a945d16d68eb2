//! `remove-from-recommendation`: what the classifier takes for harmful is not recommended.

use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::settings;

use super::{Efficacy, Intervention};
use crate::candidates::{Candidates, Source};
use crate::request::{Request, View};

settings! {
    /// What the classifier takes for harmful is not recommended; those who follow the creator (or a sharer) still get it.
    pub struct RemoveFromRecommendation {
        /// Classifier score above which a post is not recommended; without it, the platform's own threshold.
        pub threshold: Option<f64> = None, -10.0..=20.0, "standard deviations", "enforcement.content_threshold";
        /// Whether followers still get the post.
        pub keep_followed: bool = true, (), "", "assumed; platforms call such posts not eligible for recommendation";
    }
}

impl Described for RemoveFromRecommendation {
    const TITLE: &'static str = "Remove from recommendation";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["eligible"];
}

impl Intervention for RemoveFromRecommendation {
    fn eligible(&self, efficacy: Efficacy, _: &Request, view: &View, candidates: &mut Candidates) {
        let threshold = self.threshold.map_or(view.content_threshold, |own| own as f32);
        let rows = view.observed.posts.rows();
        candidates.retain(|slot, source, _| {
            let spared = self.keep_followed && source == Source::Followed;
            spared || rows[slot as usize].signal <= threshold || !efficacy.works_on(Use::Slot(slot))
        });
    }
}
