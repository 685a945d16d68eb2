//! `value-model`: a weighted sum of predicted reactions.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]

use recsafe_common::catalogue::Described;
use recsafe_common::settings;
use recsafe_common::wide::{LANES, Work, wide};

use super::Ranker;
use crate::candidates::{Candidates, Source};
use crate::features::{FEATURES, Features};
use crate::learning::{HEADS, age_in_weeks};
use crate::logistic::logistic;
use crate::request::{Request, View};

settings! {
    /// Value of each predicted reaction. The values of hides and reports are multiplied by
    /// `negative_weight` and subtracted.
    pub struct Weights {
        /// Value of a predicted like.
        pub like: f64 = 1.0, 0.0..=1.0e6, "value", "assumed";
        /// Value of a predicted reshare.
        pub share: f64 = 2.0, 0.0..=1.0e6, "value", "assumed";
        /// Value of a predicted hide, which is subtracted from the score.
        pub hide: f64 = 10.0, 0.0..=1.0e6, "value", "assumed";
        /// Value of a predicted report, which is subtracted from the score.
        pub report: f64 = 50.0, 0.0..=1.0e6, "value", "assumed";
    }
}

settings! {
    /// A weighted sum of predicted reactions. Score = `like` P(like) + `share` P(share) -
    /// `negative_weight` (`hide` P(hide) + `report` P(report)). The table `weights` contains the
    /// four weights. Four logistic regressions predict the probabilities. The platform trains the
    /// regressions once per day on the posts that were shown in slots for exploration. Large
    /// platforms have published scores of this form (Twitter's heavy ranker, 2023; Meta's system
    /// cards, 2023). The numbers are assumed.
    pub struct ValueModel {
        /// Value of each predicted reaction.
        pub weights: Weights = Weights::default(), (), "", "assumed";
        /// Factor on the values of hides and reports. At 0, predicted hides and reports do not
        /// lower the score of a post.
        pub negative_weight: f64 = 0.4, 0.0..=1000.0, "ratio", "assumed";
        /// Factor on a post's score for each better post of the same creator in the slate. At 1
        /// there is no discount. At 0 a positive score becomes 0.
        pub repeat_discount: f64 = 0.5, 0.0..=1.0, "ratio", "assumed";
    }
}

impl Described for ValueModel {
    const TITLE: &'static str = "Value model";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

/// Returns the features of a candidate, which the predictors and the bandit use.
///
/// Without personalisation the similarity is 0 because the profile is 0. No candidate is co-engaged
/// because the source `co-engaged` is not used.
#[inline]
#[must_use]
pub fn features(request: &Request, view: &View, post_index: u32, source: Source, follows: bool) -> Features {
    let row = &view.observed.posts.rows()[post_index as usize];
    [
        1.0,
        request.query.dot(&row.features),
        row.engagement,
        f32::from(u8::from(follows)),
        f32::from(u8::from(source == Source::CoEngaged)),
        age_in_weeks(row.day, request.day),
        row.hides,
        row.creator_hides,
    ]
}

/// Returns the scores of a block of candidates. The features are in `known`, one column per
/// feature.
#[inline(always)]
fn values(heads: &[Features; HEADS], worth: &[f32; HEADS], known: &[[f32; LANES]; FEATURES]) -> [f32; LANES] {
    let mut total = [0.0; LANES];
    for (weights, worth) in heads.iter().zip(worth) {
        let mut index = [0.0; LANES];
        for (weight, column) in weights.iter().zip(known) {
            for lane in 0..LANES {
                index[lane] += weight * column[lane];
            }
        }
        for lane in 0..LANES {
            total[lane] += worth * logistic(index[lane]);
        }
    }
    total
}

impl Ranker for ValueModel {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let negative = self.negative_weight;
        let worth =
            [self.weights.like, self.weights.share, -negative * self.weights.hide, -negative * self.weights.report]
                .map(|w| w as f32);
        scores.clear();
        wide(Scoring { request, view, candidates, worth, scores });
    }

    fn repeat_discount(&self) -> f32 {
        self.repeat_discount as f32
    }
}

/// Work that appends the score of every candidate to `scores`. A block has eight candidates, one
/// per vector lane, so that the predictors and the logistic function run in vector registers.
struct Scoring<'a> {
    request: &'a Request,
    view: &'a View<'a>,
    candidates: &'a Candidates,
    worth: [f32; HEADS],
    scores: &'a mut Vec<f32>,
}

impl Work for Scoring<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        let Candidates { post_indices, sources, follows } = self.candidates;
        let ((post_indices, last_slots), (sources, last_sources)) = (post_indices.as_chunks(), sources.as_chunks());
        let (follows, last_follows) = follows.as_chunks();
        let mut scores = std::mem::take(self.scores);
        scores.reserve(self.candidates.len());
        for ((post_indices, sources), follows) in post_indices.iter().zip(sources).zip(follows) {
            scores.extend_from_slice(&self.block(post_indices, *sources, *follows));
        }
        if let Some(&first) = last_slots.first() {
            let (mut post_indices, mut sources, mut follows) =
                ([first; LANES], [Source::Random; LANES], [false; LANES]);
            post_indices[..last_slots.len()].copy_from_slice(last_slots);
            sources[..last_slots.len()].copy_from_slice(last_sources);
            follows[..last_slots.len()].copy_from_slice(last_follows);
            scores.extend_from_slice(&self.block(&post_indices, sources, follows)[..last_slots.len()]);
        }
        *self.scores = scores;
    }
}

impl Scoring<'_> {
    /// Returns the scores of eight candidates.
    #[inline(always)]
    fn block(&self, post_indices: &[u32; LANES], sources: [Source; LANES], follows: [bool; LANES]) -> [f32; LANES] {
        let posts = self.view.observed.posts.rows();
        let mut rows = [&posts[post_indices[0] as usize]; LANES];
        for (row, &post_index) in rows.iter_mut().zip(post_indices) {
            *row = &posts[post_index as usize];
        }
        let [a, b, c, d, e, f, g, h] = rows;
        let features =
            [&a.features, &b.features, &c.features, &d.features, &e.features, &f.features, &g.features, &h.features];
        let similarity = self.request.query.dots(&features);
        let mut days = [0; LANES];
        for (day, row) in days.iter_mut().zip(rows) {
            *day = row.day;
        }
        // One column per feature, in the order of `features`.
        let mut known = [[1.0; LANES]; FEATURES];
        known[1] = similarity;
        for lane in 0..LANES {
            known[2][lane] = rows[lane].engagement;
            known[6][lane] = rows[lane].hides;
            known[7][lane] = rows[lane].creator_hides;
        }
        for lane in 0..LANES {
            known[3][lane] = f32::from(u8::from(follows[lane]));
            known[4][lane] = f32::from(u8::from(sources[lane] == Source::CoEngaged));
            known[5][lane] = age_in_weeks(days[lane], self.request.day);
        }
        values(&self.view.learned.heads.weights, &self.worth, &known)
    }
}
