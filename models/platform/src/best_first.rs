//! Taking the best of a few hundred scores, again and again.
#![allow(clippy::inline_always, reason = "only what is inlined is compiled for wider registers")]

/// Scores of one block: one vector register.
pub(crate) const BLOCK: usize = 8;

/// Scores, from which the largest is taken in turn, the first of equals first. The largest of each block of eight is known, so that taking
/// the best looks at one block and at one number of each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct BestFirst {
    /// Filled up to whole blocks by minus infinity, which also stands for what was taken.
    scores: Vec<f32>,
    /// How many there were at first.
    count: usize,
    /// The largest of each block; filled up in the same way.
    of_block: Vec<f32>,
}

impl BestFirst {
    /// Begins with these scores, all of which are numbers. One that is minus infinity is never taken.
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

    /// Takes the best that is left and tells its place.
    #[inline(always)]
    pub(crate) fn take(&mut self) -> Option<usize> {
        let place = self.best()?;
        self.remove(place);
        Some(place)
    }

    /// The place of the best that is left.
    #[inline(always)]
    pub(crate) fn best(&self) -> Option<usize> {
        // First the value, which vector registers find, then the first place that holds it.
        let best = self.of_block.as_chunks().0.iter().map(largest).fold(f32::NEG_INFINITY, larger);
        if best == f32::NEG_INFINITY {
            return None;
        }
        let block = self.of_block.iter().position(|&score| score == best)?;
        let place = self.scores.as_chunks::<BLOCK>().0[block].iter().position(|&score| score == best)?;
        Some(block * BLOCK + place)
    }

    /// Takes the one at a place.
    #[inline(always)]
    pub(crate) fn remove(&mut self, place: usize) {
        let block = place / BLOCK;
        let scores = &mut self.scores.as_chunks_mut::<BLOCK>().0[block];
        scores[place % BLOCK] = f32::NEG_INFINITY;
        self.of_block[block] = largest(scores);
    }

    /// Every score by now; minus infinity of what was taken.
    pub(crate) fn scores(&self) -> &[f32] {
        &self.scores[..self.count]
    }

    /// Makes those worth less whose key is this one: a positive score shrinks, a negative one grows by the same factor. `keys`: one for each
    /// score, filled up to whole blocks by a key that is nobody's.
    #[inline(always)]
    pub(crate) fn discount(&mut self, keys: &[u32], key: u32, factor: f32) {
        self.change(keys, key, |score| if score > 0.0 { score * factor } else { score * (2.0 - factor) });
    }

    /// Takes all whose key is this one. `keys`: as in [`BestFirst::discount`].
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

/// The larger of two scores.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The largest of some scores, or `least` if none is larger.
#[inline]
pub(crate) fn largest_of(scores: &[f32], least: f32) -> f32 {
    across(scores, least, larger)
}

/// The smallest of some scores, or `most` if none is smaller.
#[inline]
pub(crate) fn smallest_of(scores: &[f32], most: f32) -> f32 {
    across(scores, most, |a, b| if b < a { b } else { a })
}

/// Folds scores with something that does not care for their order, eight at a time: one by one, each would wait for the one before it.
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

/// The largest score of a block: halves against each other, so that no step waits for seven others.
#[inline(always)]
fn largest(block: &[f32; BLOCK]) -> f32 {
    let [a, b, c, d, e, f, g, h] = *block;
    let (left, right) = (larger(larger(a, b), larger(c, d)), larger(larger(e, f), larger(g, h)));
    larger(left, right)
}

/// Whether a block holds a key. All eight are compared, which is one instruction.
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
            let mut keys: Vec<u32> = (0..scores.len() as u32).map(|place| place % 5).collect();
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
            while let Some(place) = expected.take() {
                if keys[place] != key {
                    prop_assert_eq!(best.take(), Some(place));
                }
            }
            prop_assert_eq!(best.take(), None);
        }

        #[test]
        fn a_discount_reaches_those_of_one_key(scores in prop::collection::vec(-2.0_f32..2.0, 1..100), key in 0_u32..5, factor in 0.0_f32..1.0) {
            let mut keys: Vec<u32> = (0..scores.len() as u32).map(|place| place % 5).collect();
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
            while let Some(place) = expected.take() {
                prop_assert_eq!(best.take(), Some(place));
            }
            prop_assert_eq!(best.take(), None);
        }
    }
}
