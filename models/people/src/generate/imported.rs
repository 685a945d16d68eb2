//! Facts about the initial world that come from files.

/// Follows and likes of a world with accounts numbered from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Number of accounts.
    pub accounts: u32,
    /// All follows, as pairs of follower and followee. The pairs are ascending, without duplicates
    /// and self-follows. `None` if the graph is generated.
    pub follows: Option<Vec<(u32, u32)>>,
    /// All likes before the start, as pairs of account and item. Items are numbered from 0. The
    /// pairs are ascending, without duplicates. `None` if there is no file of likes.
    pub likes: Option<Vec<(u32, u32)>>,
}

impl Imported {
    /// Returns the followees of each account, ascending; `None` if the graph is generated.
    pub(super) fn followees(&self) -> Option<Vec<Vec<u32>>> {
        let follows = self.follows.as_ref()?;
        let mut lists = vec![Vec::new(); self.accounts as usize];
        for &(from, to) in follows {
            lists[from as usize].push(to);
        }
        Some(lists)
    }
}
