//! Follows that began or ended today.

use rayon::prelude::*;
use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;

use super::happened::Happened;
use super::{CHUNK, Rules, World};

/// Ends follows at their daily rate, then adds those that the feed led to. Private accounts' followers are asked elsewhere: the
/// feed shows a private account's posts to whom the platform lets see them, and following from the feed needs no answer.
pub(super) fn change(world: &mut World, rules: &Rules, happened: &Happened) {
    let ended = ended(world, rules.behavior.unfollow);
    for (from, to) in ended {
        world.observed.graph.unfollow(from, to);
    }
    for &(from, to) in &happened.follows {
        world.observed.graph.follow(from, to);
    }
}

/// Follows that end today, each with the same probability, keyed by both accounts. Probes keep theirs.
fn ended(world: &World, rate: f64) -> Vec<(AccountId, AccountId)> {
    if rate <= 0.0 {
        return Vec::new();
    }
    let people = world.first_probe();
    let chunks: Vec<Vec<(AccountId, AccountId)>> = (0..people.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut ended = Vec::new();
            for account in (chunk * CHUNK..((chunk + 1) * CHUNK).min(people)).map(|row| AccountId(row as u32)) {
                let luck = world.draws.stream(Decides::Unfollow, u64::from(account.0), world.observed.day);
                let followees = world.observed.graph.followees(account);
                ended.extend(
                    followees.iter().filter(|to| luck.about(u64::from(to.0)).chance(rate)).map(|&to| (account, to)),
                );
            }
            ended
        })
        .collect();
    chunks.into_iter().flatten().collect()
}
