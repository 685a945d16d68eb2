//! What files say of a world at the start.

/// Follows and likes of a world, its accounts numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Number of accounts.
    pub accounts: u32,
    /// Every follow, as who follows and who is followed: ascending, none twice, none of oneself. None: the graph is grown.
    pub follows: Option<Vec<(u32, u32)>>,
    /// Every like before the start, as account and item (numbered from 0): ascending, none twice. None: none is known.
    pub likes: Option<Vec<(u32, u32)>>,
}

impl Imported {
    /// Whom each account follows, ascending; none if the graph is grown.
    pub(super) fn followees(&self) -> Option<Vec<Vec<u32>>> {
        let follows = self.follows.as_ref()?;
        let mut lists = vec![Vec::new(); self.accounts as usize];
        for &(from, to) in follows {
            lists[from as usize].push(to);
        }
        Some(lists)
    }
}
