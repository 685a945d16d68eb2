//! The slate: the best candidates in order, with slots given to exploration, repeats discounted and topics capped; rules may order it anew.
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

/// What stands at a place of a slate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A candidate, by its place among the candidates.
    Ranked(u32),
    /// A post for a place given to exploration, by its place among these.
    Explored(u32),
}

/// How many posts of one region there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicCaps {
    /// Most posts of one region in one slate.
    pub slate: u16,
    /// Most in one day, today's earlier slates counted.
    pub day: u16,
}

impl Default for TopicCaps {
    fn default() -> Self {
        TopicCaps { slate: u16::MAX, day: u16::MAX }
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

/// What a slate was filled from, for rules that order it anew.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// The candidates.
    pub candidates: &'a Candidates,
    /// Their scores, after rules changed them; minus infinity where a candidate's region was full before this slate.
    pub scores: &'a [f32],
    /// Posts that exploration found, in the order of the places given to it.
    pub extras: &'a Candidates,
    /// How the slate was filled.
    pub shape: Shape<'a>,
}

impl<'a> Filled<'a> {
    /// The post of a pick, as the viewer is shown it.
    ///
    /// # Panics
    /// If there is no such candidate, or exploration found no such post.
    #[must_use]
    pub fn shown(&self, pick: Pick) -> Shown {
        match pick {
            Pick::Ranked(place) => shown_of(self.candidates, place as usize),
            Pick::Explored(place) => explored_of(self.extras, place as usize),
        }
    }

    /// Number of posts of exploration in the slate.
    #[must_use]
    pub fn explored(&self) -> usize {
        self.shape.explored.len().min(self.extras.len())
    }

    /// The candidates when none is picked yet.
    #[must_use]
    pub fn rest(self, request: &'a Request, view: &View) -> Rest<'a> {
        let mut rest = Rest {
            request,
            shape: self.shape,
            best: BestFirst::default(),
            creators: Vec::new(),
            regions: Vec::new(),
            in_slate: [0; MOST_REGIONS],
        };
        rest.best.start(self.scores);
        keys(&mut rest.creators, self.candidates, |slot| view.observed.posts.gates()[slot as usize].creator().0);
        keys(&mut rest.regions, self.candidates, |slot| u32::from(view.observed.posts.rows()[slot as usize].region));
        rest
    }

    /// Whether these picks are a slate: no more than there are places, each candidate at most once and none whose region was full before, each
    /// post of exploration exactly once.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn check(&self, picks: &[Pick]) -> Result<(), String> {
        let most = self.shape.length as usize;
        if picks.len() > most {
            return Err(format!("it put {} posts into a slate of {most}", picks.len()));
        }
        if let Some(twice) = (0..picks.len()).find(|&place| picks[..place].contains(&picks[place])) {
            return Err(format!("it put {:?} into the slate twice", picks[twice]));
        }
        picks.iter().try_for_each(|&pick| self.check_one(pick))?;
        let explored = picks.iter().filter(|pick| matches!(pick, Pick::Explored(_))).count();
        let missing = self.explored() - explored;
        if missing > 0 { Err(format!("it left {missing} posts of exploration out")) } else { Ok(()) }
    }

    fn check_one(&self, pick: Pick) -> Result<(), String> {
        let (candidates, explored) = (self.scores.len(), self.explored());
        match pick {
            Pick::Explored(place) if place as usize >= explored => {
                Err(format!("there is no {pick:?}: exploration found {explored} posts"))
            }
            Pick::Ranked(place) if place as usize >= candidates => {
                Err(format!("there is no {pick:?}: there are {candidates} candidates"))
            }
            Pick::Ranked(place) if self.scores[place as usize] == f32::NEG_INFINITY => {
                Err(format!("there is no place for {pick:?}: its topic is full today"))
            }
            _ => Ok(()),
        }
    }
}

/// The candidates that are left while a slate is filled, each with what it is worth by now: what [`SlateMaker::fill`] does, for rules that take
/// some by a measure of their own.
#[derive(Clone, Debug)]
pub struct Rest<'a> {
    request: &'a Request,
    shape: Shape<'a>,
    best: BestFirst,
    creators: Vec<u32>,
    regions: Vec<u32>,
    in_slate: RegionCounts,
}

impl Rest<'_> {
    /// The best candidate that is left, of equals the one gathered first.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        self.best.best()
    }

    /// What each candidate is worth by now; minus infinity for those that cannot be taken any more.
    #[must_use]
    pub fn scores(&self) -> &[f32] {
        self.best.scores()
    }

    /// How many were taken of a candidate's region.
    #[must_use]
    pub fn of_its_region(&self, place: usize) -> u16 {
        self.in_slate[self.regions[place] as usize]
    }

    /// Leaves a candidate out.
    pub fn pass(&mut self, place: usize) {
        self.best.remove(place);
    }

    /// Takes a candidate: others of its creator are discounted, and if its region is full now, nothing is left of it.
    pub fn take(&mut self, place: usize) {
        self.pass(place);
        let (region, Shape { caps, discount, .. }) = (self.regions[place], self.shape);
        let in_slate = &mut self.in_slate[region as usize];
        *in_slate += 1;
        if caps.can_fill() && caps.full(self.request.shown_today[region as usize], *in_slate) {
            self.best.leave_out(&self.regions, region);
        }
        if discount != 1.0 {
            self.best.discount(&self.creators, self.creators[place], discount);
        }
    }
}

/// A key of each candidate's post, filled up to whole blocks by nobody's.
#[inline(always)]
fn keys(keys: &mut Vec<u32>, candidates: &Candidates, key: impl Fn(u32) -> u32) {
    keys.clear();
    keys.extend(candidates.slots.iter().map(|&slot| key(slot)));
    keys.resize(candidates.len().next_multiple_of(BLOCK), NOBODY);
}

/// The region of a candidate.
fn region_of(view: &View, candidates: &Candidates, place: usize) -> usize {
    usize::from(view.observed.posts.rows()[candidates.slots[place] as usize].region)
}

/// Room for making slates. Made once a thread and day.
#[derive(Clone, Debug)]
pub struct SlateMaker {
    /// The slate, best first.
    pub slate: Vec<Shown>,
    /// What stands at each of its places.
    picks: Vec<Pick>,
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
}

/// The creator and the region of no candidate.
const NOBODY: u32 = u32::MAX;

impl Default for SlateMaker {
    fn default() -> Self {
        SlateMaker {
            slate: Vec::new(),
            picks: Vec::new(),
            scores: Vec::new(),
            extras: Candidates::default(),
            best: BestFirst::default(),
            creators: Vec::new(),
            regions: Vec::new(),
            in_slate: [0; MOST_REGIONS],
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
        self.in_slate.fill(0);
        keys(&mut self.creators, candidates, |slot| gates[slot as usize].creator().0);
        if shape.caps.can_fill() {
            self.leave_full_regions_out(request, view, candidates, shape.caps);
        }
        self.best.start(&self.scores);
        self.picks.clear();
        self.slate.clear();
        let mut extra = 0;
        for place in 0..u64::from(shape.length) {
            if shape.explored.contains(&place) && extra < self.extras.len() {
                self.picks.push(Pick::Explored(extra as u32));
                self.slate.push(explored_of(&self.extras, extra));
                extra += 1;
            } else if let Some(best) = self.take_best((request, view), candidates, &shape) {
                self.picks.push(Pick::Ranked(best as u32));
                self.slate.push(shown_of(candidates, best));
            }
        }
    }

    /// Lets `change` put other picks into the slate that was filled from these candidates. It tells whether it did.
    ///
    /// # Errors
    /// Those of `change`.
    ///
    /// # Panics
    /// If what it leaves is no slate ([`Filled::check`]).
    pub fn rerank<E>(
        &mut self,
        candidates: &Candidates,
        shape: Shape,
        change: impl FnOnce(&Filled, &mut Vec<Pick>) -> Result<bool, E>,
    ) -> Result<(), E> {
        let SlateMaker { slate, picks, scores, extras, .. } = self;
        let filled = Filled { candidates, scores, extras, shape };
        if change(&filled, picks)? {
            slate.clear();
            slate.extend(picks.iter().map(|&pick| filled.shown(pick)));
        }
        Ok(())
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

    /// Takes the best candidate left, none of which is of a full region, and discounts what remains of its creator.
    #[inline(always)]
    fn take_best(
        &mut self,
        (request, view): (&Request, &View),
        candidates: &Candidates,
        shape: &Shape,
    ) -> Option<usize> {
        let Shape { discount, caps, .. } = *shape;
        let i = self.best.take()?;
        let region = region_of(view, candidates, i);
        self.in_slate[region] += 1;
        if caps.can_fill() && caps.full(request.shown_today[region], self.in_slate[region]) {
            self.best.leave_out(&self.regions, region as u32);
        }
        if discount != 1.0 {
            self.best.discount(&self.creators, self.creators[i], discount);
        }
        Some(i)
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

fn explored_of(extras: &Candidates, i: usize) -> Shown {
    Shown { slot: extras.slots[i], source: Source::Explore, follows: extras.follows[i] }
}
