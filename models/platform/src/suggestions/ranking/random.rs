//! `random`: accounts in random order.

use recsafe_common::catalogue::Described;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// Accounts drawn uniformly from all accounts that can be suggested. This ranker is the neutral
    /// benchmark: it suggests each group of accounts equally often to all kinds of viewers.
    pub struct Random {}
}

impl Described for Random {
    const TITLE: &'static str = "Random accounts";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl PeopleRanker for Random {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::Random]
    }

    fn score(&self, request: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        let draw = |account| request.draw(DrawPurpose::SuggestionRanking, Part::Suggested(account)).unit() as f32;
        scores.extend(candidates.accounts.iter().map(|&account| draw(account)));
    }
}
