//! The slate: the best candidates in order, with slots given to exploration, repeats discounted and topics capped.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;

use crate::candidates::{Candidates, Source};
use crate::request::{MOST_REGIONS, RegionCounts, Request, View};

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

/// Most posts of one region: in the slate, and in the viewer's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicCaps {
    /// In one slate.
    pub slate: u16,
    /// In one day, today's earlier slates counted.
    pub day: u16,
}

impl Default for TopicCaps {
    fn default() -> Self {
        TopicCaps { slate: u16::MAX, day: u16::MAX }
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
    /// Most posts of one region.
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
        let rows = view.observed.posts.rows();
        self.slate.clear();
        self.in_slate.fill(0);
        self.creators.clear();
        self.creators.extend(candidates.slots.iter().map(|&slot| rows[slot as usize].creator));
        self.regions.clear();
        self.regions.extend(candidates.slots.iter().map(|&slot| rows[slot as usize].region));
        self.block_best.clear();
        self.block_best.extend(self.scores.chunks(BLOCK).map(maximum));
        let mut extra = 0;
        for place in 0..u64::from(shape.length) {
            let shown = if shape.explored.contains(&place) && extra < self.extras.len() {
                extra += 1;
                Some(Shown {
                    slot: self.extras.slots[extra - 1],
                    source: Source::Explore,
                    follows: self.extras.follows[extra - 1],
                })
            } else {
                self.take_best(request, candidates, shape.discount, shape.caps)
            };
            self.slate.extend(shown);
        }
    }

    /// Takes the best candidate that the caps allow, and discounts what remains of its creator.
    fn take_best(
        &mut self,
        request: &Request,
        candidates: &Candidates,
        discount: f32,
        caps: TopicCaps,
    ) -> Option<Shown> {
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
            self.in_slate[region] += 1;
            if discount != 1.0 {
                self.discount_creator(self.creators[i], discount);
            }
            return Some(Shown {
                slot: candidates.slots[i],
                source: candidates.sources[i],
                follows: candidates.follows[i],
            });
        }
    }

    /// Makes the creator's other posts worth less: a positive value shrinks, a negative one grows by the same factor.
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

    fn renew_block(&mut self, block: usize) {
        let end = (block * BLOCK + BLOCK).min(self.scores.len());
        self.block_best[block] = maximum(&self.scores[block * BLOCK..end]);
    }
}

/// The largest score, or minus infinity if there is none.
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
