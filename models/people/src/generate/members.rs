//! The composition of a world. The composition can be computed without generating the world,
//! because roles, age bands and intents have exact counts.

use recsafe_common::band::AgeBand;

use crate::settings::WorldSettings;

/// Number of accounts of each kind at the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Adults without harmful intent.
    pub users: usize,
    /// Minors under 13, aged 13 to 15, and aged 16 and 17.
    pub minors: [usize; 3],
    /// Predators.
    pub predators: usize,
    /// Predators who look for minors.
    pub contacting: usize,
    /// Predators in the exchange network.
    pub exchange: usize,
    /// Automated accounts.
    pub bots: usize,
    /// For each age band: whether minors can declare this band. Declared bands are drawn, so their
    /// counts are not known in advance.
    pub stated_by_minors: [bool; 4],
}

impl Members {
    /// Returns the composition of a world with these settings.
    #[must_use]
    pub fn of(settings: &WorldSettings) -> Members {
        let population = &settings.population;
        let accounts = settings.accounts() as usize;
        let count = |share: f64| (share * accounts as f64).round() as usize;
        let predators = count(population.predators).min(accounts);
        let bots = count(population.bots.share).min(accounts - predators);
        let young = count(population.minors).min(accounts - predators - bots);
        let minors = by_band(young, &population.minor_age_bands);
        let intents = &settings.behavior.intents;
        let buyers = 1.0 - intents.seller - intents.buyer;
        Members {
            users: accounts - predators - bots - young,
            minors,
            predators,
            contacting: before(predators, |position| position >= intents.contacting),
            exchange: predators - before(predators, |position| position >= buyers),
            bots,
            stated_by_minors: stated(&minors, settings),
        }
    }

    /// Returns the number of minors.
    #[must_use]
    pub fn all_minors(&self) -> usize {
        self.minors.iter().sum()
    }

    /// Returns whether any account except probes can declare this band.
    #[must_use]
    pub fn may_state(&self, band: AgeBand) -> bool {
        let adults = self.users + self.predators + self.bots;
        self.stated_by_minors[band as usize] || (!band.is_minor() && adults > 0)
    }
}

/// Returns the number of accounts whose rank is smaller than all ranks for which `past` is true.
/// Ranks are in [0, 1).
fn before(count: usize, past: impl Fn(f64) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if past((middle as f64 + 0.5) / count as f64) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn by_band(minors: usize, shares: &[f64]) -> [usize; 3] {
    let below = |band: usize| before(minors, |position| super::roles::at_share(position, shares) as usize >= band);
    std::array::from_fn(|band| below(band + 1) - below(band))
}

fn stated(minors: &[usize; 3], settings: &WorldSettings) -> [bool; 4] {
    let population = &settings.population;
    let tables = [&population.declared_under_13, &population.declared_13_15, &population.declared_16_17];
    let may = |band: usize| {
        let states =
            |(table, count): (&&Vec<f64>, &usize)| *count > 0 && table.get(band).is_some_and(|share| *share > 0.0);
        tables.iter().zip(minors).any(states)
    };
    std::array::from_fn(may)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::generate;
    use crate::people::People;
    use crate::role::Role;
    use crate::settings::{Behavior, Graph, Population};
    use proptest::prelude::*;
    use recsafe_common::draw::Draws;
    use recsafe_common::topics::TopicMap;

    fn found(people: &People) -> Members {
        let role = |wanted| people.role.iter().filter(|role| **role == wanted).count();
        let minors = |band| people.ids().filter(|id| people.is_minor(*id) && people.band[id.row()] == band).count();
        Members {
            users: role(Role::User),
            minors: [AgeBand::Under13, AgeBand::From13, AgeBand::From16].map(minors),
            predators: role(Role::Predator),
            contacting: people.ids().filter(|id| people.is_contacting_predator(*id)).count(),
            exchange: people.intents.iter().filter(|intents| intents.is_exchange()).count(),
            bots: role(Role::Bot),
            stated_by_minors: [false; 4],
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn a_generated_world_has_the_members_that_were_known_before(
            accounts in 10_u32..90,
            (minors, predators, bots) in (0..=10_u32, 0..=10_u32, 0..=10_u32),
            (contacting, seller, buyer) in (0.0..=1.0_f64, 0.0..=0.5_f64, 0.0..=0.5_f64),
            first in 0.0..=1.0_f64,
        ) {
            let total = f64::from((minors + predators + bots).max(10));
            let mut population = Population {
                accounts,
                minors: f64::from(minors) / total,
                predators: f64::from(predators) / total,
                minor_age_bands: vec![first, 0.0, 1.0 - first],
                declared_under_13: vec![0.0, 0.0, 0.0, 1.0],
                ..Population::default()
            };
            population.bots.share = f64::from(bots) / total;
            let mut behavior = Behavior::default();
            (behavior.intents.contacting, behavior.intents.seller, behavior.intents.buyer) = (contacting, seller, buyer);
            let graph = Graph { follows: 2.0, ..Graph::default() };
            let settings = WorldSettings { population, graph, behavior, ..WorldSettings::default() };
            let map = TopicMap::new(&settings.content.niche.iter().map(|niche| niche.cosine).collect::<Vec<_>>());
            let (people, _) = generate(&settings, &map, Draws::new(7));
            let known = Members::of(&settings);
            prop_assert_eq!(Members { stated_by_minors: [false; 4], ..known }, found(&people));
            for id in people.ids() {
                prop_assert!(known.may_state(people.declared_age[id.row()]), "{:?}", people.declared_age[id.row()]);
            }
        }
    }
}
