//! Filling of a slate with the best candidates, best first. Some slots are reserved for
//! exploration. Scores are discounted if a creator has several posts, and the number of posts per
//! topic is limited. Interventions can reorder the result.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]

use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::wide::{Work, wide};

use crate::best_first::{BLOCK, BestFirst};
use crate::candidates::{Candidates, Source};
use crate::request::{MAX_TOPICS, Request, TopicCounts, View};

/// A post in a slate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Index of the post in the post columns.
    pub post_index: u32,
    /// Source of the post.
    pub source: Source,
    /// Whether the viewer follows the creator.
    pub follows: bool,
}

/// A post at a slate position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// A candidate, identified by its index among the candidates.
    Ranked(u32),
    /// A post for exploration, identified by its index among the posts for exploration.
    Explored(u32),
}

/// Maximum number of posts of one topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicCaps {
    /// Maximum number of posts of one topic in one slate.
    pub slate: u16,
    /// Maximum number of posts of one topic in one day, including today's earlier slates.
    pub day: u16,
}

impl Default for TopicCaps {
    fn default() -> Self {
        TopicCaps { slate: u16::MAX, day: u16::MAX }
    }
}

impl TopicCaps {
    /// Returns whether any topic can become full.
    fn can_fill(self) -> bool {
        self.slate < u16::MAX || self.day < u16::MAX
    }

    /// Returns whether a topic is full after `earlier` posts in today's earlier slates and
    /// `in_slate` posts in this slate.
    #[inline]
    fn full(self, earlier: u16, in_slate: u16) -> bool {
        in_slate >= self.slate || earlier.saturating_add(in_slate) >= self.day
    }
}

/// Parameters of a slate.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// Number of slots.
    pub length: u32,
    /// Slate positions reserved for exploration.
    pub explored: &'a [u64],
    /// Factor on a post's score for each post of the same creator that is already in the slate.
    pub discount: f32,
    /// Caps on topics.
    pub caps: TopicCaps,
}

/// The data from which a slate was filled, for interventions that reorder the slate.
#[derive(Clone, Copy, Debug)]
pub struct Filled<'a> {
    /// The candidates.
    pub candidates: &'a Candidates,
    /// Scores of the candidates after interventions. A candidate's score is minus infinity if its
    /// topic was full before this slate.
    pub scores: &'a [f32],
    /// Posts for exploration, in the order of the positions that are reserved for exploration.
    pub extras: &'a Candidates,
    /// Parameters of the slate.
    pub shape: Shape<'a>,
}

impl<'a> Filled<'a> {
    /// Returns the post of a pick.
    ///
    /// # Panics
    /// Panics if there is no such candidate or post for exploration.
    #[must_use]
    pub fn shown(&self, pick: Pick) -> Shown {
        match pick {
            Pick::Ranked(index) => shown_of(self.candidates, index as usize),
            Pick::Explored(index) => explored_of(self.extras, index as usize),
        }
    }

    /// Returns the number of posts for exploration in the slate.
    #[must_use]
    pub fn explored(&self) -> usize {
        self.shape.explored.len().min(self.extras.len())
    }

    /// Returns all candidates, with their scores before the first pick.
    #[must_use]
    pub fn rest(self, request: &'a Request, view: &View) -> Rest<'a> {
        let mut rest = Rest {
            request,
            shape: self.shape,
            best: BestFirst::default(),
            creators: Vec::new(),
            topic_ids: Vec::new(),
            in_slate: [0; MAX_TOPICS],
        };
        rest.best.start(self.scores);
        keys(&mut rest.creators, self.candidates, |post_index| {
            view.observed.posts.access()[post_index as usize].creator().0
        });
        keys(&mut rest.topic_ids, self.candidates, |post_index| {
            u32::from(view.observed.posts.rows()[post_index as usize].topic_id)
        });
        rest
    }

    /// Checks that `picks` is a valid slate. A valid slate contains all posts for exploration, and
    /// each pick at most once. A valid slate does not have more picks than slots. No candidate in a
    /// valid slate has a topic that was full before this slate.
    ///
    /// # Errors
    /// Returns a description of the first problem.
    pub fn check(&self, picks: &[Pick]) -> Result<(), String> {
        let most = self.shape.length as usize;
        if picks.len() > most {
            return Err(format!("the slate has {} posts, but at most {most} fit", picks.len()));
        }
        if let Some(twice) = (0..picks.len()).find(|&index| picks[..index].contains(&picks[index])) {
            return Err(format!("{:?} is in the slate twice", picks[twice]));
        }
        picks.iter().try_for_each(|&pick| self.check_one(pick))?;
        let explored = picks.iter().filter(|pick| matches!(pick, Pick::Explored(_))).count();
        let missing = self.explored() - explored;
        if missing > 0 { Err(format!("{missing} posts for exploration are missing from the slate")) } else { Ok(()) }
    }

    fn check_one(&self, pick: Pick) -> Result<(), String> {
        let (candidates, explored) = (self.scores.len(), self.explored());
        match pick {
            Pick::Explored(index) if index as usize >= explored => {
                Err(format!("{pick:?} does not exist: there are {explored} posts for exploration"))
            }
            Pick::Ranked(index) if index as usize >= candidates => {
                Err(format!("{pick:?} does not exist: there are {candidates} candidates"))
            }
            Pick::Ranked(index) if self.scores[index as usize] == f32::NEG_INFINITY => {
                Err(format!("{pick:?} must not be in the slate: its topic is full today"))
            }
            _ => Ok(()),
        }
    }
}

/// The remaining candidates while a slate is filled, with their current scores. Interventions can
/// use this type to choose some posts by their own criteria. Taking a candidate has the same
/// effects as in [`SlateMaker::fill`].
#[derive(Clone, Debug)]
pub struct Rest<'a> {
    request: &'a Request,
    shape: Shape<'a>,
    best: BestFirst,
    creators: Vec<u32>,
    topic_ids: Vec<u32>,
    in_slate: TopicCounts,
}

impl Rest<'_> {
    /// Returns the best remaining candidate. Among candidates with equal scores, this is the
    /// candidate that was gathered first.
    #[must_use]
    pub fn best(&self) -> Option<usize> {
        self.best.best()
    }

    /// Returns the current score of each candidate. The score is minus infinity if the candidate is
    /// no longer available.
    #[must_use]
    pub fn scores(&self) -> &[f32] {
        self.best.scores()
    }

    /// Returns how many candidates with the same topic were taken.
    #[must_use]
    pub fn count_of_its_topic(&self, index: usize) -> u16 {
        self.in_slate[self.topic_ids[index] as usize]
    }

    /// Makes a candidate unavailable without taking the candidate.
    pub fn pass(&mut self, index: usize) {
        self.best.remove(index);
    }

    /// Takes a candidate and discounts the other posts of the same creator. If the candidate's
    /// topic is full now, removes the topic's other posts.
    pub fn take(&mut self, index: usize) {
        self.pass(index);
        let (topic_id, Shape { caps, discount, .. }) = (self.topic_ids[index], self.shape);
        let in_slate = &mut self.in_slate[topic_id as usize];
        *in_slate += 1;
        if caps.can_fill() && caps.full(self.request.shown_today[topic_id as usize], *in_slate) {
            self.best.leave_out(&self.topic_ids, topic_id);
        }
        if discount != 1.0 {
            self.best.discount(&self.creators, self.creators[index], discount);
        }
    }
}

/// Fills `keys` with the key of each candidate's post, padded to whole blocks with [`NOBODY`].
#[inline(always)]
fn keys(keys: &mut Vec<u32>, candidates: &Candidates, key: impl Fn(u32) -> u32) {
    keys.clear();
    keys.extend(candidates.post_indices.iter().map(|&post_index| key(post_index)));
    keys.resize(candidates.len().next_multiple_of(BLOCK), NOBODY);
}

/// Returns the topic of a candidate.
fn topic_of(view: &View, candidates: &Candidates, index: usize) -> usize {
    usize::from(view.observed.posts.rows()[candidates.post_indices[index] as usize].topic_id)
}

/// Reusable workspace for filling slates, with the last slate. Each thread has its own workspace.
#[derive(Clone, Debug)]
pub struct SlateMaker {
    /// The slate, best first.
    pub slate: Vec<Shown>,
    /// The pick at each slate position.
    picks: Vec<Pick>,
    /// Scores of the candidates, which interventions can adjust. [`SlateMaker::fill`] sets the
    /// score of a candidate to minus infinity if its topic is full.
    pub scores: Vec<f32>,
    /// Posts for exploration.
    pub extras: Candidates,
    best: BestFirst,
    /// Ids of the candidates' creators, padded to whole blocks.
    creators: Vec<u32>,
    /// Topics of the candidates, padded to whole blocks. Used only with caps on topics.
    topic_ids: Vec<u32>,
    in_slate: TopicCounts,
}

/// A number that is not the id of any creator or topic.
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
            topic_ids: Vec::new(),
            in_slate: [0; MAX_TOPICS],
        }
    }
}

/// Draws the slate positions that are reserved for exploration. Each position is reserved with
/// probability `share`.
pub fn explored(request: &Request, length: u32, share: f64) -> impl Iterator<Item = u64> {
    let draws = request.draws_for(DrawPurpose::Explore);
    (0..u64::from(length)).filter(move |&index| draws.about(Part::Position(index)).chance(share))
}

impl SlateMaker {
    /// Fills `slate`. The positions reserved for exploration get `extras`, and the other positions
    /// get the best of `candidates`.
    pub fn fill(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        wide(Filling { maker: self, request, view, candidates, shape });
    }

    #[inline(always)]
    fn fill_slots(&mut self, request: &Request, view: &View, candidates: &Candidates, shape: Shape) {
        let access = view.observed.posts.access();
        self.in_slate.fill(0);
        keys(&mut self.creators, candidates, |post_index| access[post_index as usize].creator().0);
        if shape.caps.can_fill() {
            self.exclude_full_topics(request, view, candidates, shape.caps);
        }
        self.best.start(&self.scores);
        self.picks.clear();
        self.slate.clear();
        let mut extra = 0;
        for index in 0..u64::from(shape.length) {
            if shape.explored.contains(&index) && extra < self.extras.len() {
                self.picks.push(Pick::Explored(extra as u32));
                self.slate.push(explored_of(&self.extras, extra));
                extra += 1;
            } else if let Some(best) = self.take_best((request, view), candidates, &shape) {
                self.picks.push(Pick::Ranked(best as u32));
                self.slate.push(shown_of(candidates, best));
            }
        }
    }

    /// Calls `change`, which can replace the picks of the slate that was filled from these
    /// candidates. The function `change` returns whether the picks were changed.
    ///
    /// # Errors
    /// Returns the error of `change`.
    ///
    /// # Panics
    /// Can panic if the new picks are not a valid slate ([`Filled::check`]).
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

    /// Excludes the candidates whose topic is already full, so that these candidates are not
    /// examined for every slot.
    #[inline(always)]
    fn exclude_full_topics(&mut self, request: &Request, view: &View, candidates: &Candidates, caps: TopicCaps) {
        let rows = view.observed.posts.rows();
        let full = request.shown_today.map(|earlier| caps.full(earlier, 0));
        self.topic_ids.clear();
        self.topic_ids
            .extend(candidates.post_indices.iter().map(|&post_index| u32::from(rows[post_index as usize].topic_id)));
        for (score, &topic_id) in self.scores.iter_mut().zip(&self.topic_ids) {
            *score = if full[topic_id as usize] { f32::NEG_INFINITY } else { *score };
        }
        self.topic_ids.resize(candidates.len().next_multiple_of(BLOCK), NOBODY);
    }

    /// Takes the best remaining candidate and discounts the other posts of the same creator. If the
    /// candidate's topic is full now, removes the topic's other posts. So no candidates of full
    /// topics remain.
    #[inline(always)]
    fn take_best(
        &mut self,
        (request, view): (&Request, &View),
        candidates: &Candidates,
        shape: &Shape,
    ) -> Option<usize> {
        let Shape { discount, caps, .. } = *shape;
        let i = self.best.take()?;
        let topic_id = topic_of(view, candidates, i);
        self.in_slate[topic_id] += 1;
        if caps.can_fill() && caps.full(request.shown_today[topic_id], self.in_slate[topic_id]) {
            self.best.leave_out(&self.topic_ids, topic_id as u32);
        }
        if discount != 1.0 {
            self.best.discount(&self.creators, self.creators[i], discount);
        }
        Some(i)
    }
}

/// The work of filling a slate, for [`wide`].
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
    Shown { post_index: candidates.post_indices[i], source: candidates.sources[i], follows: candidates.follows[i] }
}

fn explored_of(extras: &Candidates, i: usize) -> Shown {
    Shown { post_index: extras.post_indices[i], source: Source::Exploration, follows: extras.follows[i] }
}
