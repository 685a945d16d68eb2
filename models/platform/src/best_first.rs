//! Repeated selection of the best of a few hundred scores.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]

/// Scores per block: one vector register.
pub(crate) const BLOCK: usize = 8;

/// Scores from which the largest score is taken repeatedly. Among equal scores, the first is taken.
/// The largest score of each block of eight is stored. A selection therefore reads all scores of
/// one block, and only one number for each of the remaining blocks.
#[derive(Clone, Debug, Default)]
pub(crate) struct BestFirst {
    /// Scores, padded to whole blocks with minus infinity. Scores that were taken are also set to
    /// minus infinity.
    scores: Vec<f32>,
    /// Initial number of scores.
    count: usize,
    /// The largest score of each block, also padded to whole blocks with minus infinity.
    of_block: Vec<f32>,
}

impl BestFirst {
    /// Replaces the stored scores by new scores. The new scores must not be NaN. A score of minus
    /// infinity is never taken.
    #[inline(always)]
    pub(crate) fn start(&mut self, scores: &[f32]) {
        self.count = scores.len();
        self.scores.clear();
        self.scores.extend_from_slice(scores);
        self.scores.resize(scores.len().next_multiple_of(BLOCK), f32::NEG_INFINITY);
        self.of_block.clear();
        self.of_block.extend(self.scores.as_chunks().0.iter().map(largest));
        self.of_block.resize(self.of_block.len().next_multiple_of(BLOCK), f32::NEG_INFINITY);
    }

    /// Removes the best remaining score and returns its index.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<usize> {
        let index = self.best()?;
        self.remove(index);
        Some(index)
    }

    /// Returns the index of the best remaining score.
    #[inline(always)]
    pub(crate) fn best(&self) -> Option<usize> {
        // The largest value is found in vector registers. Then the first position that contains
        // this value is found.
        let best = self.of_block.as_chunks().0.iter().map(largest).fold(f32::NEG_INFINITY, larger);
        if best == f32::NEG_INFINITY {
            return None;
        }
        let block = self.of_block.iter().position(|&score| score == best)?;
        let index = self.scores.as_chunks::<BLOCK>().0[block].iter().position(|&score| score == best)?;
        Some(block * BLOCK + index)
    }

    /// Removes the score at an index.
    #[inline(always)]
    pub(crate) fn remove(&mut self, index: usize) {
        let block = index / BLOCK;
        let scores = &mut self.scores.as_chunks_mut::<BLOCK>().0[block];
        scores[index % BLOCK] = f32::NEG_INFINITY;
        self.of_block[block] = largest(scores);
    }

    /// Returns all current scores. Removed scores are minus infinity.
    pub(crate) fn scores(&self) -> &[f32] {
        &self.scores[..self.count]
    }

    /// Lowers the scores with this key. A positive score is multiplied by `factor`, and a negative
    /// score by 2 - `factor`. `keys` has one key per score, padded to whole blocks with a key that
    /// does not occur.
    #[inline(always)]
    pub(crate) fn discount(&mut self, keys: &[u32], key: u32, factor: f32) {
        self.change(keys, key, |score| if score > 0.0 { score * factor } else { score * (2.0 - factor) });
    }

    /// Removes all scores with this key. The format of `keys` is the same as in
    /// [`BestFirst::discount`].
    #[inline(always)]
    pub(crate) fn leave_out(&mut self, keys: &[u32], key: u32) {
        self.change(keys, key, |_| f32::NEG_INFINITY);
    }

    #[inline(always)]
    fn change(&mut self, keys: &[u32], key: u32, change: impl Fn(f32) -> f32) {
        let blocks = keys.as_chunks::<BLOCK>().0.iter().zip(self.scores.as_chunks_mut::<BLOCK>().0);
        for ((keys, scores), largest_of_block) in blocks.zip(&mut self.of_block) {
            if !has(keys, key) {
                continue;
            }
            for (score, _) in scores.iter_mut().zip(keys).filter(|(_, other)| **other == key) {
                *score = change(*score);
            }
            *largest_of_block = largest(scores);
        }
    }
}

/// Returns the larger of two scores.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// Returns the largest score. Returns `least` if all scores are lower than this bound.
#[inline]
pub(crate) fn largest_of(scores: &[f32], least: f32) -> f32 {
    across(scores, least, larger)
}

/// Returns the smallest score. Returns `most` if all scores are higher than this bound.
#[inline]
pub(crate) fn smallest_of(scores: &[f32], most: f32) -> f32 {
    across(scores, most, |a, b| if b < a { b } else { a })
}

/// Combines scores by an operation whose result does not depend on the order of the scores. Eight
/// lanes run in parallel, since otherwise each step would wait for the previous step.
#[inline]
fn across(scores: &[f32], start: f32, pick: impl Fn(f32, f32) -> f32) -> f32 {
    let (blocks, rest) = scores.as_chunks::<BLOCK>();
    let mut lanes = [start; BLOCK];
    for block in blocks {
        for (lane, &score) in lanes.iter_mut().zip(block) {
            *lane = pick(*lane, score);
        }
    }
    lanes.iter().chain(rest).copied().fold(start, pick)
}

/// Returns the largest score of a block. The code compares halves of the block, so that fewer steps
/// wait for each other.
#[inline(always)]
fn largest(block: &[f32; BLOCK]) -> f32 {
    let [a, b, c, d, e, f, g, h] = *block;
    let (left, right) = (larger(larger(a, b), larger(c, d)), larger(larger(e, f), larger(g, h)));
    larger(left, right)
}

/// Returns whether a block contains a key. One instruction compares all eight numbers.
#[inline(always)]
fn has(keys: &[u32; BLOCK], key: u32) -> bool {
    keys.iter().fold(0, |found, &other| found | u32::from(other == key)) != 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_takes_in_the_order_of_a_stable_sort(scores in prop::collection::vec(prop_oneof![-2.0_f32..2.0, Just(0.5)], 0..300)) {
            let mut best = BestFirst::default();
            best.start(&scores);
            let mut order: Vec<usize> = (0..scores.len()).collect();
            order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
            let taken: Vec<usize> = std::iter::from_fn(|| best.take()).collect();
            prop_assert_eq!(taken, order);
        }

        #[test]
        fn the_largest_is_the_largest_and_the_smallest_the_smallest(
            scores in prop::collection::vec(prop_oneof![-2.0_f32..2.0, Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(f32::NAN)], 0..50),
            bound in -3.0_f32..3.0,
        ) {
            prop_assert_eq!(largest_of(&scores, bound), scores.iter().copied().fold(bound, f32::max));
            prop_assert_eq!(smallest_of(&scores, bound), scores.iter().copied().fold(bound, f32::min));
        }

        #[test]
        fn those_of_a_key_that_is_left_out_are_never_taken(
            scores in prop::collection::vec(-2.0_f32..2.0, 0..100),
            (key, other) in (0_u32..5, 0_u32..5),
            before in 0_usize..20,
        ) {
            let mut keys: Vec<u32> = (0..scores.len() as u32).map(|index| index % 5).collect();
            keys.resize(keys.len().next_multiple_of(BLOCK), u32::MAX);
            let (mut best, mut expected) = (BestFirst::default(), BestFirst::default());
            for room in [&mut best, &mut expected] {
                room.start(&scores);
                let _taken = (0..before).map_while(|_| room.take()).count();
            }
            best.leave_out(&keys, key);
            for room in [&mut best, &mut expected] {
                room.discount(&keys, key, 0.5);
                room.discount(&keys, other, 0.7);
            }
            while let Some(index) = expected.take() {
                if keys[index] != key {
                    prop_assert_eq!(best.take(), Some(index));
                }
            }
            prop_assert_eq!(best.take(), None);
        }

        #[test]
        fn a_discount_reaches_those_of_one_key(scores in prop::collection::vec(-2.0_f32..2.0, 1..100), key in 0_u32..5, factor in 0.0_f32..1.0) {
            let mut keys: Vec<u32> = (0..scores.len() as u32).map(|index| index % 5).collect();
            let discounted: Vec<f32> = scores
                .iter()
                .zip(&keys)
                .map(|(&score, &own)| match own == key {
                    true if score > 0.0 => score * factor,
                    true => score * (2.0 - factor),
                    false => score,
                })
                .collect();
            keys.resize(keys.len().next_multiple_of(BLOCK), u32::MAX);
            let (mut best, mut expected) = (BestFirst::default(), BestFirst::default());
            best.start(&scores);
            best.discount(&keys, key, factor);
            expected.start(&discounted);
            while let Some(index) = expected.take() {
                prop_assert_eq!(best.take(), Some(index));
            }
            prop_assert_eq!(best.take(), None);
        }
    }
}
