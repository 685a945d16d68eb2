//! The slate: the best candidates in order, with slots given to exploration, repeats discounted and topics capped.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;

use crate::candidates::{Candidates, Source};
use crate::request::{MOST_REGIONS, RegionCounts, Request, View};
use recsafe_common::wide::wide;

/// One slot's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Place in the post columns.
    pub slot: u32,
    /// Where the post came from.
    pub source: Source,
    /// Whether the viewer follows its creator.
    pub follows: bool,
}

/// How many posts of one region there may be, and how many regions there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicCaps {
    /// Most posts of one region in one slate.
    pub slate: u16,
    /// Most in one day, today's earlier slates counted.
    pub day: u16,
    /// Fewest regions in one slate, as far as there are candidates of so many.
    pub fewest: u16,
}

impl Default for TopicCaps {
    fn default() -> Self {
        TopicCaps { slate: u16::MAX, day: u16::MAX, fewest: 0 }
    }
}

/// How a slate is to be filled.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// Slots.
    pub length: u32,
    /// Places given to exploration.
    pub explored: &'a [u64],
    /// Factor on a post's score for each better post of its creator.
    pub discount: f32,
    /// Limits on regions.
    pub caps: TopicCaps,
}

/// Room for making slates. Made once a thread.
#[derive(Clone, Debug)]
pub struct SlateMaker {
    /// The slate, best first.
    pub slate: Vec<Shown>,
    /// Scores of the candidates, which interventions may adjust.
    pub scores: Vec<f32>,
    /// Posts for slots of exploration.
    pub extras: Candidates,
    creators: Vec<AccountId>,
    regions: Vec<u8>,
    /// The largest score of each block of candidates.
    block_best: Vec<f32>,
    in_slate: RegionCounts,
    /// Candidates passed over because a region was missing, best first.
    passed: Vec<usize>,
}

/// Candidates of one block, so that taking the best looks at one block and not at all scores.
const BLOCK: usize = 8;

impl Default for SlateMaker {
    fn default() -> Self {
        SlateMaker {
            slate: Vec::new(),
            scores: Vec::new(),
            extras: Candidates::default(),
            creators: Vec::new(),
            regions: Vec::new(),
            block_best: Vec::new(),
            in_slate: [0; MOST_REGIONS],
            passed: Vec::new(),
        }
    }
}

/// The slots of a slate of `length` that go to exploration, each with probability `share`.
pub fn explored(request: &Request, length: u32, share: f64) -> impl Iterator<Item = u64> {
    let luck = request.luck(Decides::Explore);
    (0..u64::from(length)).filter(move |&place| luck.about(place).chance(share))
}

impl SlateMaker {
    /// Fills `slate`: `extras` stand at the places given to exploration, the best of `candidates` at the others.
    pub fn fill(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        wide(|| self.fill_all(request, view, candidates, shape));
    }

    #[inline]
    fn fill_all(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        let (rows, gates) = (view.observed.posts.rows(), view.observed.posts.gates());
        self.slate.clear();
        self.in_slate.fill(0);
        self.creators.clear();
        self.creators.extend(candidates.slots.iter().map(|&slot| gates[slot as usize].creator()));
        self.regions.clear();
        self.regions.extend(candidates.slots.iter().map(|&slot| rows[slot as usize].region));
        self.block_best.clear();
        self.block_best.extend(self.scores.chunks(BLOCK).map(maximum));
        self.passed.clear();
        let mut extra = 0;
        let mut ranked = u64::from(shape.length) - shape.explored.len().min(self.extras.len()) as u64;
        for place in 0..u64::from(shape.length) {
            let shown = if shape.explored.contains(&place) && extra < self.extras.len() {
                extra += 1;
                Some(Shown {
                    slot: self.extras.slots[extra - 1],
                    source: Source::Explore,
                    follows: self.extras.follows[extra - 1],
                })
            } else {
                let fewest = u64::from(shape.caps.fewest);
                let only_new = fewest > 0 && fewest.saturating_sub(self.regions_held(view)) >= ranked;
                ranked -= 1;
                self.take_best(request, candidates, &shape, only_new)
            };
            self.slate.extend(shown);
        }
        // Where there were not enough regions, the best of those passed over come last.
        let room = (shape.length as usize).saturating_sub(self.slate.len());
        let passed = self.passed.iter().take(room);
        self.slate.extend(passed.map(|&i| shown_of(candidates, i)));
    }

    /// Takes the best candidate that the caps allow, of a region that the slate does not hold yet if `only_new`, and discounts what remains of its creator.
    #[inline]
    fn take_best(
        &mut self,
        request: &Request,
        candidates: &Candidates,
        shape: &Shape,
        only_new: bool,
    ) -> Option<Shown> {
        let Shape { discount, caps, .. } = *shape;
        loop {
            // First the value, which vector registers find, then the first place that holds it.
            let best = maximum(&self.block_best);
            if best == f32::NEG_INFINITY {
                return None;
            }
            let block = self.block_best.iter().position(|&score| score == best)?;
            let i = block * BLOCK + self.scores[block * BLOCK..].iter().position(|&score| score == best)?;
            self.scores[i] = f32::NEG_INFINITY;
            self.renew_block(block);
            let region = usize::from(self.regions[i]);
            if self.in_slate[region] >= caps.slate || request.shown_today[region] + self.in_slate[region] >= caps.day {
                continue;
            }
            if only_new && self.in_slate[region] > 0 {
                self.passed.push(i);
                continue;
            }
            self.in_slate[region] += 1;
            if discount != 1.0 {
                self.discount_creator(self.creators[i], discount);
            }
            return Some(shown_of(candidates, i));
        }
    }

    /// Number of regions in the slate so far.
    fn regions_held(&self, view: &View) -> u64 {
        let rows = view.observed.posts.rows();
        let region = |shown: &Shown| rows[shown.slot as usize].region;
        let is_first =
            |place: &usize| self.slate[..*place].iter().all(|other| region(other) != region(&self.slate[*place]));
        (0..self.slate.len()).filter(is_first).count() as u64
    }

    /// Makes the creator's other posts worth less: a positive value shrinks, a negative one grows by the same factor.
    #[inline]
    fn discount_creator(&mut self, creator: AccountId, discount: f32) {
        for (block, creators) in self.creators.chunks(BLOCK).enumerate() {
            if !creators.contains(&creator) {
                continue;
            }
            let scores = &mut self.scores[block * BLOCK..];
            for (score, _) in scores.iter_mut().zip(creators).filter(|(_, other)| **other == creator) {
                *score = if *score > 0.0 { *score * discount } else { *score * (2.0 - discount) };
            }
            let upto = creators.len();
            self.block_best[block] = maximum(&scores[..upto]);
        }
    }

    #[inline]
    fn renew_block(&mut self, block: usize) {
        let end = (block * BLOCK + BLOCK).min(self.scores.len());
        self.block_best[block] = maximum(&self.scores[block * BLOCK..end]);
    }
}

fn shown_of(candidates: &Candidates, i: usize) -> Shown {
    Shown { slot: candidates.slots[i], source: candidates.sources[i], follows: candidates.follows[i] }
}

/// The largest score, or minus infinity if there is none.
#[inline]
fn maximum(scores: &[f32]) -> f32 {
    let (blocks, rest) = scores.as_chunks::<8>();
    let mut lanes = [f32::NEG_INFINITY; 8];
    for block in blocks {
        for (most, &score) in lanes.iter_mut().zip(block) {
            *most = if score > *most { score } else { *most };
        }
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, |most, score| if score > most { score } else { most })
}
