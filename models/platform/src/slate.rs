//! The slate: the best candidates in order, with slots given to exploration, repeats discounted and topics capped.
#![allow(clippy::inline_always, reason = "only what is inlined is compiled for wider registers")]

use recsafe_common::draw::Decides;
use recsafe_common::key::Part;
use recsafe_common::wide::{Work, wide};

use crate::best_first::{BLOCK, BestFirst};
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

impl TopicCaps {
    /// Whether a region can be full.
    fn can_fill(self) -> bool {
        self.slate < u16::MAX || self.day < u16::MAX
    }

    /// Whether a region is full that was shown so often today, in earlier slates, and so often in this one.
    #[inline]
    fn full(self, earlier: u16, in_slate: u16) -> bool {
        in_slate >= self.slate || earlier.saturating_add(in_slate) >= self.day
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

/// Room for making slates. Made once a thread and day.
#[derive(Clone, Debug)]
pub struct SlateMaker {
    /// The slate, best first.
    pub slate: Vec<Shown>,
    /// Scores of the candidates, which interventions may adjust. [`SlateMaker::fill`] makes those minus infinity whose region is full.
    pub scores: Vec<f32>,
    /// Posts for slots of exploration.
    pub extras: Candidates,
    best: BestFirst,
    /// Ids of the candidates' creators, filled up to whole blocks.
    creators: Vec<u32>,
    /// Their regions, in the same way; only where regions can be full.
    regions: Vec<u32>,
    in_slate: RegionCounts,
    /// Candidates passed over because a region was missing, best first.
    passed: Vec<usize>,
}

/// The creator and the region of no candidate.
const NOBODY: u32 = u32::MAX;

impl Default for SlateMaker {
    fn default() -> Self {
        SlateMaker {
            slate: Vec::new(),
            scores: Vec::new(),
            extras: Candidates::default(),
            best: BestFirst::default(),
            creators: Vec::new(),
            regions: Vec::new(),
            in_slate: [0; MOST_REGIONS],
            passed: Vec::new(),
        }
    }
}

/// The slots of a slate of `length` that go to exploration, each with probability `share`.
pub fn explored(request: &Request, length: u32, share: f64) -> impl Iterator<Item = u64> {
    let luck = request.luck(Decides::Explore);
    (0..u64::from(length)).filter(move |&place| luck.about(Part::Place(place)).chance(share))
}

impl SlateMaker {
    /// Fills `slate`: `extras` stand at the places given to exploration, the best of `candidates` at the others.
    pub fn fill(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        wide(Filling { maker: self, request, view, candidates, shape });
    }

    #[inline(always)]
    fn fill_slots(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        let gates = view.observed.posts.gates();
        self.slate.clear();
        self.in_slate.fill(0);
        self.creators.clear();
        self.creators.extend(candidates.slots.iter().map(|&slot| gates[slot as usize].creator().0));
        self.creators.resize(candidates.len().next_multiple_of(BLOCK), NOBODY);
        if shape.caps.can_fill() {
            self.leave_full_regions_out(request, view, candidates, shape.caps);
        }
        self.best.start(&self.scores);
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
                self.take_best((request, view), candidates, &shape, only_new)
            };
            self.slate.extend(shown);
        }
        // Where there were not enough regions, the best of those passed over come last.
        let room = (shape.length as usize).saturating_sub(self.slate.len());
        let passed = self.passed.iter().take(room);
        self.slate.extend(passed.map(|&i| shown_of(candidates, i)));
    }

    /// Takes the candidates out whose region is full from the start: none is to be looked at again and again.
    #[inline(always)]
    fn leave_full_regions_out(&mut self, request: &Request, view: &View, candidates: &Candidates, caps: TopicCaps) {
        let rows = view.observed.posts.rows();
        let full = request.shown_today.map(|earlier| caps.full(earlier, 0));
        self.regions.clear();
        self.regions.extend(candidates.slots.iter().map(|&slot| u32::from(rows[slot as usize].region)));
        for (score, &region) in self.scores.iter_mut().zip(&self.regions) {
            *score = if full[region as usize] { f32::NEG_INFINITY } else { *score };
        }
        self.regions.resize(candidates.len().next_multiple_of(BLOCK), NOBODY);
    }

    /// Takes the best candidate left, none of which is of a full region, of a region that the slate does not hold yet if `only_new`, and discounts what remains of its creator.
    #[inline(always)]
    fn take_best(
        &mut self,
        (request, view): (&Request, &View),
        candidates: &Candidates,
        shape: &Shape,
        only_new: bool,
    ) -> Option<Shown> {
        let Shape { discount, caps, .. } = *shape;
        loop {
            let i = self.best.take()?;
            let region = usize::from(view.observed.posts.rows()[candidates.slots[i] as usize].region);
            if only_new && self.in_slate[region] > 0 {
                self.passed.push(i);
                continue;
            }
            self.in_slate[region] += 1;
            if caps.can_fill() && caps.full(request.shown_today[region], self.in_slate[region]) {
                self.best.leave_out(&self.regions, region as u32);
            }
            if discount != 1.0 {
                self.best.discount(&self.creators, self.creators[i], discount);
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
}

/// A slate that is to be filled.
struct Filling<'a> {
    maker: &'a mut SlateMaker,
    request: &'a Request,
    view: &'a View<'a>,
    candidates: &'a Candidates,
    shape: Shape<'a>,
}

impl Work for Filling<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        self.maker.fill_slots(self.request, self.view, self.candidates, self.shape);
    }
}

fn shown_of(candidates: &Candidates, i: usize) -> Shown {
    Shown { slot: candidates.slots[i], source: candidates.sources[i], follows: candidates.follows[i] }
}
