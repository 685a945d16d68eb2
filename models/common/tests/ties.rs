//! Tests links in the follow graph, blocks, and visibility. Each is compared with a simple
//! implementation of its definition.

use std::collections::BTreeSet;

use proptest::prelude::*;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::{Blocks, PostPool, PostRow, Visibility};

const ACCOUNTS: u32 = 9;

fn ids() -> impl Iterator<Item = AccountId> {
    (0..ACCOUNTS).map(AccountId)
}

fn pairs() -> impl Iterator<Item = (AccountId, AccountId)> {
    ids().flat_map(|a| ids().map(move |b| (a, b)))
}

fn post_of(creator: u32) -> PostRow {
    PostRow { creator: AccountId(creator), ..PostRow::default() }
}

proptest! {
    #[test]
    fn mutual_and_linked_are_what_they_say(follows in prop::collection::btree_set((0..ACCOUNTS, 0..ACCOUNTS), 0..40)) {
        let follows: BTreeSet<(u32, u32)> = follows.into_iter().filter(|(from, to)| from != to).collect();
        let mut graph = FollowGraph::new(ACCOUNTS as usize);
        for &(from, to) in &follows {
            graph.follow(AccountId(from), AccountId(to));
        }
        let has = |from: AccountId, to: AccountId| follows.contains(&(from.0, to.0));
        for (a, b) in pairs() {
            prop_assert_eq!(graph.mutual(a, b), has(a, b) && has(b, a), "{:?} and {:?}", a, b);
            let tie = has(b, a) || ids().any(|between| has(a, between) && has(between, b));
            prop_assert_eq!(graph.linked(a, b), tie, "{:?} to {:?}", a, b);
        }
    }

    #[test]
    fn blocks_work_both_ways_and_each_counts_once(blocked in prop::collection::vec((0..ACCOUNTS, 0..ACCOUNTS), 0..30)) {
        let (mut blocks, mut model) = (Blocks::default(), BTreeSet::new());
        for (a, b) in blocked.into_iter().filter(|(a, b)| a != b) {
            prop_assert_eq!(blocks.add(AccountId(a), AccountId(b), 0), model.insert((a.min(b), a.max(b))));
        }
        for (a, b) in pairs() {
            prop_assert_eq!(blocks.between(a, b), model.contains(&(a.0.min(b.0), a.0.max(b.0))));
            prop_assert_eq!(blocks.between(a, b), blocks.between(b, a));
        }
        for a in ids() {
            let mut with = blocks.of(a).to_vec();
            with.sort_unstable();
            let expected: Vec<AccountId> = ids().filter(|&b| blocks.between(a, b)).collect();
            prop_assert_eq!(with, expected);
        }
    }

    #[test]
    fn blocks_are_forgotten_in_time(blocked in prop::collection::vec((0..ACCOUNTS, 0..ACCOUNTS), 0..30), retained in 1_i32..20) {
        let mut blocks = Blocks::default();
        let mut made = Vec::new();
        for (day, (a, b)) in (0..).zip(blocked.into_iter().filter(|(a, b)| a != b)) {
            if blocks.add(AccountId(a), AccountId(b), day) {
                made.push((day, AccountId(a), AccountId(b)));
            }
            blocks.forget_before(day - retained + 1);
            made.retain(|&(on, ..)| day - on < retained);
            prop_assert_eq!(blocks.len(), made.len());
        }
        for (a, b) in pairs() {
            let there = made.iter().any(|&(_, x, y)| (x, y) == (a, b) || (y, x) == (a, b));
            prop_assert_eq!(blocks.between(a, b), there);
        }
    }

    #[test]
    fn the_fewer_of_those_whom_a_post_and_its_creator_allow_are_shown_it(
        accounts in prop::collection::vec(0_usize..3, ACCOUNTS as usize),
        posts in prop::collection::vec((0..ACCOUNTS, 0_usize..3), 0..20),
    ) {
        const ALL: [Visibility; 3] = [Visibility::Everyone, Visibility::Followers, Visibility::Nobody];
        let mut pool = PostPool::default();
        for (sequence, &(creator, restricted)) in (0..).zip(&posts) {
            pool.push(post_of(creator), sequence);
            pool.columns_mut().1[sequence as usize].restricted = ALL[restricted];
        }
        pool.renew_visibility(|creator| ALL[accounts[creator.row()]]);
        for (post_access, &(creator, restricted)) in pool.access().iter().zip(&posts) {
            let visibility = ALL[restricted.max(accounts[creator as usize])];
            prop_assert_eq!((post_access.creator(), post_access.visibility()), (AccountId(creator), visibility));
            prop_assert_eq!(post_access.admits(false), visibility == Visibility::Everyone);
            prop_assert_eq!(post_access.admits(true), visibility != Visibility::Nobody);
        }
    }

    #[test]
    fn an_isolated_account_has_no_follow_left(follows in prop::collection::btree_set((0..ACCOUNTS, 0..ACCOUNTS), 0..40), gone in 0..ACCOUNTS) {
        let mut graph = FollowGraph::new(ACCOUNTS as usize);
        let follows: Vec<(u32, u32)> = follows.into_iter().filter(|(from, to)| from != to).collect();
        for &(from, to) in &follows {
            graph.follow(AccountId(from), AccountId(to));
        }
        let (followees, followers) = graph.isolate(AccountId(gone));
        prop_assert_eq!(followees.len(), follows.iter().filter(|(from, _)| *from == gone).count());
        prop_assert_eq!(followers.len(), follows.iter().filter(|(_, to)| *to == gone).count());
        prop_assert_eq!(graph.follows(), follows.iter().filter(|(from, to)| *from != gone && *to != gone).count());
    }
}
