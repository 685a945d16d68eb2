//! Rankers of people suggestions. One file each, one line each in the catalogue below.

use std::fmt::Debug;

use recsafe_common::catalogue;

use super::{AccountCandidates, AccountSource, Asking};

/// Scores the candidates for a slate of accounts; the best go into it.
pub trait PeopleRanker: Debug + Send + Sync {
    /// Sources that it takes candidates from.
    fn sources(&self) -> &'static [AccountSource];

    /// Writes one score for each candidate, in their order; 0 or more, finite, higher is better.
    fn score(&self, asking: &Asking, candidates: &AccountCandidates, scores: &mut Vec<f32>);
}

catalogue! { PeopleRanker {
    "blend" => blend::Blend,
    "mutuals" => mutuals::Mutuals,
    "similar-audience" => similar_audience::SimilarAudience,
    "popular" => popular::Popular,
    "random" => random::Random,
} }
