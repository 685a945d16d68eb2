//! Interventions: rules that a policy adds to the platform. One file each, one line each in the catalogue below.
//!
//! A rule changes what the platform does through hooks, each of which does nothing unless the rule defines it. When it
//! starts, whom it reaches and how often it works is not the rule's business but its [`Rollout`]'s.

mod policy;
mod rollout;

pub use policy::{Active, Deployed, Policy};
pub use rollout::{Audience, Rollout};

use std::fmt::Debug;

use recsafe_common::catalogue;
use recsafe_common::draw::Stream;

use crate::candidates::Candidates;
use crate::ranking::Ranker;
use crate::request::{Request, View};
use crate::slate::TopicCaps;

/// Whether a rule that reached an account works, use by use: one keyed draw each, equal in every arm.
#[derive(Clone, Copy, Debug)]
pub struct Efficacy {
    stream: Stream,
    share: f64,
}

impl Efficacy {
    /// A rule that works in `share` of its uses, with luck from `stream`.
    #[must_use]
    pub fn new(stream: Stream, share: f64) -> Self {
        Efficacy { stream, share }
    }

    /// Whether it works on this thing (a post, say), in [0, 2^40).
    #[inline]
    #[must_use]
    pub fn works_on(&self, thing: u64) -> bool {
        self.share >= 1.0 || self.stream.about(thing).chance(self.share)
    }

    /// Whether it works for this whole request.
    #[inline]
    #[must_use]
    pub fn works_for(&self, request: &Request) -> bool {
        self.works_on(1 << 40 | u64::from(request.number))
    }
}

/// A rule. Every hook defaults to "no change".
pub trait Intervention: Debug + Send + Sync {
    /// The ranker to use in place of the platform's.
    fn ranker(&self) -> Option<&dyn Ranker> {
        None
    }

    /// The step with which the viewer's profile learns; 0 takes profile and own history out of candidates and scores.
    fn personalisation(&self, step: f64) -> f64 {
        step
    }

    /// Takes candidates away that may not be shown to the viewer.
    fn eligible(&self, _efficacy: Efficacy, _request: &Request, _view: &View, _candidates: &mut Candidates) {}

    /// Changes scores; one for each candidate, finite.
    fn adjust(
        &self,
        _efficacy: Efficacy,
        _request: &Request,
        _view: &View,
        _candidates: &Candidates,
        _scores: &mut [f32],
    ) {
    }

    /// Narrows how many posts of one region of topics a slate or a day may hold.
    fn caps(&self, caps: TopicCaps) -> TopicCaps {
        caps
    }
}

catalogue! { Intervention {
    "demote-predicted-harm" => demote_predicted_harm::DemotePredictedHarm,
    "remove-from-recommendation" => remove_from_recommendation::RemoveFromRecommendation,
    "chronological-feed" => chronological_feed::ChronologicalFeed,
    "no-personalisation" => no_personalisation::NoPersonalisation,
    "frequency-cap" => frequency_cap::FrequencyCap,
    "age-appropriate-sources" => age_appropriate_sources::AgeAppropriateSources,
} }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_decodes_from_its_own_defaults() {
        for entry in entries() {
            let knobs = entry.knobs.iter().map(|knob| (knob.name.to_owned(), knob.default.clone())).collect();
            assert!(decode(entry.id, serde_json::Value::Object(knobs)).unwrap().is_ok(), "{}", entry.id);
            assert!(!entry.about.is_empty() && !entry.hooks.is_empty(), "{} says what it is", entry.id);
        }
    }
}
