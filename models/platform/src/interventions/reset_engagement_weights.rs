//! `reset-engagement-weights`: other weights of the value model for the accounts reached.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::candidates::Candidates;
use crate::ranking::Ranker;
use crate::ranking::value_model::{ValueModel, Weights};
use crate::request::{Request, View};

settings! {
    /// The accounts reached get a feed of the value model with weights of their own; with no knob shares count for nothing and
    /// hides and reports for five times as much. With `efficacy` below 1 that share of their requests is answered so.
    pub struct ResetEngagementWeights {
        /// Worth of each predicted reaction.
        pub weights: Weights = Weights { share: 0.0, ..Weights::default() }, (), "", "assumed";
        /// Weight of hides and reports against likes and shares.
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
