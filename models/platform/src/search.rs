//! Search: posts near a query, or the accounts that made them, by relevance and popularity.
//!
//! Candidates come from the regions of the topic map that are closest to the query, as `similar` finds them. These list posts of
//! public accounts only: posts of private accounts are found by nobody, their followers included. Posts that the searcher has
//! seen already are left out.

use recsafe_common::ids::AccountId;

use crate::best_first::{BestFirst, largest_of};
use crate::interventions::Policy;
use crate::request::{Request, View};
use crate::settings::Search;
use crate::slate::Shown;
use crate::small_set::SmallSet;
use crate::sources::Gathering;

/// Room for answering searches, and the last answer. Made once a thread and day.
#[derive(Clone, Debug, Default)]
pub struct Searcher {
    /// Accounts found, best first.
    pub accounts: Vec<AccountId>,
    /// Posts found, best first.
    pub posts: Vec<Shown>,
    /// Accounts that a rule kept out of what was found, though they would have been in it.
    pub unlisted: Vec<AccountId>,
    known: Vec<f32>,
    scores: Vec<f32>,
    best: BestFirst,
    listed: SmallSet,
}

impl Searcher {
    /// Fills `posts` with the best posts for the query that stands in `request`: score = relevance cos(query, features)
    /// + popularity ln(1 + p) / ln(1 + p max), p a post's decayed engagements.
    pub fn posts(&mut self, request: &Request, view: &View, settings: &Search, gathering: &mut Gathering) {
        gathering.gather_for_search(request, view, settings.candidates as usize);
        let rows = view.observed.posts.rows();
        let candidates = &gathering.candidates;
        let known = |place: usize| libm::logf(1.0 + rows[candidates.slots[place] as usize].popularity);
        self.score(request, view, settings, gathering, known);
        self.posts.clear();
        let best = std::iter::from_fn(|| self.best.take()).take(settings.results as usize);
        self.posts.extend(best.map(|place| Shown {
            slot: candidates.slots[place],
            source: candidates.sources[place],
            follows: candidates.follows[place],
        }));
    }

    /// Fills `accounts` with the best accounts for the query, of those that made posts near it, each by its best post: the same
    /// score with p the account's followers. Who is blocked by the searcher, or blocked it, is left out.
    pub fn accounts(
        &mut self,
        request: &Request,
        view: &View,
        (settings, policy): (&Search, &Policy),
        gathering: &mut Gathering,
    ) {
        gathering.gather_for_search(request, view, settings.candidates as usize);
        let rows = view.observed.posts.rows();
        let creator = |place: usize| rows[gathering.candidates.slots[place] as usize].creator;
        let known = |place: usize| libm::logf(1.0 + view.observed.graph.followers(creator(place)).len() as f32);
        self.score(request, view, settings, gathering, known);
        self.accounts.clear();
        self.unlisted.clear();
        self.listed.clear();
        while self.accounts.len() < settings.results as usize {
            let Some(place) = self.best.take() else { break };
            let account = creator(place);
            if !self.listed.contains(account.0) && !view.observed.blocks.between(request.viewer, account) {
                self.listed.insert(account.0);
                if policy.unlists(request.viewer, account, view.observed, request.number, request.draws) {
                    self.unlisted.push(account);
                } else {
                    self.accounts.push(account);
                }
            }
        }
    }

    /// Scores the gathered posts, to be taken best first; of equals the one gathered first. `known`: how well known a candidate is.
    fn score(
        &mut self,
        request: &Request,
        view: &View,
        settings: &Search,
        gathering: &Gathering,
        known: impl Fn(usize) -> f32,
    ) {
        let rows = view.observed.posts.rows();
        let slots = &gathering.candidates.slots;
        self.known.clear();
        self.known.extend((0..slots.len()).map(known));
        let best_known = largest_of(&self.known, 0.0);
        let scale = if best_known > 0.0 { settings.popularity as f32 / best_known } else { 0.0 };
        self.scores.clear();
        self.scores.extend(slots.iter().zip(&self.known).map(|(&slot, &known)| {
            settings.relevance as f32 * request.query.dot(&rows[slot as usize].features) + scale * known
        }));
        self.best.start(&self.scores);
    }
}
