//! `random-walk`: directed growth by random walks, as in `SimSoM` (Truong et al. 2024; Vazquez
//! 2003).

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::{Follows, in_order};
use crate::settings::Graph;

/// Grows the graph of all accounts that `aside` does not exclude.
///
/// The first accounts all follow each other. Each later account follows a random earlier account.
/// Then the account adds follows until it has the same number of follows as all other accounts.
/// With the probability `walk_probability`, the next followee is a followee of that earlier
/// account. Otherwise the next followee is a random earlier account.
pub(super) fn grow(aside: &[bool], settings: &Graph, draws: Draws) -> Follows {
    let accounts = in_order(aside, draws);
    let each = settings.follows.round() as usize;
    let first = (each + 1).min(accounts.len());
    let mut follows = vec![Vec::new(); aside.len()];
    for &id in &accounts[..first] {
        follows[id as usize] = accounts[..first].iter().copied().filter(|&other| other != id).collect();
    }
    let mut taken = vec![u32::MAX; aside.len()];
    for (position, &id) in accounts.iter().enumerate().skip(first) {
        let mut draw = draws.at(DrawPurpose::Follow, AccountId(id), About::Step(1), 0);
        let anyone = |draw: &mut recsafe_common::draw::Draw| accounts[draw.below(position)];
        let near = anyone(&mut draw);
        let mut own = Vec::with_capacity(each);
        let mut next = near;
        while own.len() < each {
            if taken[next as usize] != id {
                taken[next as usize] = id;
                own.push(next);
            }
            let beyond: &[u32] = &follows[near as usize];
            let walks = draw.chance(settings.walk_probability) && !beyond.is_empty();
            next = if walks { beyond[draw.below(beyond.len())] } else { anyone(&mut draw) };
            if settings.walk_probability >= 1.0 && beyond.iter().all(|&it| taken[it as usize] == id) {
                break; // no followee is left
            }
        }
        follows[id as usize] = own;
    }
    follows
}
