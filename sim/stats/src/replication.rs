//! Replication: seeds, or worlds with several seeds each.

use std::collections::BTreeMap;

/// Origin of one pair of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// The world.
    pub world: u64,
    /// The seed of the random numbers in this world.
    pub seed: u64,
}

/// Units of a comparison, one per pair of values.
///
/// Runs of one world are not independent of each other. With several worlds, each world is a
/// replicate, and the value of a world is the mean over its seeds. The degrees of freedom are the
/// number of worlds minus 1. With one world, the seeds are the replicates, and results apply to
/// this world only.
///
/// ```
/// use recsafe_stats::{Design, Unit};
/// let unit = |world, seed| Unit { world, seed };
/// assert_eq!(Design::seeds(4).replicates(), 4);
/// assert_eq!(Design::new(vec![unit(1, 1), unit(1, 2), unit(2, 1), unit(2, 2)]).replicates(), 2);
/// assert_eq!(Design::new(vec![unit(1, 1), unit(1, 2), unit(1, 3)]).replicates(), 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design(Vec<Unit>);

/// Key of a replicate: its world, and also its seed if all replicates are in one world.
pub(crate) type Replicate = (u64, Option<u64>);

impl Design {
    /// Creates a design from these units, in the order of the pairs.
    #[must_use]
    pub fn new(units: Vec<Unit>) -> Self {
        Design(units)
    }

    /// Creates a design of `n` seeds, each with its own world.
    #[must_use]
    pub fn seeds(n: usize) -> Self {
        Design::of_seeds((1..).take(n))
    }

    /// Creates a design of these seeds, each with its own world.
    pub fn of_seeds(seeds: impl IntoIterator<Item = u64>) -> Self {
        Design(seeds.into_iter().map(|seed| Unit { world: seed, seed }).collect())
    }

    /// Returns the number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.0.len()
    }

    /// Returns the number of replicates.
    #[must_use]
    pub fn replicates(&self) -> usize {
        self.places().len()
    }

    /// Returns the mean value of each replicate, in ascending order of replicates. `values` has one
    /// value per unit.
    pub(crate) fn means(&self, values: &[f64]) -> Vec<(Replicate, f64)> {
        let mean_at = |places: Vec<usize>| places.iter().map(|&at| values[at]).sum::<f64>() / places.len() as f64;
        self.places().into_iter().map(|(replicate, places)| (replicate, mean_at(places))).collect()
    }

    /// Returns the indices of the units of each replicate.
    fn places(&self) -> BTreeMap<Replicate, Vec<usize>> {
        let one_world = self.0.iter().all(|unit| unit.world == self.0[0].world);
        let mut places: BTreeMap<Replicate, Vec<usize>> = BTreeMap::new();
        for (at, unit) in self.0.iter().enumerate() {
            places.entry((unit.world, one_world.then_some(unit.seed))).or_default().push(at);
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn design(units: &[(u64, u64)]) -> Design {
        Design::new(units.iter().map(|&(world, seed)| Unit { world, seed }).collect())
    }

    #[test]
    fn worlds_are_the_replicates_where_there_are_several() {
        let found = design(&[(7, 1), (3, 1), (7, 2), (3, 2), (3, 3)]).means(&[1.0, 2.0, 3.0, 4.0, 9.0]);
        assert_eq!(found, [((3, None), 5.0), ((7, None), 2.0)]);
    }

    #[test]
    fn seeds_are_the_replicates_of_a_single_world() {
        let found = design(&[(7, 2), (7, 1)]).means(&[1.0, 2.0]);
        assert_eq!(found, [((7, Some(1)), 2.0), ((7, Some(2)), 1.0)]);
    }

    #[test]
    fn plain_seeds_keep_their_values_and_no_units_have_no_replicates() {
        let found: Vec<f64> = Design::seeds(3).means(&[0.1, 0.2, 0.3]).into_iter().map(|(_, value)| value).collect();
        assert_eq!(found, [0.1, 0.2, 0.3]);
        assert_eq!((Design::seeds(0).replicates(), Design::of_seeds([9, 8]).units()), (0, 2));
    }
}
