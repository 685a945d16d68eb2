//! People suggestions: accounts that a viewer might want to follow.
//!
//! Candidate sources gather accounts and evidence for each account, and a ranker scores the
//! accounts. Accounts that were shown recently get a lower score. The accounts with the highest
//! scores fill the slate. All evidence is behaviour: follows and visits to profiles.

pub mod audiences;
pub mod candidates;
pub mod ranking;
mod sources;

pub use audiences::Audiences;
pub use candidates::{AccountCandidates, AccountSource};

use ranking::PeopleRanker;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Part};

use crate::best_first::BestFirst;
use crate::interventions::Policy;
use crate::ranking::{RankerError, refuse_negative, refuse_unusable};
use crate::request::View;
use crate::settings::Suggestions;

/// A request for people suggestions.
#[derive(Clone, Copy, Debug)]
pub struct SuggestionRequest {
    /// The account that receives the suggestions.
    pub viewer: AccountId,
    /// Day of the request.
    pub day: Day,
    /// Number of the viewer's visit to the suggestions. The visits of a day are counted from 0.
    pub visit: u32,
    /// The random numbers of the run.
    pub draws: Draws,
}

impl SuggestionRequest {
    /// Returns the random number for one purpose and one part of the visit.
    #[inline]
    #[must_use]
    pub fn draw(&self, purpose: DrawPurpose, part: Part) -> recsafe_common::draw::Draw {
        self.draws.at(purpose, self.viewer, About::Request(self.visit, part), self.day)
    }
}

/// A suggestion, for interventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The account that receives the suggestion.
    pub viewer: AccountId,
    /// The suggested account.
    pub suggested: AccountId,
    /// Slate position, from 0.
    pub slot: u32,
}

/// The settings and data for all requests of a day.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Settings of people suggestions.
    pub settings: &'a Suggestions,
    /// The ranker.
    pub ranker: &'a dyn PeopleRanker,
    /// Whether scores are checked before use. Only scores of rankers from outside the catalogue are
    /// checked.
    pub checked: bool,
    /// The interventions.
    pub policy: &'a Policy,
    /// The source `random` draws accounts with ids below this number. The other sources find
    /// accounts through follows and visits.
    pub findable: usize,
    /// Sizes of the audiences on this day.
    pub audiences: &'a Audiences,
}

/// Reusable workspace for people suggestions, with the last answer. Each thread has its own
/// workspace.
#[derive(Clone, Debug, Default)]
pub struct SuggestionMaker {
    /// The slate, best first.
    pub slate: Vec<AccountId>,
    /// Accounts that an intervention removed from the slate.
    pub hidden: Vec<AccountId>,
    candidates: AccountCandidates,
    scores: Vec<f32>,
    best: BestFirst,
}

impl SuggestionMaker {
    /// Answers one visit: fills `slate` and `hidden`. `shown` contains the recent suggestions to
    /// the viewer.
    ///
    /// # Errors
    /// Fails if the ranker returns no scores. If scores are checked, unusable scores are also an
    /// error.
    pub fn answer(
        &mut self,
        request: &SuggestionRequest,
        view: &View,
        service: &Service,
        shown: &[u32],
    ) -> Result<(), RankerError> {
        let Service { settings, ranker, policy, .. } = *service;
        self.candidates.start(view.observed.graph.accounts());
        for &source in ranker.sources() {
            sources::gather(source, request, view, service, &mut self.candidates);
        }
        self.candidates.keep_eligible(request.viewer, view);
        ranker.try_score(request, &self.candidates, &mut self.scores)?;
        if service.checked {
            refuse_unusable(&self.scores, self.candidates.len())?;
            refuse_negative(&self.scores)?;
        }
        let fatigue = settings.fatigue as f32;
        for index in shown.iter().filter_map(|&id| self.candidates.index_of(AccountId(id))) {
            self.scores[index] *= fatigue;
        }
        self.fill(request, view, settings.slate, policy);
        Ok(())
    }

    /// Fills the slate with the best candidates in turn. If an intervention hides a candidate, the
    /// next best candidate takes the slot.
    fn fill(&mut self, request: &SuggestionRequest, view: &View, slots: u32, policy: &Policy) {
        self.slate.clear();
        self.hidden.clear();
        self.best.start(&self.scores);
        let mut taken = 0;
        while (self.slate.len() as u32) < slots {
            let Some(best) = self.best.take() else { break };
            let best = self.candidates.accounts[best];
            taken += 1;
            let suggestion = Suggestion { viewer: request.viewer, suggested: best, slot: self.slate.len() as u32 };
            if !policy.hides(&suggestion, view.observed, request) {
                self.slate.push(best);
            } else if taken <= slots {
                self.hidden.push(best);
            }
        }
    }
}
