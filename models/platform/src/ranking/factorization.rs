//! `factorization`: what an account's factors and a post's factors say of engagement.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::learning::age_in_weeks;
use crate::request::{Request, View};

settings! {
    /// What an account's factors and a post's factors say of engagement: score = log odds b + b_j + <p_i, q_j> of a logistic matrix
    /// factorisation of views and engagements, one pass a day (C. C. Johnson 2014; Koren, Bell and Volinsky 2009). Posts of today
    /// are not known yet and score like the average. Without personalisation <p_i, q_j> is left out.
    pub struct Factorization {
        /// Subtracted from the score for each week since the post appeared.
        pub recency: f64 = 0.1, 0.0..=10.0, "log odds a week", "assumed";
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
        scores.extend(candidates.slots.iter().map(|&slot| {
            let index = if request.personalised {
                factors.index(request.viewer, slot as usize)
            } else {
                factors.average(slot as usize)
            };
            index - recency * age_in_weeks(rows[slot as usize].day, request.day)
        }));
    }

    fn learns_factors(&self) -> bool {
        true
    }
}
