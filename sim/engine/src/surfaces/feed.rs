//! The feed: sessions, requests and slates.
//!
//! A request has three stages: generation of candidates, scoring, and viewing of the slate. Between
//! the first two stages, candidates of other requests can be generated: see `in_step`.

use recsafe_common::vector::Query;
use recsafe_people::behavior::{another_request, reshare_one};
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::{Deployed, RuleError};
use recsafe_platform::ranking::{Ranker, Unscored, score_all};
use recsafe_platform::slate::{Shape, TopicCaps, explored};
use recsafe_platform::sources;

use super::viewer::{Reacting, ViewContext, ViewerDay};
use super::{AccountDay, Output, RequestWorkspace, SurfaceServer};
use crate::DayError;

/// Remaining feed sessions, requests and acts of an account today.
pub(super) struct PendingRequests {
    /// Current session.
    session: u32,
    sessions: u32,
    /// Remaining requests of the current session.
    requests: u32,
    /// Next act.
    act: u32,
    acts: u32,
}

/// Reason for a request.
#[derive(Clone, Copy, Debug)]
enum Occasion {
    /// Request within a session.
    Session(u32),
    /// Act, which does not belong to a session: the viewer reshares one post.
    Act(u32),
}

/// Ranker that applies to a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct InForce<'a> {
    pub(super) ranker: &'a dyn Ranker,
    /// Rule that replaced the platform's ranker; `None` if no rule did.
    rule: Option<&'a Deployed>,
}

impl InForce<'_> {
    /// Returns whether the ranker is the same as another ranker.
    pub(super) fn is(&self, other: &InForce) -> bool {
        match (self.rule, other.rule) {
            (None, None) => true,
            (Some(rule), Some(other)) => std::ptr::eq(rule, other),
            _ => false,
        }
    }
}

/// Request with candidates that are not scored yet.
#[derive(Debug)]
pub(super) struct Proposed<'a> {
    occasion: Occasion,
    /// Learning rate of the viewer's profile. If the rate is 0, the slate is not personalised.
    step: f64,
    pub(super) by: InForce<'a>,
}

impl PendingRequests {
    /// Creates the remaining requests at the start of a day.
    pub(super) fn new(sessions: u32, acts: u32, most_requests: u32) -> Self {
        PendingRequests { session: 0, sessions, requests: most_requests, act: 0, acts }
    }
}

impl SurfaceServer<'_> {
    /// Returns the reason for the viewer's next request, or `None` if there is no further request
    /// today.
    fn next_occasion(&self, pending: &mut PendingRequests, viewer: &ViewerDay) -> Option<Occasion> {
        if viewer.most_slates.is_some_and(|most| viewer.request.number >= most) {
            return None;
        }
        while pending.session < pending.sessions {
            if pending.requests > 0 {
                pending.requests -= 1;
                return Some(Occasion::Session(pending.session));
            }
            pending.session += 1;
            pending.requests = self.rules.behavior.max_requests;
        }
        while pending.act < pending.acts {
            let act = pending.act;
            pending.act += 1;
            // An act can be a new post instead of a reshare. New posts are created in the morning,
            // so such acts are skipped here.
            let (resharing, day) = (&self.rules.behavior.reshare_one, viewer.request.day);
            if !reshare_one::posts(resharing, viewer.state.account, act, day, self.world.draws) {
                return Some(Occasion::Act(act));
            }
        }
        None
    }

    /// Starts the viewer's next request. Generates candidates, and applies the rules that exclude
    /// candidates. Returns `None` if there is no further request today.
    pub(super) fn propose(
        &self,
        account_day: &mut AccountDay,
        workspace: &mut RequestWorkspace,
    ) -> Option<Proposed<'_>> {
        let (rules, view, viewer) = (self.rules, &self.view, &mut account_day.viewer);
        let occasion = self.next_occasion(&mut account_day.pending, viewer)?;
        let RequestWorkspace { generator, active, .. } = workspace;
        let request = &mut viewer.request;
        let step = rules.policy.personalisation(rules.feed.personalisation, active, request);
        request.personalised = step > 0.0;
        request.query = if request.personalised { Query::new(viewer.state.profile) } else { Query::default() };
        let request = &viewer.request;
        let by = match rules.policy.ranker(active, request) {
            Some((rule, ranker)) => InForce { ranker, rule: Some(rule) },
            None => InForce { ranker: &*rules.ranker, rule: None },
        };
        if rules.feed.candidates == 0 {
            generator.gather_all(request, view);
        } else {
            let quotas = by.ranker.sources(&rules.feed.quotas);
            generator.gather(request, view, sources::counts(&quotas, rules.feed.candidates, request.personalised));
        }
        rules.policy.eligible(active, request, view, &mut generator.candidates);
        Some(Proposed { occasion, step, by })
    }

    /// Scores the candidates of one request.
    pub(super) fn score(
        &self,
        by: InForce,
        account_day: &AccountDay,
        workspace: &mut RequestWorkspace,
    ) -> Result<(), DayError> {
        self.score_all(by, &mut [unscored(account_day, workspace)])
    }

    /// Scores the candidates of some requests.
    pub(super) fn score_all(&self, by: InForce, batch: &mut [Unscored]) -> Result<(), DayError> {
        score_all(by.ranker, &self.view, batch).map_err(|error| {
            let known = error.index().filter(|index| *index < batch.len());
            let among = if known.is_some() { 1 } else { batch.len() };
            let request = batch[known.unwrap_or(0)].request;
            let by = match by.rule {
                Some(rule) => format!("ranker of intervention `{}`", rule.name()),
                None => format!("ranker `{}`", self.rules.ranker.kind),
            };
            DayError { day: request.day, account: request.viewer, among, by, source: Box::new(error) }
        })
    }

    /// Completes a request whose candidates are scored. Applies rules to the scores, fills and
    /// reranks the slate, and lets the viewer react to the slate.
    pub(super) fn complete_request(
        &self,
        proposed: &Proposed,
        account_day: &mut AccountDay,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) -> Result<(), DayError> {
        let AccountDay { viewer, pending, .. } = account_day;
        self.fill_slate(proposed.by.ranker, viewer, workspace)?;
        output.count_slate(self.stratum(viewer.state.account), &self.view, &workspace.maker.slate);
        // If a ranker does not explore, the reaction predictors learn from all slate positions.
        let teaches = !proposed.by.ranker.explores();
        match proposed.occasion {
            Occasion::Session(session) => {
                let how = ViewContext { session, teaches, reacting: Reacting::ByPost };
                if !self.look_on(how, proposed.step, viewer, workspace, output) {
                    pending.requests = 0;
                }
            }
            Occasion::Act(act) => {
                let reacting = Reacting::Reshares(self.reshared(act, viewer, workspace));
                self.view_slate(
                    ViewContext { session: act, teaches, reacting },
                    proposed.step,
                    viewer,
                    workspace,
                    output,
                );
            }
        }
        viewer.request.number += 1;
        Ok(())
    }

    /// Lets a viewer view the slate of a session. Returns whether the viewer requests one more
    /// slate.
    fn look_on(
        &self,
        how: ViewContext,
        step: f64,
        viewer: &mut ViewerDay,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) -> bool {
        let began = viewer.begin_slate();
        let engaged = self.view_slate(how, step, viewer, workspace, output);
        viewer.end_slate(began, output);
        let (account, request) = (viewer.state.account, &viewer.request);
        !workspace.maker.slate.is_empty()
            && another_request(&self.rules.behavior, engaged, account, request.number, request.day, request.draws)
    }

    /// Fills the slate of a request whose candidates are scored.
    fn fill_slate(
        &self,
        ranker: &dyn Ranker,
        viewer: &ViewerDay,
        workspace: &mut RequestWorkspace,
    ) -> Result<(), DayError> {
        let (rules, view, request) = (self.rules, &self.view, &viewer.request);
        let RequestWorkspace { generator, maker, active, positions } = workspace;
        let failed = |bad: RuleError| {
            let by = format!("intervention `{}`", bad.rule);
            DayError { day: request.day, account: request.viewer, among: 1, by, source: Box::new(bad) }
        };
        rules.policy.adjust(active, request, view, &generator.candidates, &mut maker.scores).map_err(failed)?;
        positions.clear();
        maker.extras.clear();
        if ranker.explores() {
            positions.extend(explored(request, rules.feed.slate, rules.feed.exploration));
            for &index in positions.iter() {
                if let Some(post_index) = generator.explore(request, view, index) {
                    maker.extras.push(
                        post_index,
                        Source::Exploration,
                        generator.follows(view.observed.posts.rows()[post_index as usize].creator),
                    );
                }
            }
            rules.policy.eligible(active, request, view, &mut maker.extras);
        }
        let caps = rules.policy.caps(TopicCaps::default(), active, request);
        let shape = Shape { length: rules.feed.slate, explored: positions, discount: ranker.repeat_discount(), caps };
        maker.fill(request, view, &generator.candidates, shape);
        let reranked = maker.rerank(&generator.candidates, shape, |filled, picks| {
            rules.policy.rerank(active, request, view, filled, picks)
        });
        reranked.map_err(failed)
    }
}

/// Returns the input of scoring: the candidates and the score buffer of a request.
pub(super) fn unscored<'a>(account_day: &'a AccountDay, workspace: &'a mut RequestWorkspace) -> Unscored<'a> {
    let RequestWorkspace { generator, maker, .. } = workspace;
    Unscored { request: &account_day.viewer.request, candidates: &generator.candidates, scores: &mut maker.scores }
}
