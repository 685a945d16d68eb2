//! The feed: sessions, requests and slates.

use recsafe_common::vector::Query;
use recsafe_people::behavior::another_request;
use recsafe_platform::candidates::Source;
use recsafe_platform::slate::{Shape, TopicCaps, explored};
use recsafe_platform::sources;

use super::viewer::{Look, Reacting, ViewerDay};
use super::{Desk, Output, Scratch};

impl Desk<'_> {
    /// One session: requests until the viewer has enough.
    pub(super) fn serve_session(
        &self,
        session: u32,
        viewer: &mut ViewerDay,
        scratch: &mut Scratch,
        output: &mut Output,
    ) {
        for _ in 0..self.rules.behavior.most_requests {
            if viewer.most_slates.is_some_and(|most| viewer.request.number >= most) {
                break;
            }
            let step =
                self.rules.policy.personalisation(self.rules.feed.personalisation, &scratch.active, &viewer.request);
            let explores = self.answer(step, viewer, scratch);
            output.tally.slate(self.cell(viewer.own.account), &self.view, &scratch.maker.slate);
            let slate = viewer.begin_slate();
            // A ranker that does not explore learns from whatever it shows.
            let how = Look { session, teaches: !explores, reacting: Reacting::ByPost };
            let engaged = self.look_through(how, step, viewer, scratch, output);
            viewer.end_slate(slate, output);
            let number = viewer.request.number;
            viewer.request.number += 1;
            let slate_was_empty = scratch.maker.slate.is_empty();
            if slate_was_empty
                || !another_request(
                    &self.rules.behavior,
                    engaged,
                    viewer.own.account,
                    number,
                    viewer.request.day,
                    viewer.request.draws,
                )
            {
                break;
            }
        }
    }

    /// Answers one request: candidates, eligibility, scores, adjustment, slate. Tells whether the ranker explores. `step`: with
    /// which the viewer's profile learns; 0 takes it out of the answer too.
    pub(super) fn answer(&self, step: f64, viewer: &mut ViewerDay, scratch: &mut Scratch) -> bool {
        let (rules, view) = (self.rules, &self.view);
        let Scratch { gathering, maker, active, places, .. } = scratch;
        let request = &mut viewer.request;
        request.personalised = step > 0.0;
        request.query = if request.personalised { Query::new(viewer.own.profile) } else { Query::default() };
        let request = &viewer.request;
        let ranker = rules.policy.ranker(active, request).unwrap_or(rules.ranker.as_ref());
        if rules.feed.candidates == 0 {
            gathering.gather_all(request, view);
        } else {
            let quotas = ranker.sources(&rules.feed.quotas);
            gathering.gather(request, view, sources::counts(&quotas, rules.feed.candidates, request.personalised));
        }
        rules.policy.eligible(active, request, view, &mut gathering.candidates);
        ranker.score(request, view, &gathering.candidates, &mut maker.scores);
        rules.policy.adjust(active, request, view, &gathering.candidates, &mut maker.scores);

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
        ranker.explores()
    }
}
