//! `popular`: the most followed accounts.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// The most followed accounts, the same for every viewer. Score = ln(1 + followers).
    pub struct Popular {}
}

impl Described for Popular {
    const TITLE: &'static str = "Popular";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl PeopleRanker for Popular {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::Popular]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clone_from(&candidates.popularity);
    }
}
