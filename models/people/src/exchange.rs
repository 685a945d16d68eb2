//! The exchange network: links between exchange accounts. Abstract: a link is a pair, an exchange a count.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use serde::{Deserialize, Serialize};

/// Who is linked with whom. A link works both ways.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    with: BTreeMap<AccountId, Vec<AccountId>>,
}

impl Links {
    /// Links two accounts; false if they were linked, or are one.
    pub fn link(&mut self, a: AccountId, b: AccountId) -> bool {
        if a == b || self.are_linked(a, b) {
            return false;
        }
        self.with.entry(a).or_default().push(b);
        self.with.entry(b).or_default().push(a);
        true
    }

    /// Ends a link; false if there was none.
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

    /// Ends every link of an account; returns with whom they were, in the order in which they were made.
    pub fn isolate(&mut self, account: AccountId) -> Vec<AccountId> {
        let partners = self.of(account).to_vec();
        for &partner in &partners {
            self.part(account, partner);
        }
        partners
    }

    /// Whether two accounts are linked.
    #[must_use]
    pub fn are_linked(&self, a: AccountId, b: AccountId) -> bool {
        self.of(a).contains(&b)
    }

    /// With whom an account is linked, in the order in which the links were made.
    #[must_use]
    pub fn of(&self, account: AccountId) -> &[AccountId] {
        self.with.get(&account).map_or(&[], Vec::as_slice)
    }

    /// Every link once, the lower id first, in ascending order of it.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, AccountId)> + '_ {
        self.with.iter().flat_map(|(&a, list)| list.iter().filter(move |&&b| a < b).map(move |&b| (a, b)))
    }

    /// Number of links.
    #[must_use]
    pub fn len(&self) -> usize {
        self.with.values().map(Vec::len).sum::<usize>() / 2
    }

    /// Whether nobody is linked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.with.is_empty()
    }
}

/// Who was brought in by whom, as far as it matters: the first account of each tree, and the size of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trees {
    root: BTreeMap<AccountId, AccountId>,
    size: BTreeMap<AccountId, u32>,
}

impl Trees {
    /// The account from which an exchange account comes, through those that brought one another in; itself if it was there first.
    #[must_use]
    pub fn root_of(&self, account: AccountId) -> AccountId {
        self.root.get(&account).copied().unwrap_or(account)
    }

    /// Size of the tree that comes from `root`, itself counted.
    #[must_use]
    pub fn size(&self, root: AccountId) -> u32 {
        self.size.get(&root).copied().unwrap_or(1)
    }

    /// Takes note that `child` was brought in, in the tree that comes from `root`.
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
            let mut links = Links::default();
            let mut known = std::collections::BTreeSet::new();
            for (a, b) in pairs {
                let fresh = links.link(AccountId(a), AccountId(b));
                prop_assert_eq!(fresh, a != b && known.insert((a.min(b), a.max(b))));
            }
            prop_assert_eq!(links.len(), known.len());
            prop_assert_eq!(links.iter().map(|(a, b)| (a.0, b.0)).collect::<std::collections::BTreeSet<_>>(), known.clone());
            let lost = links.isolate(AccountId(gone)).len();
            prop_assert_eq!(lost, known.iter().filter(|(a, b)| *a == gone || *b == gone).count());
            prop_assert_eq!(links.len(), known.len() - lost);
            prop_assert!(links.of(AccountId(gone)).is_empty());
        }
    }
}
