//! `reset-engagement-weights`: replaces the engagement weights of the feed's ranker.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::candidates::Candidates;
use crate::ranking::Ranker;
use crate::ranking::value_model::{ValueModel, Weights};
use crate::request::{Request, View};

settings! {
    /// The feed is ranked by the value model with other weights for likes, shares, hides and
    /// reports.
    ///
    /// By default shares have no value, and hides and reports lower the score five times as much as
    /// in the default value model. `audience` and `coverage` select the viewer. Efficacy is drawn
    /// once per feed request: it is the share of requests that are ranked with these weights.
    pub struct ResetEngagementWeights {
        /// Value of each predicted reaction.
        pub weights: Weights = Weights { share: 0.0, ..Weights::default() }, (), "", "assumed";
        /// Factor on the values of hides and reports, relative to likes and shares.
        pub negative_weight: f64 = 2.0, 0.0..=1000.0, "ratio", "assumed: five times the default of the value model";
    }
}

impl Described for ResetEngagementWeights {
    const TITLE: &'static str = "Other engagement weights";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["ranker"];
}

impl ResetEngagementWeights {
    fn model(&self) -> ValueModel {
        ValueModel { weights: self.weights.clone(), negative_weight: self.negative_weight, ..ValueModel::default() }
    }
}

impl Ranker for ResetEngagementWeights {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        self.model().score(request, view, candidates, scores);
    }

    fn repeat_discount(&self) -> f32 {
        self.model().repeat_discount()
    }
}

impl Intervention for ResetEngagementWeights {
    fn ranker(&self) -> Option<&dyn Ranker> {
        Some(self)
    }
}
