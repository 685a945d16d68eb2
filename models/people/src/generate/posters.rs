//! The accounts that post, the number of their posts, and the niche creators among these accounts.

use recsafe_common::draw::{DrawPurpose, Draws, normal_quantile};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::ranked;
use crate::people::People;
use crate::role::Role;
use crate::settings::Content;

/// Assigns posts per day and selects the niche creators.
///
/// Only some of the accounts post. The posts per day of these accounts are log-normal, by
/// stratified quantiles. Exchange accounts have a separate rate. Niche creators and exchange
/// accounts are public, because they want to be seen (assumed).
pub(super) fn deal(people: &mut People, content: &Content, draws: Draws) {
    let accounts = people.len();
    people.posting = vec![0.0; accounts];
    people.creates = vec![None; accounts];
    let order = ranked(0..accounts, draws, DrawPurpose::PostingRate);
    let posters = &order[..(content.posting_share * accounts as f64).round() as usize];
    let sd = content.posts_per_day_log_sd;
    let median = content.posts_per_day * libm::exp(-sd * sd / 2.0);
    for (position, &id) in posters.iter().enumerate() {
        let quantile = normal_quantile((position as f64 + 0.5) / posters.len() as f64);
        people.posting[id] = (median * libm::exp(sd * quantile)) as f32;
    }
    for id in 0..accounts {
        if people.intents[id].is_exchange() {
            people.posting[id] = content.exchange_posts as f32;
        }
    }
    pick_creators(people, posters, content, draws);
    for id in 0..accounts {
        people.private[id] &= people.creates[id].is_none() && !people.intents[id].is_exchange();
    }
}

/// Selects niche creators: a share `niche_creators` of the accounts that post. All niche creators
/// are adult users.
///
/// `posters` is in the order of posting rates. The list is divided into one group per creator, and
/// one account of each group is drawn. So the supply of a niche does not depend on whether one of
/// the few most active accounts is drawn.
fn pick_creators(people: &mut People, posters: &[usize], content: &Content, draws: Draws) {
    let adults: Vec<usize> = posters.iter().rev().copied().filter(|&id| people.role[id] == Role::User).collect();
    let wanted = ((content.niche_creators * posters.len() as f64).round() as usize).min(adults.len());
    let mut given = vec![0.0; content.niche.len() + 1];
    for group in 0..wanted {
        let members = &adults[group * adults.len() / wanted..(group + 1) * adults.len() / wanted];
        let chosen = members
            .iter()
            .min_by_key(|&&id| draws.at(DrawPurpose::NicheCreator, AccountId(id as u32), About::Nothing, 0).bits());
        if let Some(&id) = chosen {
            let uniform = draws.at(DrawPurpose::NicheCreator, AccountId(id as u32), About::Step(1), 0).unit();
            let niche = most_owed(content, &given, group, uniform);
            given[niche] += 1.0;
            people.creates[id] = (niche < content.niche.len()).then_some(niche as u8);
        }
    }
}

/// Returns the niche that is furthest below its share of creators after `dealt` creators were
/// assigned. If several niches are equal, `uniform`, a number in [0, 1), decides. If the shares add
/// up to less than 1, the result can also be the index after the last niche. This index means that
/// the creator has no niche.
fn most_owed(content: &Content, given: &[f64], dealt: usize, uniform: f64) -> usize {
    let rest = 1.0 - content.niche.iter().map(|niche| niche.creators).sum::<f64>();
    let owed = |n: usize| content.niche.get(n).map_or(rest, |niche| niche.creators) * (dealt + 1) as f64 - given[n];
    let most = (0..given.len()).map(owed).fold(f64::NEG_INFINITY, f64::max);
    let equals: Vec<usize> = (0..given.len()).filter(|&n| owed(n) > most - 1e-9).collect();
    equals[((uniform * equals.len() as f64) as usize).min(equals.len() - 1)]
}
