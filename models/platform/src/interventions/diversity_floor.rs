//! `diversity-floor`: slates with a minimum number of topics.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::request::{MAX_TOPICS, Request, View};
use crate::slate::{Filled, Pick, Rest};

settings! {
    /// Each slate of the feed contains posts of a minimum number of topics.
    ///
    /// The topic of a post is the topic in the topic map that is nearest to the post's features. As
    /// soon as a slate has as many missing topics as remaining positions, each remaining position
    /// goes to the best post of a new topic. If the candidates have too few topics, the slate has
    /// fewer topics. Exploration posts keep their positions, and their topics are included in the
    /// number of topics. `audience` and `coverage` select the viewer. Efficacy is drawn once per
    /// feed request.
    pub struct DiversityFloor {
        /// Minimum number of topics in a slate.
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
        let ranked = picks.iter().filter_map(|&pick| if let Pick::Ranked(index) = pick { Some(index) } else { None });
        if !anew.may_all_stay(ranked) {
            anew.fill_up(request);
            *picks = anew.slate;
        }
    }
}

/// A slate that is filled again with a minimum number of topics.
struct Anew<'a> {
    view: &'a View<'a>,
    filled: &'a Filled<'a>,
    /// Minimum number of topics.
    fewest: usize,
    slate: Vec<Pick>,
    /// Next position.
    position: u64,
    /// Exploration posts in the slate so far.
    explored: usize,
    /// Remaining positions for ranked posts.
    ranked: usize,
    /// Topics in the slate.
    held: [bool; MAX_TOPICS],
    /// Topics of the ranked posts in the slate.
    held_by_ranked: [bool; MAX_TOPICS],
}

impl<'a> Anew<'a> {
    fn new(view: &'a View<'a>, filled: &'a Filled<'a>, fewest: usize) -> Self {
        Anew {
            view,
            filled,
            fewest,
            slate: Vec::new(),
            position: 0,
            explored: 0,
            ranked: filled.shape.length as usize - filled.explored(),
            held: [false; MAX_TOPICS],
            held_by_ranked: [false; MAX_TOPICS],
        }
    }

    fn topic_of(&self, pick: Pick) -> usize {
        usize::from(self.view.observed.posts.rows()[self.filled.shown(pick).post_index as usize].topic_id)
    }

    fn put(&mut self, pick: Pick) {
        let topic_id = self.topic_of(pick);
        self.held[topic_id] = true;
        self.held_by_ranked[topic_id] |= matches!(pick, Pick::Ranked(_));
        self.slate.push(pick);
    }

    /// Moves to the next position for a ranked post. Exploration posts on the way keep their
    /// positions. Returns whether the new position must go to a new topic, or `None` at the end of
    /// the slate.
    fn next_position(&mut self) -> Option<bool> {
        while self.position < u64::from(self.filled.shape.length) {
            let is_explored =
                self.filled.shape.explored.contains(&self.position) && self.explored < self.filled.explored();
            self.position += 1;
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

    /// Adds posts in their current order. Stops at the first post that must make room for a
    /// different topic, and returns false.
    fn may_all_stay(&mut self, mut ranked: impl Iterator<Item = u32>) -> bool {
        while let Some(only_new) = self.next_position() {
            let Some(pick) = ranked.next().map(Pick::Ranked) else { return true };
            if only_new && self.held_by_ranked[self.topic_of(pick)] {
                return false;
            }
            self.put(pick);
        }
        true
    }

    /// Fills the first position that must go to a new topic, and all later positions, with the best
    /// remaining posts.
    fn fill_up(&mut self, request: &Request) {
        let mut rest = self.filled.rest(request, self.view);
        for pick in &self.slate {
            if let Pick::Ranked(index) = *pick {
                rest.take(index as usize);
            }
        }
        let (mut only_new, mut passed) = (true, Vec::new());
        loop {
            self.put_best(&mut rest, only_new, &mut passed);
            match self.next_position() {
                Some(next) => only_new = next,
                None => break,
            }
        }
        // If there are too few topics, the best of the skipped posts come last.
        let room = self.filled.shape.length as usize - self.slate.len();
        self.slate.extend(passed.into_iter().take(room));
    }

    /// Adds the best remaining post. If `only_new` is true, the post must have a topic that no
    /// ranked post in the slate has. Better posts that are skipped are added to `passed`.
    fn put_best(&mut self, rest: &mut Rest, only_new: bool, passed: &mut Vec<Pick>) {
        while let Some(best) = rest.best() {
            let pick = Pick::Ranked(best as u32);
            if !only_new || rest.count_of_its_topic(best) == 0 {
                rest.take(best);
                return self.put(pick);
            }
            rest.pass(best);
            passed.push(pick);
        }
    }
}
