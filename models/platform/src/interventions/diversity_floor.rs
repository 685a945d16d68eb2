//! `diversity-floor`: a slate holds posts of at least so many topics.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::request::{MOST_REGIONS, Request, View};
use crate::slate::{Filled, Pick, Rest};

settings! {
    /// A slate holds posts of at least so many topics (regions of the topic map that posts' features are nearest to), as far as there
    /// are candidates of so many: when as many places are left as topics are missing, each goes to the best post of a topic that the
    /// slate does not hold yet. Places given to exploration count as they come.
    pub struct DiversityFloor {
        /// Fewest topics in a slate.
        pub topics: u16 = 8, 1..=50, "topics", "assumed";
    }
}

impl Described for DiversityFloor {
    const TITLE: &'static str = "Diversity floor";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["rerank"];
}

impl Intervention for DiversityFloor {
    fn rerank(&self, request: &Request, view: &View, filled: &Filled, picks: &mut Vec<Pick>) {
        let mut anew = Anew::new(view, filled, self.topics.into());
        let ranked = picks.iter().filter_map(|&pick| if let Pick::Ranked(place) = pick { Some(place) } else { None });
        if !anew.may_all_stay(ranked) {
            anew.fill_up(request);
            *picks = anew.slate;
        }
    }
}

/// A slate that is filled anew.
struct Anew<'a> {
    view: &'a View<'a>,
    filled: &'a Filled<'a>,
    /// Fewest topics.
    fewest: usize,
    slate: Vec<Pick>,
    /// The place that comes next.
    place: u64,
    /// Posts of exploration that stand in the slate.
    explored: usize,
    /// Places left for ranked posts.
    ranked: usize,
    /// Which topics the slate holds.
    held: [bool; MOST_REGIONS],
    /// Which of them ranked posts have.
    held_by_ranked: [bool; MOST_REGIONS],
}

impl<'a> Anew<'a> {
    fn new(view: &'a View<'a>, filled: &'a Filled<'a>, fewest: usize) -> Self {
        Anew {
            view,
            filled,
            fewest,
            slate: Vec::new(),
            place: 0,
            explored: 0,
            ranked: filled.shape.length as usize - filled.explored(),
            held: [false; MOST_REGIONS],
            held_by_ranked: [false; MOST_REGIONS],
        }
    }

    fn region(&self, pick: Pick) -> usize {
        usize::from(self.view.observed.posts.rows()[self.filled.shown(pick).slot as usize].region)
    }

    fn put(&mut self, pick: Pick) {
        let region = self.region(pick);
        self.held[region] = true;
        self.held_by_ranked[region] |= matches!(pick, Pick::Ranked(_));
        self.slate.push(pick);
    }

    /// Goes on to the next place for a ranked post; those that are given to exploration get what they had. If there is one: whether it has to
    /// go to a new topic.
    fn next_place(&mut self) -> Option<bool> {
        while self.place < u64::from(self.filled.shape.length) {
            let is_explored =
                self.filled.shape.explored.contains(&self.place) && self.explored < self.filled.explored();
            self.place += 1;
            if !is_explored {
                let missing = self.fewest.saturating_sub(self.held.iter().filter(|held| **held).count());
                self.ranked -= 1;
                return Some(missing > self.ranked);
            }
            self.put(Pick::Explored(self.explored as u32));
            self.explored += 1;
        }
        None
    }

    /// Puts posts in as they stood; false, and no further, at the first that has to make room for another topic.
    fn may_all_stay(&mut self, mut ranked: impl Iterator<Item = u32>) -> bool {
        while let Some(only_new) = self.next_place() {
            let Some(pick) = ranked.next().map(Pick::Ranked) else { return true };
            if only_new && self.held_by_ranked[self.region(pick)] {
                return false;
            }
            self.put(pick);
        }
        true
    }

    /// Fills the place that has to go to a new topic, and those after it, with the best of what is left.
    fn fill_up(&mut self, request: &Request) {
        let mut rest = self.filled.rest(request, self.view);
        for pick in &self.slate {
            if let Pick::Ranked(place) = *pick {
                rest.take(place as usize);
            }
        }
        let (mut only_new, mut passed) = (true, Vec::new());
        loop {
            self.put_best(&mut rest, only_new, &mut passed);
            match self.next_place() {
                Some(next) => only_new = next,
                None => break,
            }
        }
        // Where there were not enough topics, the best of those passed over come last.
        let room = self.filled.shape.length as usize - self.slate.len();
        self.slate.extend(passed.into_iter().take(room));
    }

    /// Puts in the best that is left, of a topic that no ranked post has if `only_new`; others are passed over.
    fn put_best(&mut self, rest: &mut Rest, only_new: bool, passed: &mut Vec<Pick>) {
        while let Some(best) = rest.best() {
            let pick = Pick::Ranked(best as u32);
            if !only_new || rest.of_its_region(best) == 0 {
                rest.take(best);
                return self.put(pick);
            }
            rest.pass(best);
            passed.push(pick);
        }
    }
}
