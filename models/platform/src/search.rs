//! Search for posts or for accounts, by relevance and popularity.
//!
//! Candidates come from the topics closest to the query, as in the source `similar`. The lists of
//! topics contain only posts of public accounts. So nobody finds posts of private accounts, not
//! even the followers of these accounts. Posts that the searcher has seen are excluded.

use recsafe_common::ids::AccountId;

use crate::best_first::{BestFirst, largest_of};
use crate::interventions::Policy;
use crate::request::{Request, View};
use crate::settings::Search;
use crate::slate::Shown;
use crate::small_set::SmallSet;
use crate::sources::CandidateGenerator;

/// Reusable workspace for searches, with the last answer. Each thread has its own workspace.
#[derive(Clone, Debug, Default)]
pub struct Searcher {
    /// Accounts in the answer, best first.
    pub accounts: Vec<AccountId>,
    /// Posts in the answer, best first.
    pub posts: Vec<Shown>,
    /// Accounts that an intervention removed from the answer.
    pub unlisted: Vec<AccountId>,
    known: Vec<f32>,
    scores: Vec<f32>,
    best: BestFirst,
    listed: SmallSet,
}

impl Searcher {
    /// Fills `posts` with the best posts for the query in `request`. Score = `relevance` cos(query,
    /// features) + `popularity` ln(1 + p) / ln(1 + max p). Here p is the number of decayed
    /// engagements of the post.
    pub fn posts(&mut self, request: &Request, view: &View, settings: &Search, generator: &mut CandidateGenerator) {
        generator.gather_for_search(request, view, settings.candidates as usize);
        let rows = view.observed.posts.rows();
        let candidates = &generator.candidates;
        let known = |index: usize| libm::logf(1.0 + rows[candidates.post_indices[index] as usize].popularity);
        self.score(request, view, settings, generator, known);
        self.posts.clear();
        let best = std::iter::from_fn(|| self.best.take()).take(settings.results as usize);
        self.posts.extend(best.map(|index| Shown {
            post_index: candidates.post_indices[index],
            source: candidates.sources[index],
            follows: candidates.follows[index],
        }));
    }

    /// Fills `accounts` with the best accounts that made posts near the query. An account is ranked
    /// by its best post. Scores are as in [`Searcher::posts`], except that p is the account's
    /// number of followers. An account is excluded if there is a block between the account and the
    /// searcher.
    pub fn accounts(
        &mut self,
        request: &Request,
        view: &View,
        (settings, policy): (&Search, &Policy),
        generator: &mut CandidateGenerator,
    ) {
        generator.gather_for_search(request, view, settings.candidates as usize);
        let rows = view.observed.posts.rows();
        let creator = |index: usize| rows[generator.candidates.post_indices[index] as usize].creator;
        let known = |index: usize| libm::logf(1.0 + view.observed.graph.followers(creator(index)).len() as f32);
        self.score(request, view, settings, generator, known);
        self.accounts.clear();
        self.unlisted.clear();
        self.listed.clear();
        while self.accounts.len() < settings.results as usize {
            let Some(index) = self.best.take() else { break };
            let account = creator(index);
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

    /// Scores the gathered posts and prepares to take the posts in order of their scores. Among
    /// posts with equal scores, the post that was gathered first comes first. `known` returns ln(1
    /// + p) of a candidate.
    fn score(
        &mut self,
        request: &Request,
        view: &View,
        settings: &Search,
        generator: &CandidateGenerator,
        known: impl Fn(usize) -> f32,
    ) {
        let rows = view.observed.posts.rows();
        let post_indices = &generator.candidates.post_indices;
        self.known.clear();
        self.known.extend((0..post_indices.len()).map(known));
        let best_known = largest_of(&self.known, 0.0);
        let scale = if best_known > 0.0 { settings.popularity as f32 / best_known } else { 0.0 };
        self.scores.clear();
        self.scores.extend(post_indices.iter().zip(&self.known).map(|(&post_index, &known)| {
            settings.relevance as f32 * request.query.dot(&rows[post_index as usize].features) + scale * known
        }));
        self.best.start(&self.scores);
    }
}
