//! Branching process: trees of exchange accounts. Each account recruits Poisson(R) others.
//!
//! The extinction probability of a tree is the smallest solution of q = exp(R (q - 1)). If R is
//! below 1, the size of a tree has mean 1 / (1 - R) and variance R / (1 - R)³ (Galton and Watson
//! 1875; Harris 1963, The Theory of Branching Processes).

use recsafe_engine::LifetimeOutput;
use recsafe_people::exchange::RecruitmentTree;

use super::finding::share_with_error;
use super::{Finding, Law, Observed, Trial};

/// One row per case: mean offspring, days, trees per world, and worlds. After these days, nearly
/// every tree is extinct or exceeds 2,000 accounts.
const TREES: [(f64, u32, u32, u32); 6] = [
    (0.5, 25, 100, 20),
    (0.8, 60, 100, 20),
    (1.1, 80, 20, 30),
    (1.2, 50, 20, 25),
    (1.5, 25, 20, 25),
    (2.0, 14, 20, 20),
];

/// Trees of exchange accounts.
pub(super) struct Branching;

impl Law for Branching {
    fn name(&self) -> &'static str {
        "branching"
    }

    fn trials(&self) -> Vec<Trial> {
        TREES.iter().map(|&(offspring, days, trees, worlds)| forest(offspring, days, trees, worlds)).collect()
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let finding = |(&(offspring, days, ..), runs): (&(f64, u32, u32, u32), &Vec<Vec<f64>>)| {
            let trees: Vec<[f64; 2]> = runs.iter().flat_map(|run| run.as_chunks::<2>().0).copied().collect();
            let (id, n) = (format!("branching-{offspring}"), trees.len());
            let setup = |what: &str| format!("{n} trees, R = {offspring}, {days} days: {what}");
            if offspring < 1.0 {
                let total: f64 = trees.iter().map(|[size, _]| size).sum();
                let error = (offspring / (1.0 - offspring).powi(3) / n as f64).sqrt();
                let found = (total / n as f64, error);
                return Finding::new(id, setup("mean size"), 1.0 / (1.0 - offspring), found);
            }
            let expected = extinct(offspring);
            let died = trees.iter().filter(|[_, alive]| *alive == 0.0).count();
            Finding::new(id, setup("share extinct"), expected, share_with_error(died, n, expected))
        };
        TREES.iter().zip(observed).map(finding).collect()
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("enforcement.constant_hazard=0.1") // removes 10 % of accounts before they recruit
    }
}

fn forest(offspring: f64, days: u32, trees: u32, worlds: u32) -> Trial {
    let (accounts, offspring) =
        (format!("population.accounts={trees}"), format!("behavior.exchange.recruits={offspring}"));
    let settings = [
        &accounts,
        &offspring,
        "population.predators=1",
        "behavior.intents={ contacting = 0.0, buyer = 0.6, seller = 0.4 }",
        "behavior.following.visits_predators=0",
    ];
    Trial { days, seeds: worlds, ..Trial::still(&settings, forest_of) }
}

/// Returns the size of each tree and whether the tree survives. A tree survives if it reaches the
/// maximum size or has accounts that arrived on the last day.
fn forest_of(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let (people, trees): (_, &RecruitmentTree) = (&lifetime_output.world.people, &lifetime_output.world.recruitment);
    let last = lifetime_output.recorder.days.len() as i32;
    let growing: Vec<_> =
        people.ids().filter(|id| people.arrived[id.row()] == last).map(|id| trees.root_of(id)).collect();
    let roots = people.ids().filter(|id| people.arrived[id.row()] == 0);
    roots
        .flat_map(|root| {
            let size = trees.size(root);
            let alive = size >= recsafe_people::behavior::exchange::TREE || growing.contains(&root);
            [f64::from(size), f64::from(u8::from(alive))]
        })
        .collect()
}

/// Returns the smallest solution of q = exp(R (q - 1)), by iteration from 0.
fn extinct(offspring: f64) -> f64 {
    (0..2_000).fold(0.0, |q, _| f64::exp(offspring * (q - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extinction_meets_the_tables() {
        for (offspring, q) in [(1.1, 0.8239), (1.2, 0.6863), (1.5, 0.4172), (2.0, 0.2032)] {
            assert!((extinct(offspring) - q).abs() < 1e-4, "{offspring}: {}", extinct(offspring));
        }
    }
}
