//! Sizes of the audiences of all accounts.

use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;

use crate::profile_visits::ProfileVisits;

/// Square root of the size of each account's audience. The audience of an account consists of its
/// followers and recent visitors.
///
/// The roots are computed once per day because a request needs the roots of hundreds of accounts.
/// For most of these accounts, the request needs nothing else.
#[derive(Clone, Debug, Default)]
pub struct Audiences {
    roots: Vec<f32>,
}

impl Audiences {
    /// Computes the sizes of the audiences from a day's follows and visits.
    #[must_use]
    pub fn new(graph: &FollowGraph, profile_visits: &ProfileVisits) -> Self {
        let size = |account| graph.followers(account).len() + profile_visits.visitors_of(account).len();
        Audiences { roots: (0..graph.accounts() as u32).map(|id| (size(AccountId(id)) as f32).sqrt()).collect() }
    }

    /// Returns the square root of the size of an account's audience.
    ///
    /// # Panics
    /// Panics if the account does not exist.
    #[inline]
    #[must_use]
    pub fn root(&self, account: AccountId) -> f32 {
        self.roots[account.row()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn followers_and_visitors_count() {
        let (mut graph, mut profile_visits) = (FollowGraph::new(12), ProfileVisits::new(12));
        let [famous, lonely] = [0, 1].map(AccountId);
        for id in 2..12 {
            graph.follow(AccountId(id), famous);
        }
        for id in 2..8 {
            profile_visits.add(AccountId(id), famous);
        }
        let audiences = Audiences::new(&graph, &profile_visits);
        assert_eq!((audiences.root(famous), audiences.root(lonely)), (4.0, 0.0));
    }
}
