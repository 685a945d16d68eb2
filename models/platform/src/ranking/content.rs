//! `content`: posts closest to the viewer's profile.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::learning::age_in_weeks;
use crate::request::{Request, View};

settings! {
    /// Posts closest to the viewer's profile. Score = cosine of the profile and the post's
    /// features - `recency` x weeks since the post appeared (content-based filtering; Pazzani and
    /// Billsus 2007).
    pub struct Content {
        /// Score subtracted per week since the post appeared.
        pub recency: f64 = 0.1, 0.0..=10.0, "cosine per week", "assumed";
    }
}

impl Described for Content {
    const TITLE: &'static str = "Content-based";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl Ranker for Content {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        let recency = self.recency as f32;
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| {
            let row = &rows[post_index as usize];
            request.query.dot(&row.features) - recency * age_in_weeks(row.day, request.day)
        }));
    }
}
