//! `collaborative`: posts liked by accounts that liked the same posts as the viewer.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::PostId;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::index::{LIKED, LIKERS};
use crate::learning::age_in_weeks;
use crate::request::{Request, View};

settings! {
    /// Posts liked by accounts that liked the same posts as the viewer. Each post that the viewer
    /// liked recently adds the cosine |A n B| / sqrt(|A| |B|) to the score. A is the set of likers
    /// of the candidate, and B is the set of likers of the liked post. The viewer is excluded from
    /// both sets (item-item collaborative filtering; Sarwar et al. 2001). The platform remembers
    /// the last 10 likes of an account and the last 8 likers of a post. Posts without a common
    /// liker are ordered by popularity alone. Without personalisation, popularity orders all posts.
    pub struct Collaborative {
        /// Score per unit of ln(1 + decayed engagements). The default is small, so that popularity
        /// only orders posts with equal co-engagement.
        pub popularity: f64 = 0.001, 0.0..=10.0, "score", "assumed";
        /// Score subtracted per week since the post appeared.
        pub recency: f64 = 0.0, 0.0..=10.0, "score per week", "assumed";
    }
}

impl Described for Collaborative {
    const TITLE: &'static str = "Collaborative filtering";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

/// Returns the remembered likers of a post, without the viewer.
fn likers<'a>(request: &'a Request, view: &View<'a>, post_index: usize) -> impl Iterator<Item = u32> + 'a {
    view.index.likers(post_index).iter().copied().filter(|&id| id != request.viewer.0)
}

/// The likers of the posts that the viewer liked recently, sorted by id. Each liker has a weight.
struct Neighbours {
    weights: [(u32, f32); LIKED * LIKERS],
    count: usize,
}

impl Neighbours {
    /// Returns each liker with its weight. The weight is the sum of 1 / sqrt(|`A_i`|) over the
    /// posts i that both the viewer and the liker liked. `A_i` is the set of likers of post i.
    fn of(request: &Request, view: &View) -> Self {
        let mut found = Neighbours { weights: [(0, 0.0); LIKED * LIKERS], count: 0 };
        if !request.personalised {
            return found;
        }
        let live =
            view.index.liked(request.viewer).iter().filter_map(|&post| view.observed.posts.index_of(PostId(post)));
        for post_index in live {
            let weight = 1.0 / (likers(request, view, post_index).count() as f32).sqrt();
            for liker in likers(request, view, post_index) {
                found.weights[found.count] = (liker, weight);
                found.count += 1;
            }
        }
        found.merge();
        found
    }

    /// Sorts the likers by id and adds up the weights of each liker.
    fn merge(&mut self) {
        let all = &mut self.weights[..self.count];
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut retained = 0;
        for i in 0..all.len() {
            if retained > 0 && all[retained - 1].0 == all[i].0 {
                all[retained - 1].1 += all[i].1;
            } else {
                all[retained] = all[i];
                retained += 1;
            }
        }
        self.count = retained;
    }

    fn weight(&self, account: u32) -> f32 {
        let all = &self.weights[..self.count];
        all.binary_search_by_key(&account, |&(id, _)| id).map_or(0.0, |index| all[index].1)
    }
}

impl Ranker for Collaborative {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let neighbours = Neighbours::of(request, view);
        let rows = view.observed.posts.rows();
        let (popularity, recency) = (self.popularity as f32, self.recency as f32);
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| {
            let row = &rows[post_index as usize];
            let likers = || likers(request, view, post_index as usize);
            let common: f32 = likers().map(|liker| neighbours.weight(liker)).sum();
            let close = if common > 0.0 { common / (likers().count() as f32).sqrt() } else { 0.0 };
            close + popularity * libm::logf(1.0 + row.popularity) - recency * age_in_weeks(row.day, request.day)
        }));
    }
}
