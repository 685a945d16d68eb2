//! Activity and topics of accounts, derived from likes before the start.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::topics::{TOPICS, TopicMap};
use recsafe_common::vector::{DIM, Vector, dot, normalised};

/// Rows of vectors, one per account or item.
type Rows = Vec<Vector>;

/// Returns the activity of each account relative to the mean: (likes + 1/2) / mean of (likes +
/// 1/2). Because 1/2 is added, accounts without likes are active too. `likes` are pairs of account
/// and item.
pub(super) fn shares(likes: &[(u32, u32)], accounts: usize) -> Vec<f64> {
    let mut shares = vec![0.5; accounts];
    for &(account, _) in likes {
        shares[account as usize] += 1.0;
    }
    let mean = shares.iter().sum::<f64>() / accounts.max(1) as f64;
    shares.into_iter().map(|share| share / mean).collect()
}

/// Returns the three topics of each account. The first topic is closest to the account's likes. The
/// result for an account is `None` if its likes contain no information.
///
/// The method is reflective random indexing (Cohen, Schvaneveldt and Widdows 2010):
///
/// * Each account has a random direction.
/// * The vector of an item is the sum of the directions of the accounts that like it, normalised so
///   that popular items do not dominate.
/// * The vector of an account is the sum of the vectors of its items, each minus the mean vector of
///   all items.
///
/// Accounts that like the same items have similar directions. Accounts without common items have
/// independent directions. The topic that is closest to a direction is random, because the file
/// contains who likes which items, but not what the items are about.
pub(super) fn topics(likes: &[(u32, u32)], accounts: usize, map: &TopicMap, draws: Draws) -> Vec<Option<[u8; 3]>> {
    let items = likes.iter().map(|&(_, item)| item as usize + 1).max().unwrap_or(0);
    let start: Rows = (0..accounts).map(|id| direction(id, draws)).collect();
    let mut of_items = vec![[0.0; DIM]; items];
    for &(account, item) in likes {
        add(&mut of_items[item as usize], &start[account as usize], 1.0);
    }
    let mut mean = [0.0; DIM];
    for item in &mut of_items {
        *item = normalised(item);
        add(&mut mean, item, 1.0 / items as f32);
    }
    let mut of_accounts = vec![[0.0; DIM]; accounts];
    let mut liked = vec![false; accounts];
    for &(account, item) in likes {
        let account = account as usize;
        add(&mut of_accounts[account], &of_items[item as usize], 1.0);
        add(&mut of_accounts[account], &mean, -1.0);
        liked[account] = true;
    }
    // If the sum is 0, the likes of the account contain no information.
    let tells = |vector: &Vector, liked: bool| liked && vector.iter().any(|&x| x != 0.0);
    of_accounts.iter().zip(liked).map(|(vector, liked)| tells(vector, liked).then(|| nearest(vector, map))).collect()
}

/// Returns the random direction of an account: a vector of signs.
fn direction(id: usize, draws: Draws) -> Vector {
    let signs = draws.at(DrawPurpose::Interests, AccountId(id as u32), About::Step(3), 0).bits();
    std::array::from_fn(|position| if signs >> (position + 8) & 1 == 1 { 1.0 } else { -1.0 })
}

fn add(total: &mut Vector, vector: &Vector, weight: f32) {
    total.iter_mut().zip(vector).for_each(|(total, x)| *total += weight * x);
}

/// Returns the three topics whose centres are closest to a vector. If distances are equal, the
/// lowest topic comes first.
fn nearest(vector: &Vector, map: &TopicMap) -> [u8; 3] {
    let mut close: Vec<(f32, u8)> = (0..TOPICS as u8).map(|topic| (dot(vector, map.centre(topic)), topic)).collect();
    close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    [close[0].1, close[1].1, close[2].1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of ten accounts. Each account likes eight of the ten items of its block.
    fn blocks(count: u32) -> Vec<(u32, u32)> {
        let of = |account: u32| (0..8).map(move |n| (account, account / 10 * 10 + (account + n) % 10));
        let mut likes: Vec<(u32, u32)> = (0..10 * count).flat_map(of).collect();
        likes.sort_unstable();
        likes
    }

    #[test]
    fn who_likes_the_same_cares_for_the_same() {
        let topics = topics(&blocks(40), 400, &TopicMap::new(&[]), Draws::new(5));
        let main: Vec<u8> = topics.iter().map(|topics| topics.unwrap()[0]).collect();
        let share = |holds: fn(usize, usize) -> bool| {
            let pairs = (0..400).flat_map(|a| (0..a).map(move |b| (a, b))).filter(|&(a, b)| holds(a, b));
            let same: Vec<f64> = pairs.map(|(a, b)| f64::from(u8::from(main[a] == main[b]))).collect();
            same.iter().sum::<f64>() / same.len() as f64
        };
        let (inside, between) = (share(|a, b| a / 10 == b / 10), share(|a, b| a / 10 != b / 10));
        assert!(inside > 0.6, "{inside} of pairs in a block have the same main topic");
        assert!(
            between < 0.05,
            "{between} of pairs in two blocks have the same main topic; by chance it would be 1 in {TOPICS}"
        );
    }

    #[test]
    fn equal_likes_are_equal_topics_and_no_like_is_none() {
        let likes = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)];
        let topics = topics(&likes, 4, &TopicMap::new(&[]), Draws::new(1));
        assert_eq!(topics[0], topics[1]);
        assert!(topics[2].is_some() && topics[3].is_none());
        let [a, b, c] = topics[0].unwrap();
        assert!(a != b && b != c && a != c);
    }

    #[test]
    fn activity_is_in_proportion_with_a_mean_of_one() {
        let shares = shares(&[(0, 0), (0, 1), (0, 2), (1, 0)], 3);
        assert_eq!(shares, [3.5 / (5.5 / 3.0), 1.5 / (5.5 / 3.0), 0.5 / (5.5 / 3.0)]);
    }
}
