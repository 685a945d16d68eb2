//! Rankers of people suggestions. One file each, one line each in the catalogue below.

use std::fmt::Debug;

use recsafe_common::catalogue;

use super::{AccountCandidates, AccountSource, Asking};
use crate::ranking::RankerError;

/// Scores the candidates for a slate of accounts; the best go into it.
pub trait PeopleRanker: Debug + Send + Sync {
    /// Sources that it takes candidates from.
    fn sources(&self) -> &'static [AccountSource];

    /// Writes one score for each candidate, in their order; 0 or more, finite, higher is better.
    fn score(&self, asking: &Asking, candidates: &AccountCandidates, scores: &mut Vec<f32>);

    /// The same. This is what the engine asks: a ranker that can fail fails here.
    ///
    /// # Errors
    /// If there are no scores; the run ends then. Nothing is left of it.
    fn try_score(
        &self,
        asking: &Asking,
        candidates: &AccountCandidates,
        scores: &mut Vec<f32>,
    ) -> Result<(), RankerError> {
        self.score(asking, candidates, scores);
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
