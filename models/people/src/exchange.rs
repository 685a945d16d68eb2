//! The exchange network: links between exchange accounts. A link is only a pair of accounts, and an
//! exchange is only counted.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use serde::{Deserialize, Serialize};

/// The links between accounts, in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeNetwork {
    with: BTreeMap<AccountId, Vec<AccountId>>,
}

impl ExchangeNetwork {
    /// Links two accounts. Returns false if the accounts were linked already or are the same
    /// account.
    pub fn link(&mut self, a: AccountId, b: AccountId) -> bool {
        if a == b || self.are_linked(a, b) {
            return false;
        }
        self.with.entry(a).or_default().push(b);
        self.with.entry(b).or_default().push(a);
        true
    }

    /// Ends a link. Returns false if there was no link.
    pub fn part(&mut self, a: AccountId, b: AccountId) -> bool {
        self.drop_one(a, b) && self.drop_one(b, a)
    }

    fn drop_one(&mut self, a: AccountId, b: AccountId) -> bool {
        let Some(list) = self.with.get_mut(&a) else { return false };
        let before = list.len();
        list.retain(|&other| other != b);
        let dropped = list.len() < before;
        if list.is_empty() {
            self.with.remove(&a);
        }
        dropped
    }

    /// Ends all links of an account and returns the former partners, in the order in which the
    /// links were created.
    pub fn isolate(&mut self, account: AccountId) -> Vec<AccountId> {
        let partners = self.of(account).to_vec();
        for &partner in &partners {
            self.part(account, partner);
        }
        partners
    }

    /// Returns whether two accounts are linked.
    #[must_use]
    pub fn are_linked(&self, a: AccountId, b: AccountId) -> bool {
        self.of(a).contains(&b)
    }

    /// Returns the partners of an account, in the order in which the links were created.
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[AccountId] {
        self.with.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Iterates over all links, in ascending order of the lower id. In each pair, the lower id
    /// comes first.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, AccountId)> + '_ {
        self.with.iter().flat_map(|(&a, list)| list.iter().filter(move |&&b| a < b).map(move |&b| (a, b)))
    }

    /// Returns the number of links.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with.values().map(Vec::len).sum::<usize>() / 2
    }

    /// Returns whether there are no links.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.with.is_empty()
    }
}

/// Recruitment trees. Each recruited account has the root of its tree, and each root has the size
/// of its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecruitmentTree {
    root: BTreeMap<AccountId, AccountId>,
    size: BTreeMap<AccountId, u32>,
}

impl RecruitmentTree {
    /// Returns the root of an account's recruitment tree. If nobody recruited the account, returns
    /// the account itself.
    #[must_use]
    pub fn root_of(&self, account: AccountId) -> AccountId {
        self.root.get(&account).copied().unwrap_or(account)
    }

    /// Returns the size of the tree of `root`, including `root`.
    #[must_use]
    pub fn size(&self, root: AccountId) -> u32 {
        self.size.get(&root).copied().unwrap_or(1)
    }

    /// Records that `child` was recruited into the tree of `root`.
    pub fn grow(&mut self, root: AccountId, child: AccountId) {
        self.root.insert(child, root);
        *self.size.entry(root).or_insert(1) += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn links_are_pairs_and_isolating_ends_them(pairs in prop::collection::vec((0_u32..12, 0_u32..12), 0..60), gone in 0_u32..12) {
            let mut network = ExchangeNetwork::default();
            let mut known = std::collections::BTreeSet::new();
            for (a, b) in pairs {
                let fresh = network.link(AccountId(a), AccountId(b));
                prop_assert_eq!(fresh, a != b && known.insert((a.min(b), a.max(b))));
            }
            prop_assert_eq!(network.len(), known.len());
            prop_assert_eq!(network.iter().map(|(a, b)| (a.0, b.0)).collect::<std::collections::BTreeSet<_>>(), known.clone());
            let lost = network.isolate(AccountId(gone)).len();
            prop_assert_eq!(lost, known.iter().filter(|(a, b)| *a == gone || *b == gone).count());
            prop_assert_eq!(network.len(), known.len() - lost);
            prop_assert!(network.of(AccountId(gone)).is_empty());
        }
    }
}
