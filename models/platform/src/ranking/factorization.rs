//! `factorization`: engagement predicted from factors of accounts and posts.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::learning::age_in_weeks;
use crate::request::{Request, View};

settings! {
    /// Engagement predicted by logistic matrix factorisation. Score = b + b_j + <p_i, q_j> -
    /// `recency` x weeks since the post appeared. The sum b + b_j + <p_i, q_j> is the log odds that
    /// account i engages with post j. Here b is a constant, b_j is the bias of post j, p_i are the
    /// factors of account i, and q_j are the factors of post j. The platform learns these
    /// parameters from views and engagements, in one pass per day (C. C. Johnson 2014; Koren, Bell
    /// and Volinsky 2009). Today's posts have no factors yet and get the score of the average post.
    /// Without personalisation the score omits <p_i, q_j>.
    pub struct Factorization {
        /// Log odds subtracted per week since the post appeared.
        pub recency: f64 = 0.1, 0.0..=10.0, "log odds per week", "assumed";
    }
}

impl Described for Factorization {
    const TITLE: &'static str = "Matrix factorisation";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score", "learns-factors"];
}

impl Ranker for Factorization {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let (factors, rows) = (&view.learned.factors, view.observed.posts.rows());
        let recency = self.recency as f32;
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| {
            let index = if request.personalised {
                factors.index(request.viewer, post_index as usize)
            } else {
                factors.average(post_index as usize)
            };
            index - recency * age_in_weeks(rows[post_index as usize].day, request.day)
        }));
    }

    fn learns_factors(&self) -> bool {
        true
    }
}
