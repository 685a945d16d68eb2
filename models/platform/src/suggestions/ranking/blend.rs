//! `blend`: combines mutual ties, similar audiences and popularity.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::best_first::largest_of;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// A weighted sum of mutual ties, similar audience and popularity. Each of these three values
    /// is divided by its maximum over the candidates.
    pub struct Blend {
        /// Weight of mutual ties, as in the ranker `mutuals`.
        pub mutuals: f64 = 0.5, 0.0..=1.0e6, "weight", "assumed";
        /// Weight of similar audience, as in the ranker `similar-audience`.
        pub similar_audience: f64 = 0.4, 0.0..=1.0e6, "weight", "assumed";
        /// Weight of popularity, as in the ranker `popular`: ln(1 + followers).
        pub popular: f64 = 0.1, 0.0..=1.0e6, "weight", "assumed";
    }
}

impl Described for Blend {
    const TITLE: &'static str = "Blend";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl PeopleRanker for Blend {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::FriendsOfFriends, AccountSource::SharedAudience, AccountSource::Popular]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(candidates.len(), 0.0);
        let columns = [
            (self.mutuals, &candidates.ties),
            (self.similar_audience, &candidates.audience),
            (self.popular, &candidates.popularity),
        ];
        for (weight, column) in columns {
            let largest = largest_of(column, 0.0);
            let scale = if largest > 0.0 { weight as f32 / largest } else { 0.0 };
            for (score, evidence) in scores.iter_mut().zip(column) {
                *score += scale * evidence;
            }
        }
    }
}
