//! Rankers: algorithms that score candidates. One file each, one line each in the catalogue below.

mod batch;

pub use batch::{RankerError, Unscored, score_all};
pub(crate) use batch::{refuse_negative, refuse_unusable};

use std::fmt::Debug;

use recsafe_common::catalogue;

use crate::candidates::Candidates;
use crate::request::{Request, View};
use crate::settings::Quotas;

/// Scores the candidates of a request; the best go into the slate.
pub trait Ranker: Debug + Send + Sync {
    /// Writes one score for each candidate, in their order; higher is better. Scores are finite.
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>);

    /// Whether it is faster when it scores the candidates of many requests at once. Then accounts are served in step: the first requests of up
    /// to 64 accounts make one batch, their second requests the next, and so on. Which requests make a batch depends on the world
    /// alone. Others are asked for one request at a time.
    fn batches(&self) -> bool {
        false
    }

    /// Does what [`Ranker::score`] does for each request of a batch. This is what the engine asks: a ranker that can fail fails here.
    ///
    /// # Errors
    /// If there are no scores; the run ends then. Nothing is left of it.
    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        for one in batch {
            self.score(one.request, view, one.candidates, one.scores);
        }
        Ok(())
    }

    /// Which sources it takes candidates from, given the settings.
    fn sources(&self, quotas: &Quotas) -> Quotas {
        quotas.clone()
    }

    /// Whether it gives a share of slots to exploration, because it learns from what is shown.
    fn explores(&self) -> bool {
        true
    }

    /// Whether the platform learns factors of accounts and posts for it.
    fn learns_factors(&self) -> bool {
        false
    }

    /// Whether the platform keeps all engagements with live posts for it.
    fn learns_engagements(&self) -> bool {
        false
    }

    /// Factor on a post's score for each better post of the same creator in the slate, in [0, 1]; 1 changes nothing.
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
