//! Rankers of the feed: algorithms that score candidates.
//!
//! Each ranker has its own file and a line in the catalogue below.

mod batch;

pub use batch::{RankerError, Unscored, score_all};
pub(crate) use batch::{refuse_negative, refuse_unusable};

use std::fmt::Debug;

use recsafe_common::catalogue;

use crate::candidates::Candidates;
use crate::request::{Request, View};
use crate::settings::Quotas;

/// An algorithm that scores the candidates of a request. The best candidates go into the slate.
pub trait Ranker: Debug + Send + Sync {
    /// Writes one finite score per candidate to `scores`, in the order of the candidates. Higher
    /// scores are better.
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>);

    /// Returns whether the ranker is faster if it scores the candidates of many requests at once.
    ///
    /// For such a ranker, the first requests of up to 64 accounts form one batch, the second
    /// requests of these accounts form the next batch, and so on. Which accounts form a batch
    /// depends only on the world. For other rankers, each batch is one request.
    fn batches(&self) -> bool {
        false
    }

    /// Scores each request of a batch in the same way as [`Ranker::score`].
    ///
    /// The engine calls this method. Override the method for rankers that can fail.
    ///
    /// # Errors
    /// Fails if the ranker cannot return scores. In that case the run ends without results.
    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        for one in batch {
            self.score(one.request, view, one.candidates, one.scores);
        }
        Ok(())
    }

    /// Returns the quotas of the candidate sources that the ranker uses. `quotas` are the quotas in
    /// the settings.
    fn sources(&self, quotas: &Quotas) -> Quotas {
        quotas.clone()
    }

    /// Returns whether a share of the slots is reserved for exploration. Rankers that learn from
    /// the shown posts need exploration.
    fn explores(&self) -> bool {
        true
    }

    /// Returns whether the platform learns factors of accounts and posts for the ranker.
    fn learns_factors(&self) -> bool {
        false
    }

    /// Returns whether the platform stores all engagements with live posts for the ranker.
    fn learns_engagements(&self) -> bool {
        false
    }

    /// Returns the factor on a post's score for each better post of the same creator in the slate.
    /// The factor is in [0, 1], and a factor of 1 changes nothing.
    fn repeat_discount(&self) -> f32 {
        1.0
    }
}

catalogue! { Ranker {
    "value-model" => value_model::ValueModel,
    "content" => content::Content,
    "collaborative" => collaborative::Collaborative,
    "neighbours" => neighbours::Neighbours,
    "factorization" => factorization::Factorization,
    "bandit" => bandit::Bandit,
    "popularity" => popularity::Popularity,
    "chronological" => chronological::Chronological,
    "random" => random::Random,
} }

#[cfg(test)]
mod tests {
    use super::*;

    fn those(holds: fn(&dyn Ranker) -> bool) -> Vec<&'static str> {
        let ranker = |kind: &str| decode(kind, serde_json::json!({})).unwrap().unwrap();
        entries().into_iter().map(|entry| entry.id).filter(|kind| holds(&*ranker(kind))).collect()
    }

    #[test]
    fn all_rankers_explore_but_those_that_draw_or_go_by_date() {
        assert_eq!(those(|ranker| !ranker.explores()), ["bandit", "chronological", "random"]);
    }

    #[test]
    fn the_platform_learns_for_the_rankers_that_need_it() {
        assert_eq!(those(|ranker| ranker.learns_factors()), ["factorization"]);
        assert_eq!(those(|ranker| ranker.learns_engagements()), ["neighbours"]);
    }
}
