//! Rankers of people suggestions.
//!
//! Each ranker has its own file and a line in the catalogue below.

use std::fmt::Debug;

use recsafe_common::catalogue;

use super::{AccountCandidates, AccountSource, SuggestionRequest};
use crate::ranking::RankerError;

/// An algorithm that scores the candidates for people suggestions. The best candidates go into the
/// slate.
pub trait PeopleRanker: Debug + Send + Sync {
    /// Returns the candidate sources that the ranker uses.
    fn sources(&self) -> &'static [AccountSource];

    /// Writes one score per candidate to `scores`, in the order of the candidates. Scores are
    /// finite and 0 or more. Higher scores are better.
    fn score(&self, request: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>);

    /// Scores the candidates in the same way as [`PeopleRanker::score`].
    ///
    /// The engine calls this method. Override the method for rankers that can fail.
    ///
    /// # Errors
    /// Fails if the ranker cannot return scores. In that case the run ends without results.
    fn try_score(
        &self,
        request: &SuggestionRequest,
        candidates: &AccountCandidates,
        scores: &mut Vec<f32>,
    ) -> Result<(), RankerError> {
        self.score(request, candidates, scores);
        Ok(())
    }
}

catalogue! { PeopleRanker {
    "blend" => blend::Blend,
    "mutuals" => mutuals::Mutuals,
    "similar-audience" => similar_audience::SimilarAudience,
    "popular" => popular::Popular,
    "random" => random::Random,
} }
