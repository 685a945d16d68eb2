//! People suggestions: accounts that a viewer might want to follow. Candidate sources gather accounts with evidence for each, a
//! ranker scores the whole list, fatigue lowers who was shown of late, and the best fill a slate. All of it goes by behaviour:
//! follows and visits to profiles.

pub mod audiences;
pub mod candidates;
pub mod ranking;
mod sources;

pub use audiences::Audiences;
pub use candidates::{AccountCandidates, AccountSource};

use ranking::PeopleRanker;
use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Part};

use crate::best_first::BestFirst;
use crate::interventions::Policy;
use crate::ranking::{RankerError, refuse_negative, refuse_unusable};
use crate::request::View;
use crate::settings::Suggestions;

/// One call for people suggestions.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who asks.
    pub viewer: AccountId,
    /// The day.
    pub day: Day,
    /// Which of the viewer's visits of the day it is, from 0.
    pub visit: u32,
    /// The run's luck.
    pub draws: Draws,
}

impl Asking {
    /// The draw of one kind about one part of the visit.
    #[inline]
    #[must_use]
    pub fn draw(&self, decides: Decides, part: Part) -> recsafe_common::draw::Draw {
        self.draws.at(decides, self.viewer, About::Request(self.visit, part), self.day)
    }
}

/// One account put before a viewer, as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// To whom.
    pub viewer: AccountId,
    /// Who.
    pub suggested: AccountId,
    /// In which slot, from 0.
    pub slot: u32,
}

/// How a platform answers calls for people suggestions: what all calls of a day share.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Settings of the surface.
    pub settings: &'a Suggestions,
    /// The ranker.
    pub ranker: &'a dyn PeopleRanker,
    /// Whether its scores are looked at before they are used: those of rankers that stand in no catalogue.
    pub checked: bool,
    /// Rules.
    pub policy: &'a Policy,
    /// The source `random` draws from accounts with an id below this; the others find whom others follow or visit.
    pub findable: usize,
    /// How large the audiences are this day.
    pub audiences: &'a Audiences,
}

/// Room for making people suggestions, and the last answer. Made once a thread and day.
#[derive(Clone, Debug, Default)]
pub struct SuggestionMaker {
    /// The slate, best first.
    pub slate: Vec<AccountId>,
    /// Accounts that a rule kept out of the slate, though they would have been in it.
    pub hidden: Vec<AccountId>,
    candidates: AccountCandidates,
    scores: Vec<f32>,
    best: BestFirst,
}

impl SuggestionMaker {
    /// Answers one visit: fills `slate` and `hidden`. `shown`: what the viewer was shown of late.
    ///
    /// # Errors
    /// If the ranker gives no scores, or, if they are checked, such as cannot be used.
    pub fn answer(
        &mut self,
        asking: &Asking,
        view: &View,
        service: &Service,
        shown: &[u32],
    ) -> Result<(), RankerError> {
        let Service { settings, ranker, policy, .. } = *service;
        self.candidates.start(view.observed.graph.accounts());
        for &source in ranker.sources() {
            sources::gather(source, asking, view, service, &mut self.candidates);
        }
        self.candidates.keep_eligible(asking.viewer, view);
        ranker.try_score(asking, &self.candidates, &mut self.scores)?;
        if service.checked {
            refuse_unusable(&self.scores, self.candidates.len())?;
            refuse_negative(&self.scores)?;
        }
        let fatigue = settings.fatigue as f32;
        for place in shown.iter().filter_map(|&id| self.candidates.place(AccountId(id))) {
            self.scores[place] *= fatigue;
        }
        self.fill(asking, view, settings.slate, policy);
        Ok(())
    }

    /// Takes the best candidates in turn; one that a rule hides at its slot is dropped, and the next best takes the slot.
    fn fill(&mut self, asking: &Asking, view: &View, slots: u32, policy: &Policy) {
        self.slate.clear();
        self.hidden.clear();
        self.best.start(&self.scores);
        let mut taken = 0;
        while (self.slate.len() as u32) < slots {
            let Some(best) = self.best.take() else { break };
            let best = self.candidates.accounts[best];
            taken += 1;
            let suggestion = Suggestion { viewer: asking.viewer, suggested: best, slot: self.slate.len() as u32 };
            if !policy.hides(&suggestion, view.observed, asking) {
                self.slate.push(best);
            } else if taken <= slots {
                self.hidden.push(best);
            }
        }
    }
}
