//! `similar-audience`: accounts with an audience like that of accounts that the viewer follows.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, Asking};

settings! {
    /// Accounts followed and looked at by those who follow and look at what the viewer follows: the cosine of the two audiences, summed
    /// (item-item collaborative filtering; Sarwar et al. 2001).
    pub struct SimilarAudience {}
}

impl Described for SimilarAudience {
    const TITLE: &'static str = "Similar audience";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl PeopleRanker for SimilarAudience {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::SharedAudience]
    }

    fn score(&self, _: &Asking, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clone_from(&candidates.audience);
    }
}
