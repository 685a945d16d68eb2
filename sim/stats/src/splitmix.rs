//! Pseudo-random numbers for resampling and designs, equal on every machine.

/// A stream of pseudo-random numbers. Source: Steele, Lea and Flood (2014), "Fast splittable
/// pseudorandom number generators" (`SplitMix64`), OOPSLA.
///
/// Models draw random numbers from keys, with a different function: `mix` in `recsafe-common`. The
/// two functions stay separate, because a change of `SplitMix64` would change designs, resampling
/// and bounds.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// Creates the stream that begins at `start`; equal starts give equal streams.
    pub(crate) fn new(start: u64) -> Self {
        SplitMix(start)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Draws uniformly from `0..n`, as the upper half of a 128-bit product.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Draws uniformly from [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws `n` standard normal numbers. Source: Marsaglia and Bray (1964), "A convenient method
    /// for generating normal variables", SIAM Review 6.
    pub(crate) fn normal(&mut self, n: usize) -> Vec<f64> {
        let mut numbers: Vec<f64> = (0..n.div_ceil(2)).flat_map(|_| self.two_normal()).collect();
        numbers.truncate(n);
        numbers
    }

    fn two_normal(&mut self) -> [f64; 2] {
        loop {
            let point = [2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0];
            let square = point[0] * point[0] + point[1] * point[1];
            if square > 0.0 && square < 1.0 {
                let scale = (-2.0 * libm::log(square) / square).sqrt();
                return point.map(|coordinate| scale * coordinate);
            }
        }
    }

    /// Draws a uniform permutation of `0..n` (Fisher and Yates).
    pub(crate) fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for last in (1..n).rev() {
            order.swap(last, self.below(last + 1));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_stay_below_n_and_reach_all() {
        let mut draws = SplitMix::new(1);
        let mut seen = [0_u32; 7];
        for _ in 0..7_000 {
            seen[draws.below(7)] += 1;
        }
        assert!(seen.iter().all(|&count| (850..1_150).contains(&count)), "{seen:?}");
    }

    #[test]
    fn a_permutation_holds_everything_once_and_every_first_is_as_likely() {
        let mut draws = SplitMix::new(2);
        let mut first = [0_u32; 5];
        for _ in 0..5_000 {
            let mut order = draws.permutation(5);
            first[order[0]] += 1;
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3, 4]);
        }
        assert!(first.iter().all(|&count| (850..1_150).contains(&count)), "{first:?}");
        assert_eq!(draws.permutation(0), [0; 0]);
    }

    #[test]
    fn units_lie_in_the_interval_and_average_to_half() {
        let mut draws = SplitMix::new(3);
        let units: Vec<f64> = (0..10_000).map(|_| draws.unit()).collect();
        assert!(units.iter().all(|unit| (0.0..1.0).contains(unit)));
        let mean = units.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 4.0 * (1.0_f64 / 12.0 / 10_000.0).sqrt(), "{mean}");
    }

    #[test]
    fn normal_numbers_have_the_moments_and_tails_of_the_normal_distribution() {
        let mut draws = SplitMix::new(4);
        let numbers = draws.normal(40_001);
        assert_eq!(numbers.len(), 40_001);
        let mean = |of: &dyn Fn(f64) -> f64| numbers.iter().map(|&x| of(x)).sum::<f64>() / 40_000.0;
        assert!(
            mean(&|x| x).abs() < 0.02 && (mean(&|x| x * x) - 1.0).abs() < 0.03 && mean(&|x| x.powi(3)).abs() < 0.08
        );
        assert!((mean(&|x| f64::from(x.abs() > 1.96)) - 0.05).abs() < 0.004);
    }

    #[test]
    fn the_stream_is_that_of_the_published_generator() {
        let mut draws = SplitMix::new(1_234_567);
        let found: Vec<u64> = (0..3).map(|_| draws.next()).collect();
        assert_eq!(found, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }
}
