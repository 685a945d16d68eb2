//! How large everybody's audience is.

use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;

use crate::attention::Attention;

/// Square roots of the sizes of all audiences: followers, and who visited a profile of late. Made once a day, for a call looks at the audiences of
/// hundreds of accounts, and what it needs of most of them is this one number.
#[derive(Clone, Debug, Default)]
pub struct Audiences {
    roots: Vec<f32>,
}

impl Audiences {
    /// Those of a day on which follows and attention are these.
    #[must_use]
    pub fn new(graph: &FollowGraph, attention: &Attention) -> Self {
        let size = |account| graph.followers(account).len() + attention.viewers(account).len();
        Audiences { roots: (0..graph.accounts() as u32).map(|id| (size(AccountId(id)) as f32).sqrt()).collect() }
    }

    /// Square root of the size of an account's audience.
    ///
    /// # Panics
    /// If there is no such account.
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
        let (mut graph, mut attention) = (FollowGraph::new(12), Attention::new(12));
        let [famous, lonely] = [0, 1].map(AccountId);
        for id in 2..12 {
            graph.follow(AccountId(id), famous);
        }
        for id in 2..8 {
            attention.attend(AccountId(id), famous);
        }
        let audiences = Audiences::new(&graph, &attention);
        assert_eq!((audiences.root(famous), audiences.root(lonely)), (4.0, 0.0));
    }
}
