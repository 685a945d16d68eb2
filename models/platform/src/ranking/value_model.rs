//! `value-model`: a weighted sum of what the viewer is predicted to do.

use recsafe_common::catalogue::Described;
use recsafe_common::observed::PostRow;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::{Candidates, Source};
use crate::learning::{FEATURES, Features, HEADS, age_in_weeks, logistic};
use crate::request::{Request, View};
use recsafe_common::wide::{LANES, wide};

settings! {
    /// What each predicted reaction is worth. Hide and report are subtracted, times `negative_weight`.
    pub struct Weights {
        /// A like.
        pub like: f64 = 1.0, 0.0..=1.0e6, "value", "assumed";
        /// A share.
        pub share: f64 = 2.0, 0.0..=1.0e6, "value", "assumed";
        /// A hide.
        pub hide: f64 = 10.0, 0.0..=1.0e6, "value", "assumed";
        /// A report.
        pub report: f64 = 50.0, 0.0..=1.0e6, "value", "assumed";
    }
}

settings! {
    /// A weighted sum of what the viewer is predicted to do: value = like + share - `negative_weight` (hide + report), each
    /// predicted by a logistic head that learns from the platform's own impressions. The form that large platforms describe
    /// in public (Twitter's heavy ranker, 2023; Meta's system cards, 2023); the numbers are assumed.
    pub struct ValueModel {
        /// Worth of each predicted reaction.
        pub weights: Weights = Weights::default(), (), "", "assumed";
        /// Weight of hides and reports against likes and shares.
        pub negative_weight: f64 = 0.4, 0.0..=1000.0, "ratio", "assumed";
        /// Factor on the value of a post for each better post of the same creator in the slate.
        pub repeat_discount: f64 = 0.5, 0.0..=1.0, "ratio", "assumed";
    }
}

impl Described for ValueModel {
    const TITLE: &'static str = "Value model";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

/// What the heads know of one candidate. Without personalisation neither similarity nor co-engagement counts.
#[inline]
#[must_use]
pub fn features(request: &Request, view: &View, slot: u32, source: Source, follows: bool) -> Features {
    let row = &view.observed.posts.rows()[slot as usize];
    features_of(row, request.query.dot(&row.features), request, source, follows)
}

/// The same, the similarity of profile and post being known.
#[inline]
fn features_of(row: &PostRow, similarity: f32, request: &Request, source: Source, follows: bool) -> Features {
    [
        1.0,
        similarity,
        row.engagement,
        f32::from(u8::from(follows)),
        f32::from(u8::from(source == Source::CoEngaged)),
        age_in_weeks(row.day, request.day),
        row.hides,
        row.creator_hides,
    ]
}

/// The values of a block of candidates, given as columns of features.
#[inline]
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
        wide(|| score_all(request, view, candidates, &worth, scores));
    }

    fn repeat_discount(&self) -> f32 {
        self.repeat_discount as f32
    }
}

/// Appends the value of every candidate. Blocks of eight candidates, one lane each, so that heads and logistic run in vector registers.
#[inline]
fn score_all(request: &Request, view: &View, candidates: &Candidates, worth: &[f32; HEADS], scores: &mut Vec<f32>) {
    let (heads, posts) = (&view.learned.heads.weights, view.observed.posts.rows());
    let Candidates { slots, sources, follows } = candidates;
    scores.reserve(slots.len());
    for ((slots, sources), follows) in slots.chunks(LANES).zip(sources.chunks(LANES)).zip(follows.chunks(LANES)) {
        let last = slots.len() - 1; // a last block that is not full repeats its last candidate
        let rows: [&PostRow; LANES] = std::array::from_fn(|lane| &posts[slots[lane.min(last)] as usize]);
        let similarity = request.query.dots(rows.map(|row| &row.features));
        let mut known = [[0.0; LANES]; FEATURES];
        for lane in 0..LANES {
            let (source, follows) = (sources[lane.min(last)], follows[lane.min(last)]);
            let one = features_of(rows[lane], similarity[lane], request, source, follows);
            for (column, value) in known.iter_mut().zip(one) {
                column[lane] = value;
            }
        }
        scores.extend_from_slice(&values(heads, worth, &known)[..=last]);
    }
}
