//! Roles, true and declared ages, and intents.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::communities::{Communities, entry_shares};
use super::ranked;
use crate::role::{Intents, Role};
use crate::settings::{self, Population};

/// Assigns roles with exact counts. Predators are the first accounts of one random order, and bots
/// are the first accounts of another order. Among the remaining accounts, the accounts with the
/// smallest entry shares are minors.
pub(super) fn roles(population: &Population, mixing: f64, communities: &Communities, draws: Draws) -> Vec<Role> {
    let accounts = communities.of.len();
    let count = |share: f64| (share * accounts as f64).round() as usize;
    let mut role = vec![Role::User; accounts];
    for id in ranked(0..accounts, draws, DrawPurpose::RoleRank).into_iter().take(count(population.predators)) {
        role[id] = Role::Predator;
    }
    let bots = if population.bots.share > 0.0 { count(population.bots.share) } else { 0 };
    if bots > 0 {
        let users = ranked((0..accounts).filter(|&id| role[id] == Role::User), draws, DrawPurpose::Bot);
        users.into_iter().take(bots).for_each(|id| role[id] = Role::Bot);
    }
    if count(population.minors) == 0 {
        return role; // computing entry shares dominates the time of small worlds
    }
    let entry = entry_shares(communities, mixing, draws);
    // Sorted by random key first, so that chance rather than the id decides between equal entry
    // shares.
    let mut others = ranked((0..accounts).filter(|&id| role[id] == Role::User), draws, DrawPurpose::Community);
    others.sort_by(|&a, &b| entry[a].total_cmp(&entry[b]));
    for &id in others.iter().take(count(population.minors)) {
        role[id] = Role::Minor;
    }
    role
}

/// Assigns true bands. Minors get bands by their rank in a random order, so that counts are exact.
/// All other accounts are adults.
pub(super) fn bands(role: &[Role], shares: &[f64], draws: Draws) -> Vec<AgeBand> {
    let mut band = vec![AgeBand::Adult; role.len()];
    let minors = ranked((0..role.len()).filter(|&id| role[id] == Role::Minor), draws, DrawPurpose::Band);
    let count = minors.len() as f64;
    for (position, id) in minors.into_iter().enumerate() {
        band[id] = at_share((position as f64 + 0.5) / count, shares);
    }
    band
}

/// Returns the band at a quantile in [0, 1). The shares of the bands add up to 1 and start with the
/// youngest band.
pub(super) fn at_share(position: f64, shares: &[f64]) -> AgeBand {
    let mut upto = 0.0;
    let found = shares.iter().position(|share| {
        upto += share;
        position < upto
    });
    let last = shares.iter().rposition(|&share| share > 0.0).unwrap_or(0); // rounding can leave the sum below 1
    AgeBand::ALL[found.unwrap_or(last)]
}

/// Draws declared bands from the table of the true band. Adults declare that they are adults.
pub(super) fn stated(band: &[AgeBand], population: &Population, draws: Draws) -> Vec<AgeBand> {
    let state = |(id, &band): (usize, &AgeBand)| {
        let table = match band {
            AgeBand::Under13 => &population.declared_under_13,
            AgeBand::From13 => &population.declared_13_15,
            AgeBand::From16 => &population.declared_16_17,
            AgeBand::Adult => return AgeBand::Adult,
        };
        at_share(draws.at(DrawPurpose::StatedBand, AccountId(id as u32), About::Nothing, 0).unit(), table)
    };
    band.iter().enumerate().map(state).collect()
}

/// Assigns the intents of predators by their rank in a random order. Contacting predators are at
/// the start of the order, sellers at its end, and buyers before the sellers.
pub(super) fn intents(role: &[Role], shares: &settings::Intents, draws: Draws) -> Vec<Intents> {
    let mut intents = vec![Intents::NONE; role.len()];
    let predators = ranked((0..role.len()).filter(|&id| role[id] == Role::Predator), draws, DrawPurpose::Intents);
    let count = predators.len() as f64;
    let sellers = 1.0 - shares.seller;
    let buyers = sellers - shares.buyer;
    for (position, id) in predators.into_iter().enumerate() {
        let position = (position as f64 + 0.5) / count;
        intents[id] = Intents {
            contacting: position < shares.contacting,
            seller: position >= sellers,
            buyer: (buyers..sellers).contains(&position),
        };
    }
    intents
}
