//! Lists from which candidates are found. The lists are rebuilt once per day from the live posts
//! and do not change while requests are answered.

use recsafe_common::draw::mix;
use recsafe_common::ids::{AccountId, Day, PostId};
use recsafe_common::observed::{Observed, PostPool, PostRow, Visibility};
use recsafe_common::prefetch::prefetch_at;
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::Packed;
use serde::{Deserialize, Serialize};

/// Number of likes remembered per account.
pub const LIKED: usize = 10;
/// Number of likers remembered per post.
pub const LIKERS: usize = 8;
/// Length of the list of trending posts.
pub const TRENDING: usize = 512;
/// Length of the list of popular accounts.
pub const POPULAR: usize = 256;

/// Logarithm to base 2 of the number of posts per block. The index stores the day of each block's
/// first post.
const BLOCK_BITS: u32 = 8;

/// Marker for "no post" or "no account".
const NONE: u32 = u32::MAX;

/// The last `N` items, stored in a ring buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(C)]
pub struct Ring<const N: usize> {
    count: u32,
    #[serde(with = "recsafe_common::long_array")]
    items: [u32; N],
}

impl<const N: usize> Default for Ring<N> {
    fn default() -> Self {
        Ring { count: 0, items: [0; N] }
    }
}

impl<const N: usize> Ring<N> {
    /// Adds an item and forgets the oldest if the ring is full.
    pub fn push(&mut self, item: u32) {
        self.items[self.count as usize % N] = item;
        self.count += 1;
    }

    /// Returns the items, in no particular order.
    #[inline]
    #[must_use]
    pub fn items(&self) -> &[u32] {
        &self.items[..(self.count as usize).min(N)]
    }
}

/// A record that an account shared a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The account that shared the post.
    pub by: AccountId,
    /// The shared post.
    pub post: PostId,
    /// The day on which the account shared the post.
    pub day: Day,
}

/// All lists of one day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Index {
    centres: Vec<Packed>,
    latest: Vec<u32>,
    previous: Vec<u32>,
    shares: Vec<Shared>,
    shares_from: Vec<u32>,
    region_start: Vec<u32>,
    by_region: Vec<u32>,
    trending: Vec<u32>,
    fresh_from: usize,
    /// Days with posts, oldest first. Each day comes with the index at which its posts end.
    days: Vec<(Day, u32)>,
    /// One entry per block of posts: the day of the block's first post, as an index in `days`.
    day_of_block: Vec<u16>,
    popular: Vec<AccountId>,
    liked: Vec<Ring<LIKED>>,
    likers: Vec<Ring<LIKERS>>,
}

impl Index {
    /// Creates an index of `accounts` accounts and no posts.
    #[must_use]
    pub fn new(accounts: usize, map: &TopicMap) -> Self {
        let centres = (0..map.topic_count()).map(|topic_id| Packed::new(map.centre(topic_id as u8))).collect();
        Index { centres, latest: vec![NONE; accounts], liked: vec![Ring::default(); accounts], ..Index::default() }
    }

    /// Adds one account.
    pub fn add_account(&mut self) {
        self.latest.push(NONE);
        self.liked.push(Ring::default());
    }

    /// Forgets the likes of an account.
    pub fn forget(&mut self, account: AccountId) {
        self.liked[account.row()] = Ring::default();
    }

    /// Records that `account` liked the post at index `post_index`.
    pub fn like(&mut self, account: AccountId, post_index: usize, post: PostId) {
        self.liked[account.row()].push(post.0);
        self.likers[post_index].push(account.0);
    }

    /// Prefetches the data that [`Index::like`] changes for this post.
    #[inline]
    pub fn prefetch_like(&self, post_index: usize) {
        prefetch_at(&self.likers, post_index);
    }

    /// Records that an account shared a post.
    pub fn share(&mut self, share: Shared) {
        self.shares.push(share);
    }

    /// Adapts the columns to the pool after posts were removed and added. `dropped` is the number
    /// of posts that were removed, which are the oldest posts.
    pub fn follow_pool(&mut self, dropped: usize, posts: &PostPool) {
        self.likers.drain(..dropped.min(self.likers.len()));
        self.likers.resize(posts.len(), Ring::default());
    }

    /// Rebuilds the day's lists. Removes the records of posts that were shared before the last
    /// `window` days.
    pub fn rebuild(&mut self, observed: &Observed, window: Day) {
        let (rows, access) = (observed.posts.rows(), observed.posts.access());
        self.chain_by_creator(observed);
        self.sort_shares(observed, window);
        self.group_by_region(observed);
        self.fresh_from = rows.partition_point(|row| Day::from(row.day) < observed.day);
        self.find_days(rows);
        let mut order: Vec<u32> = (0..rows.len() as u32)
            .filter(|&post_index| {
                rows[post_index as usize].popularity > 0.0
                    && access[post_index as usize].visibility() == Visibility::Everyone
            })
            .collect();
        // Popularity is positive, so sorting by its bits is the same as sorting by its value.
        let rank = |&post_index: &u32| {
            (std::cmp::Reverse(rows[post_index as usize].popularity.to_bits()), mix(u64::from(post_index)))
        };
        if order.len() > TRENDING {
            order.select_nth_unstable_by_key(TRENDING, rank);
            order.truncate(TRENDING);
        }
        order.sort_unstable_by_key(rank);
        self.trending = order;
        self.rank_accounts(observed);
    }

    fn find_days(&mut self, rows: &[PostRow]) {
        debug_assert!(rows.is_sorted_by_key(|row| row.day), "days never decrease");
        self.days.clear();
        self.day_of_block.clear();
        let mut from = 0;
        while let Some(first) = rows.get(from) {
            from += rows[from..].partition_point(|row| row.day <= first.day);
            let blocks = from.div_ceil(1 << BLOCK_BITS);
            self.day_of_block.resize(blocks, self.days.len() as u16);
            self.days.push((Day::from(first.day), from as u32));
        }
    }

    /// Ranks accounts by their number of followers. A fixed hash breaks ties.
    fn rank_accounts(&mut self, observed: &Observed) {
        let followers = |id: AccountId| observed.graph.followers(id).len();
        let rank = |&id: &AccountId| (std::cmp::Reverse(followers(id)), mix(u64::from(id.0)));
        self.popular.clear();
        let followed = (0..observed.graph.accounts() as u32).map(AccountId).filter(|&id| followers(id) > 0);
        self.popular.extend(followed);
        if self.popular.len() > POPULAR {
            self.popular.select_nth_unstable_by_key(POPULAR, rank);
            self.popular.truncate(POPULAR);
        }
        self.popular.sort_unstable_by_key(rank);
    }

    fn chain_by_creator(&mut self, observed: &Observed) {
        self.latest.fill(NONE);
        self.previous.clear();
        for (post_index, row) in observed.posts.rows().iter().enumerate() {
            let head = &mut self.latest[row.creator.row()];
            self.previous.push(*head);
            *head = post_index as u32;
        }
    }

    fn sort_shares(&mut self, observed: &Observed, window: Day) {
        self.shares.retain(|share| share.day > observed.day - window && observed.posts.index_of(share.post).is_some());
        // A stable sort keeps an account's shares in the order of days.
        self.shares.sort_by_key(|share| share.by);
        self.shares_from.clear();
        self.shares_from.resize(self.latest.len() + 1, 0);
        for share in &self.shares {
            self.shares_from[share.by.row() + 1] += 1;
        }
        for account in 0..self.latest.len() {
            self.shares_from[account + 1] += self.shares_from[account];
        }
    }

    fn group_by_region(&mut self, observed: &Observed) {
        let topic_count = self.centres.len();
        let posts = observed.posts.rows().iter().zip(observed.posts.access());
        let public = posts.enumerate().filter(|(_, (_, post_access))| post_access.visibility() == Visibility::Everyone);
        let public = public.map(|(post_index, (row, _))| (post_index, row));
        self.region_start.clear();
        self.region_start.resize(topic_count + 1, 0);
        for (_, row) in public.clone() {
            self.region_start[usize::from(row.topic_id) + 1] += 1;
        }
        for topic_id in 0..topic_count {
            self.region_start[topic_id + 1] += self.region_start[topic_id];
        }
        let mut next = self.region_start.clone();
        self.by_region.clear();
        self.by_region.resize(*self.region_start.last().unwrap_or(&0) as usize, 0);
        for (post_index, row) in public {
            let index = &mut next[usize::from(row.topic_id)];
            self.by_region[*index as usize] = post_index as u32;
            *index += 1;
        }
    }

    /// Calls the function `each` with every live post of several accounts: first the newest post of
    /// each account, then the second newest post of each account, and so on. This order lets memory
    /// accesses overlap. `heads` is a reusable buffer.
    ///
    /// # Panics
    /// Panics if an account does not exist.
    pub fn posts_of_each(&self, accounts: &[AccountId], heads: &mut Vec<u32>, mut each: impl FnMut(u32)) {
        heads.clear();
        heads.extend(accounts.iter().map(|account| self.latest[account.row()]));
        step(heads, |post_index| post_index);
        while !heads.is_empty() {
            for &post_index in &*heads {
                each(post_index);
            }
            step(heads, |post_index| self.previous[post_index as usize]);
        }
    }

    /// Returns the day of a post from its index in the columns, without reading the post.
    ///
    /// # Panics
    /// Can panic if the post was added after the last [`Index::rebuild`].
    #[inline]
    #[must_use]
    pub fn day_of(&self, post_index: u32) -> Day {
        let mut index = usize::from(self.day_of_block[post_index as usize >> BLOCK_BITS]);
        while self.days[index].1 <= post_index {
            index += 1;
        }
        self.days[index].0
    }

    /// Returns all shares of live posts, ordered by sharer. The shares of one sharer are ordered
    /// from oldest to newest.
    #[must_use]
    pub fn shares(&self) -> &[Shared] {
        &self.shares
    }

    /// Calls the function `each` with the shares by several accounts, account by account. The
    /// oldest share of an account comes first. Only shares of live posts are included. The ranges
    /// of all accounts are found before the first call of `each`, so that memory accesses overlap.
    /// `ranges` is a reusable buffer.
    pub fn shares_of_each(&self, accounts: &[AccountId], ranges: &mut Vec<(u32, u32)>, mut each: impl FnMut(&Shared)) {
        ranges.clear();
        for account in accounts {
            let (from, to) = self.shares_range(*account);
            prefetch_at(&self.shares, from as usize);
            if from < to {
                ranges.push((from, to));
            }
        }
        for &(from, to) in &*ranges {
            self.shares[from as usize..to as usize].iter().for_each(&mut each);
        }
    }

    /// Returns the range of an account's shares in the list of shares.
    #[inline]
    fn shares_range(&self, account: AccountId) -> (u32, u32) {
        match (self.shares_from.get(account.row()), self.shares_from.get(account.row() + 1)) {
            (Some(&from), Some(&to)) => (from, to),
            _ => (0, 0),
        }
    }

    /// Returns the centres of the topics, packed.
    #[inline]
    #[must_use]
    pub fn centres(&self) -> &[Packed] {
        &self.centres
    }

    /// Returns the live public posts of a topic, oldest first.
    #[inline]
    #[must_use]
    pub fn posts_of_topic(&self, topic_id: usize) -> &[u32] {
        &self.by_region[self.region_start[topic_id] as usize..self.region_start[topic_id + 1] as usize]
    }

    /// Returns the most popular public posts, most popular first. Popularity is the number of
    /// engagements, with a higher weight for recent engagements. A fixed hash breaks ties.
    #[must_use]
    pub fn trending(&self) -> &[u32] {
        &self.trending
    }

    /// Returns the most followed accounts. The account with the most followers comes first. A fixed
    /// hash breaks ties.
    #[must_use]
    pub fn popular(&self) -> &[AccountId] {
        &self.popular
    }

    /// Returns the index of today's first post in the columns.
    #[must_use]
    pub fn fresh_from(&self) -> usize {
        self.fresh_from
    }

    /// Returns the ids of the last posts that the account liked before today. The ids are in no
    /// particular order.
    #[inline]
    #[must_use]
    pub fn liked(&self, account: AccountId) -> &[u32] {
        self.liked[account.row()].items()
    }

    /// Prefetches the data of [`Index::liked`].
    #[inline]
    pub fn prefetch_liked(&self, account: AccountId) {
        prefetch_at(&self.liked, account.row());
    }

    /// Returns the ids of the last accounts that liked a post before today. The ids are in no
    /// particular order.
    #[inline]
    #[must_use]
    pub fn likers(&self, post_index: usize) -> &[u32] {
        self.likers[post_index].items()
    }
}

/// Replaces each head by its successor and removes heads without a successor. The code has no
/// branch, since a processor could not predict the branch.
#[inline]
fn step(heads: &mut Vec<u32>, after: impl Fn(u32) -> u32) {
    let mut retained = 0;
    for index in 0..heads.len() {
        let next = after(heads[index]);
        heads[retained] = next;
        retained += usize::from(next != NONE);
    }
    heads.truncate(retained);
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::band::AgeBand;
    use recsafe_common::graph::FollowGraph;
    use recsafe_common::observed::{Blocks, ObservedAccounts};

    const DAY: Day = 5;

    /// Returns a platform of four accounts. The tuple of a post is (creator, day, topic,
    /// popularity).
    fn platform(posts: &[(u32, i16, u8, f32)]) -> Observed {
        let mut pool = PostPool::default();
        for &(creator, day, topic_id, popularity) in posts {
            let row = PostRow { creator: AccountId(creator), popularity, day, topic_id, ..PostRow::default() };
            pool.push(row, 0);
        }
        let accounts = ObservedAccounts::stating(&[AgeBand::Adult; 4]);
        Observed { day: DAY, accounts, posts: pool, graph: FollowGraph::new(4), blocks: Blocks::default() }
    }

    fn ids(accounts: &[u32]) -> Vec<AccountId> {
        accounts.iter().copied().map(AccountId).collect()
    }

    fn index(observed: &Observed) -> Index {
        let mut index = Index::new(4, &TopicMap::new(&[0.5]));
        index.follow_pool(0, &observed.posts);
        index
    }

    const POSTS: [(u32, i16, u8, f32); 5] =
        [(0, 3, 2, 1.0), (1, 4, 7, 0.0), (0, 4, 2, 3.0), (2, 5, 7, 2.0), (0, 5, 64, 0.5)];

    #[test]
    fn shares_of_the_window_are_found_by_sharer_in_the_order_of_days() {
        let observed = platform(&POSTS);
        let mut index = index(&observed);
        let share = |by, post_index, day| Shared { by: AccountId(by), post: observed.posts.id(post_index), day };
        let gone = Shared { by: AccountId(1), post: PostId(77), day: 4 };
        for share in [share(3, 0, 2), share(1, 0, 3), gone, share(3, 1, 3), share(1, 2, 4), share(3, 2, 4)] {
            index.share(share);
        }
        index.rebuild(&observed, 3);
        assert_eq!(index.shares().len(), 4);
        let of = |accounts: &[u32]| {
            let (mut ranges, mut found) = (vec![(7, 9)], Vec::new());
            index.shares_of_each(&ids(accounts), &mut ranges, |&share| found.push(share));
            found
        };
        assert_eq!(of(&[0]), []);
        assert_eq!(of(&[1]), [share(1, 0, 3), share(1, 2, 4)]);
        assert_eq!(of(&[3]), [share(3, 1, 3), share(3, 2, 4)], "the share of day 2 is too old");
        assert_eq!(of(&[9]), []);
        assert_eq!(of(&[3, 9, 0, 1]), [share(3, 1, 3), share(3, 2, 4), share(1, 0, 3), share(1, 2, 4)]);
    }

    /// Returns the lists for [`POSTS`] if the account of creator 2 is private.
    fn index_beside_a_private_account() -> Index {
        let mut observed = platform(&POSTS);
        let visibility = |creator: AccountId| if creator.0 == 2 { Visibility::Followers } else { Visibility::Everyone };
        observed.posts.renew_visibility(visibility);
        let mut index = index(&observed);
        index.rebuild(&observed, 14);
        index
    }

    #[test]
    fn public_posts_stand_with_their_region_oldest_first() {
        let index = index_beside_a_private_account();
        assert_eq!(
            [2, 7, 64, 0].map(|topic_id| index.posts_of_topic(topic_id).to_vec()),
            [vec![0, 2], vec![1], vec![4], vec![]]
        );
        assert_eq!(index.centres().len(), 65, "64 topics and one niche");
    }

    #[test]
    fn trending_are_public_posts_that_were_engaged_with_most_first() {
        let index = index_beside_a_private_account();
        assert_eq!(index.trending(), [2, 0, 4], "without the post that has no engagements and the private post");
        assert_eq!(index.fresh_from(), 3, "two posts are from today");
        for posts in [TRENDING, 600] {
            let many: Vec<_> = (0..posts).map(|n| (0, 4, 0, 1.0 + n as f32)).collect();
            let observed = platform(&many);
            let mut index = self::index(&observed);
            index.rebuild(&observed, 14);
            let expected: Vec<u32> = (0..posts as u32).rev().take(TRENDING).collect();
            assert_eq!(index.trending(), expected, "with {posts} posts");
        }
    }

    #[test]
    fn posts_of_several_accounts_come_newest_of_each_first() {
        let observed = platform(&POSTS);
        let mut index = index(&observed);
        index.rebuild(&observed, 14);
        let of = |accounts: &[u32]| {
            let (mut heads, mut found) = (vec![77], Vec::new());
            index.posts_of_each(&ids(accounts), &mut heads, |post_index| found.push(post_index));
            found
        };
        assert_eq!([0, 1, 2, 3].map(|account| of(&[account])), [vec![4, 2, 0], vec![1], vec![3], vec![]]);
        assert_eq!(of(&[3, 2, 0, 1]), [3, 4, 1, 2, 0]);
    }

    #[test]
    fn the_day_of_a_post_is_known_without_the_post() {
        let observed = platform(&POSTS);
        let mut index = index(&observed);
        index.rebuild(&observed, 14);
        assert_eq!([0, 1, 2, 3, 4].map(|post_index| index.day_of(post_index)), [3, 4, 4, 5, 5]);
        let starts = [0, 1, 255, 256, 257, 300, 301, 302, 511, 513, 1_024];
        let many: Vec<_> = (0..2_000)
            .map(|post_index| (0, 2 * starts.partition_point(|&start| start <= post_index) as i16, 0, 0.0))
            .collect();
        let observed = platform(&many);
        index.rebuild(&observed, 14);
        assert!((0..2_000).all(|post_index| index.day_of(post_index) == Day::from(many[post_index as usize].1)));
    }

    #[test]
    fn popular_accounts_are_those_that_are_followed_most_first() {
        let mut observed = platform(&[]);
        for (from, to) in [(0, 2), (1, 2), (3, 1)] {
            observed.graph.follow(AccountId(from), AccountId(to));
        }
        let mut index = index(&observed);
        index.rebuild(&observed, 14);
        assert_eq!(index.popular(), [AccountId(2), AccountId(1)]);
    }

    #[test]
    fn likes_are_remembered_from_both_sides_until_the_account_or_the_post_is_gone() {
        let mut observed = platform(&POSTS);
        let mut index = index(&observed);
        index.like(AccountId(3), 4, observed.posts.id(4));
        index.like(AccountId(1), 0, observed.posts.id(0));
        assert_eq!((index.liked(AccountId(3)), index.likers(4), index.likers(0)), (&[4][..], &[3][..], &[1][..]));
        let dropped = observed.posts.drop_before(4);
        index.follow_pool(dropped, &observed.posts);
        assert_eq!(index.likers(3), [3], "at its new index");
        index.forget(AccountId(3));
        assert_eq!(index.liked(AccountId(3)), [0; 0]);
    }
}
