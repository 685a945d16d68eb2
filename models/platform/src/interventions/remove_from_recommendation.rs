//! `remove-from-recommendation`: stops recommending posts that the classifier predicts to be
//! harmful.

use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::settings;

use super::{Efficacy, Intervention};
use crate::candidates::{Candidates, Source};
use crate::request::{Request, View};

settings! {
    /// Posts are not recommended if the content classifier predicts that they are harmful.
    ///
    /// Followers of the creator, and followers of accounts that shared the post, can still get the
    /// post from the candidate source `followed`. Harmful posts that the classifier misses are
    /// still recommended, and some harmless posts are removed by mistake. `audience` and `coverage`
    /// select the viewer. Efficacy is drawn once per viewer, post and day.
    pub struct RemoveFromRecommendation {
        /// Classifier score above which a post is not recommended. The default is the platform's
        /// own threshold.
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
        candidates.retain(|post_index, source, _| {
            let spared = self.keep_followed && source == Source::Followed;
            spared
                || rows[post_index as usize].classifier_score <= threshold
                || !efficacy.works_on(Use::PostIndex(post_index))
        });
    }
}
