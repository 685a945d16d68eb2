//! The feed: sessions, requests and slates. A request is answered in three parts: candidates are proposed, they are scored, and the slate is
//! settled and looked through. Between the first two, others may make their proposals: see `in_step`.

use recsafe_common::vector::Query;
use recsafe_people::behavior::{another_request, reshare_one};
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::{Deployed, RuleError};
use recsafe_platform::ranking::{Ranker, Unscored, score_all};
use recsafe_platform::slate::{Shape, TopicCaps, explored};
use recsafe_platform::sources;

use super::viewer::{Look, Reacting, ViewerDay};
use super::{Desk, Output, Seat, Visit};
use crate::DayError;

/// What of an account's day on the feed is still to come.
pub(super) struct ToCome {
    /// The session that goes on.
    session: u32,
    sessions: u32,
    /// Requests that it has left.
    requests: u32,
    /// The next act.
    act: u32,
    acts: u32,
}

/// What a request is made for.
#[derive(Clone, Copy, Debug)]
enum Occasion {
    /// A session.
    Session(u32),
    /// An act instead of a visit: one post is reshared.
    Act(u32),
}

/// The ranker in force for a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct InForce<'a> {
    pub(super) ranker: &'a dyn Ranker,
    /// The rule that put it in the place of the platform's.
    rule: Option<&'a Deployed>,
}

impl InForce<'_> {
    /// Whether it is the same as another.
    pub(super) fn is(&self, other: &InForce) -> bool {
        match (self.rule, other.rule) {
            (None, None) => true,
            (Some(rule), Some(other)) => std::ptr::eq(rule, other),
            _ => false,
        }
    }
}

/// A request whose candidates are there to be scored.
#[derive(Debug)]
pub(super) struct Proposed<'a> {
    occasion: Occasion,
    /// With which the viewer's profile learns; 0 takes it out of the answer too.
    step: f64,
    pub(super) by: InForce<'a>,
}

impl ToCome {
    /// The whole day.
    pub(super) fn new(sessions: u32, acts: u32, most_requests: u32) -> Self {
        ToCome { session: 0, sessions, requests: most_requests, act: 0, acts }
    }
}

impl Desk<'_> {
    /// What the viewer's next request is for, if there is another today.
    fn next_occasion(&self, to_come: &mut ToCome, viewer: &ViewerDay) -> Option<Occasion> {
        if viewer.most_slates.is_some_and(|most| viewer.request.number >= most) {
            return None;
        }
        while to_come.session < to_come.sessions {
            if to_come.requests > 0 {
                to_come.requests -= 1;
                return Some(Occasion::Session(to_come.session));
            }
            to_come.session += 1;
            to_come.requests = self.rules.behavior.max_requests;
        }
        while to_come.act < to_come.acts {
            let act = to_come.act;
            to_come.act += 1;
            // An act may be a post of its own; those are made in the morning.
            let (resharing, day) = (&self.rules.behavior.reshare_one, viewer.request.day);
            if !reshare_one::posts(resharing, viewer.own.account, act, day, self.world.draws) {
                return Some(Occasion::Act(act));
            }
        }
        None
    }

    /// Begins the viewer's next request, if there is another today: its candidates, without those that rules take away.
    pub(super) fn propose(&self, visit: &mut Visit, seat: &mut Seat) -> Option<Proposed<'_>> {
        let (rules, view, viewer) = (self.rules, &self.view, &mut visit.viewer);
        let occasion = self.next_occasion(&mut visit.to_come, viewer)?;
        let Seat { gathering, active, .. } = seat;
        let request = &mut viewer.request;
        let step = rules.policy.personalisation(rules.feed.personalisation, active, request);
        request.personalised = step > 0.0;
        request.query = if request.personalised { Query::new(viewer.own.profile) } else { Query::default() };
        let request = &viewer.request;
        let by = match rules.policy.ranker(active, request) {
            Some((rule, ranker)) => InForce { ranker, rule: Some(rule) },
            None => InForce { ranker: &*rules.ranker, rule: None },
        };
        if rules.feed.candidates == 0 {
            gathering.gather_all(request, view);
        } else {
            let quotas = by.ranker.sources(&rules.feed.quotas);
            gathering.gather(request, view, sources::counts(&quotas, rules.feed.candidates, request.personalised));
        }
        rules.policy.eligible(active, request, view, &mut gathering.candidates);
        Some(Proposed { occasion, step, by })
    }

    /// Scores the candidates of one request.
    pub(super) fn score(&self, by: InForce, visit: &Visit, seat: &mut Seat) -> Result<(), DayError> {
        self.score_all(by, &mut [unscored(visit, seat)])
    }

    /// Scores the candidates of some requests.
    pub(super) fn score_all(&self, by: InForce, batch: &mut [Unscored]) -> Result<(), DayError> {
        score_all(by.ranker, &self.view, batch).map_err(|error| {
            let known = error.place().filter(|place| *place < batch.len());
            let among = if known.is_some() { 1 } else { batch.len() };
            let request = batch[known.unwrap_or(0)].request;
            let by = match by.rule {
                Some(rule) => format!("ranker of rule `{}`", rule.name()),
                None => format!("ranker `{}`", self.rules.ranker.kind),
            };
            DayError { day: request.day, account: request.viewer, among, by, source: Box::new(error) }
        })
    }

    /// Ends a request whose candidates are scored: rules change scores, the slate is filled and ordered anew, and the viewer looks through it.
    pub(super) fn settle(
        &self,
        proposed: &Proposed,
        visit: &mut Visit,
        seat: &mut Seat,
        output: &mut Output,
    ) -> Result<(), DayError> {
        let Visit { viewer, to_come, .. } = visit;
        self.fill_slate(proposed.by.ranker, viewer, seat)?;
        output.count_slate(self.cell(viewer.own.account), &self.view, &seat.maker.slate);
        // A ranker that does not explore learns from whatever it shows.
        let teaches = !proposed.by.ranker.explores();
        match proposed.occasion {
            Occasion::Session(session) => {
                let how = Look { session, teaches, reacting: Reacting::ByPost };
                if !self.look_on(how, proposed.step, viewer, seat, output) {
                    to_come.requests = 0;
                }
            }
            Occasion::Act(act) => {
                let reacting = Reacting::Reshares(self.reshared(act, viewer, seat));
                self.look_through(Look { session: act, teaches, reacting }, proposed.step, viewer, seat, output);
            }
        }
        viewer.request.number += 1;
        Ok(())
    }

    /// Lets a viewer look through the slate of a session. Whether it wants another.
    fn look_on(&self, how: Look, step: f64, viewer: &mut ViewerDay, seat: &mut Seat, output: &mut Output) -> bool {
        let began = viewer.begin_slate();
        let engaged = self.look_through(how, step, viewer, seat, output);
        viewer.end_slate(began, output);
        let (account, request) = (viewer.own.account, &viewer.request);
        !seat.maker.slate.is_empty()
            && another_request(&self.rules.behavior, engaged, account, request.number, request.day, request.draws)
    }

    /// Fills the slate of a request whose candidates are scored.
    fn fill_slate(&self, ranker: &dyn Ranker, viewer: &ViewerDay, seat: &mut Seat) -> Result<(), DayError> {
        let (rules, view, request) = (self.rules, &self.view, &viewer.request);
        let Seat { gathering, maker, active, places } = seat;
        let failed = |bad: RuleError| {
            let by = format!("rule `{}`", bad.rule);
            DayError { day: request.day, account: request.viewer, among: 1, by, source: Box::new(bad) }
        };
        rules.policy.adjust(active, request, view, &gathering.candidates, &mut maker.scores).map_err(failed)?;
        places.clear();
        maker.extras.clear();
        if ranker.explores() {
            places.extend(explored(request, rules.feed.slate, rules.feed.explore));
            for &place in places.iter() {
                if let Some(slot) = gathering.explore(request, view, place) {
                    maker.extras.push(
                        slot,
                        Source::Explore,
                        gathering.follows(view.observed.posts.rows()[slot as usize].creator),
                    );
                }
            }
            rules.policy.eligible(active, request, view, &mut maker.extras);
        }
        let caps = rules.policy.caps(TopicCaps::default(), active, request);
        let shape = Shape { length: rules.feed.slate, explored: places, discount: ranker.repeat_discount(), caps };
        maker.fill(request, view, &gathering.candidates, shape);
        let reranked = maker.rerank(&gathering.candidates, shape, |filled, picks| {
            rules.policy.rerank(active, request, view, filled, picks)
        });
        reranked.map_err(failed)
    }
}

/// What is to be scored of a request.
pub(super) fn unscored<'a>(visit: &'a Visit, seat: &'a mut Seat) -> Unscored<'a> {
    let Seat { gathering, maker, .. } = seat;
    Unscored { request: &visit.viewer.request, candidates: &gathering.candidates, scores: &mut maker.scores }
}
