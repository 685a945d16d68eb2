//! `similar-audience`: accounts with an audience like that of accounts that the viewer follows.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, Asking};

settings! {
    /// Accounts with an audience like that of the accounts that the viewer follows or looks at. The score is the cosine of the two
    /// audiences, those who follow an account or visit its profile, summed over these (item-item collaborative filtering: Sarwar
    /// and others 2001).
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
