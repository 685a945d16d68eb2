//! `similar-audience`: accounts with audiences similar to the audiences of the viewer's followees.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// Accounts with audiences similar to the audiences of accounts that the viewer follows or
    /// visited. An audience is the followers and the recent visitors of an account. Score = the
    /// sum, over the accounts that the viewer follows or visited, of the cosine of the two
    /// audiences (item-item collaborative filtering: Sarwar et al. 2001).
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

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clone_from(&candidates.audience);
    }
}
