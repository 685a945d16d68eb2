//! `similar-audience`: accounts whose audience is similar to the audiences of accounts that the
//! viewer follows or visited.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// Accounts whose audience is similar to the audiences of accounts that the viewer follows or
    /// visited. The audience of an account consists of its followers and recent visitors. Each
    /// account that the viewer follows or visited adds the cosine of the two audiences to the score
    /// (item-item collaborative filtering: Sarwar et al. 2001).
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
