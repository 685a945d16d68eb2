//! `uniform`: each account follows a log-normal number of uniformly random accounts.

use rand_distr::{Distribution, LogNormal};
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::{Follows, in_order};
use crate::settings::Graph;

/// Grows the graph of all accounts that `aside` does not exclude. An account follows another
/// account only once. If the drawn number exceeds the number of accounts, the account follows all
/// others.
pub(super) fn grow(aside: &[bool], settings: &Graph, draws: Draws) -> Follows {
    let accounts = in_order(aside, draws);
    let sd = settings.follows_log_sd;
    let wanted = LogNormal::new(libm::log(settings.follows.max(1e-9)) - sd * sd / 2.0, sd);
    let mut taken = vec![u32::MAX; aside.len()];
    let mut follows = vec![Vec::new(); aside.len()];
    for &id in &accounts {
        let mut draw = draws.at(DrawPurpose::OutDegree, AccountId(id), About::Nothing, 0);
        let wanted = wanted.as_ref().map_or(settings.follows, |wanted| wanted.sample(&mut draw));
        let wanted = ((wanted + draw.unit()) as usize).min(accounts.len() - 1); // random rounding keeps the mean
        let mut draw = draws.at(DrawPurpose::Follow, AccountId(id), About::Step(1), 0);
        taken[id as usize] = id;
        while follows[id as usize].len() < wanted {
            let to = accounts[draw.below(accounts.len())];
            if taken[to as usize] != id {
                taken[to as usize] = id;
                follows[id as usize].push(to);
            }
        }
    }
    follows
}
