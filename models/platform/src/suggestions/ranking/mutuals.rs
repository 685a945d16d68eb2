//! `mutuals`: friends of friends.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::PeopleRanker;
use crate::suggestions::{AccountCandidates, AccountSource, Asking};

settings! {
    /// Friends of friends: the accounts that those whom the viewer follows follow, by Adamic-Adar closeness (Adamic and Adar 2003): a tie
    /// through an account that follows few counts more.
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

    fn score(&self, _: &Asking, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clone_from(&candidates.ties);
    }
}
