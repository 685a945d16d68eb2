//! `mutuals`: accounts followed by the viewer's followees.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};

settings! {
    /// Accounts followed by the viewer's followees ("friends of friends"). Score = Adamic-Adar
    /// closeness (Adamic and Adar 2003): each followee that follows the account adds 1 / ln(1 + d),
    /// where d is the number of accounts that the followee follows. A followee that follows few
    /// accounts therefore adds more.
    pub struct Mutuals {}
}

impl Described for Mutuals {
    const TITLE: &'static str = "Mutual ties";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["sources", "score"];
}

impl PeopleRanker for Mutuals {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::FriendsOfFriends]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clone_from(&candidates.ties);
    }
}
