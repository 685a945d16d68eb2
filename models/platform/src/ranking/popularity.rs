//! `popularity`: the most popular posts.

use recsafe_common::catalogue::Described;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::{choices, settings};

use super::Ranker;
use crate::candidates::Candidates;
use crate::request::{Request, View};
use crate::settings::Quotas;

choices! {
    /// Way in which popularity determines the order.
    pub enum Choice {
        /// The most popular posts come first.
        Best = "best",
        /// Posts are drawn without replacement, with probabilities proportional to popularity.
        Proportional = "proportional",
    }
}

settings! {
    /// The most popular posts, the same for every viewer. Popularity is the number of engagements,
    /// and the weight of an engagement halves every `feed.popularity_half_life` days (preferential
    /// attachment; Salganik, Dodds and Watts, Science 311:854, 2006).
    pub struct Popularity {
        /// Order of the posts: the most popular posts come first, or posts are drawn in proportion
        /// to popularity.
        pub choice: Choice = Choice::Best, (), "", "assumed";
        /// Engagements added to the popularity of every post if `choice` is `proportional`. With a
        /// larger value, the chances of the posts are more equal.
        pub pseudo_count: f64 = 1.0, 0.001..=1000.0, "engagements", "assumed";
    }
}

impl Described for Popularity {
    const TITLE: &'static str = "Popularity";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl Ranker for Popularity {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        let draws = request.draws_for(DrawPurpose::Ranking);
        let popularity = |post_index: u32| rows[post_index as usize].popularity;
        scores.clear();
        match self.choice {
            // The noise breaks ties, so that no source is favoured. It is far below the weight of
            // one engagement.
            Choice::Best => scores.extend(candidates.post_indices.iter().map(|&post_index| {
                popularity(post_index) + 1e-6 * draws.about(Part::PostIndex(post_index)).unit() as f32
            })),
            // Sorting by ln w + Gumbel noise is the same as drawing in proportion to w (Gumbel
            // 1954; Yellott 1977).
            Choice::Proportional => scores.extend(candidates.post_indices.iter().map(|&post_index| {
                let gumbel = -libm::log(draws.about(Part::PostIndex(post_index)).exponential().max(f64::MIN_POSITIVE));
                (libm::log(f64::from(popularity(post_index)) + self.pseudo_count) + gumbel) as f32
            })),
        }
    }

    fn sources(&self, quotas: &Quotas) -> Quotas {
        Quotas { followed: 0.0, similar: 0.0, co_engaged: 0.0, ..quotas.clone() }
    }
}
