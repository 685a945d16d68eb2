//! Search: queries, results and reactions to them.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_people::behavior::following::follows;
use recsafe_people::behavior::searching;
use recsafe_people::contacts::Route;
use recsafe_platform::search::Searcher;

use super::viewer::{Look as LookThrough, Reacting, ViewerDay};
use super::{Desk, Frozen, Output, Seat};
use crate::happened::{Follow, Look};

/// First request number of searches, so that searches and feed requests have separate random draws.
const FIRST_SEARCH: u32 = 1 << 16;
/// First request number of searches for minors.
const FIRST_SEEKING: u32 = 1 << 17;

impl Desk<'_> {
    /// Serves the viewer's ordinary searches for posts or accounts.
    pub(super) fn serve_searches(
        &self,
        searches: u32,
        viewer: &mut ViewerDay,
        searcher: &mut Searcher,
        seat: &mut Seat,
        output: &mut Output,
    ) {
        let Frozen { people, map, draws, .. } = *self.world;
        let (account, day) = (viewer.own.account, self.view.observed.day);
        for number in 0..searches {
            let spread = self.rules.content.topic_noise;
            let query = searching::query(people, &self.rules.behavior, map, spread, (account, number, day), draws);
            if query.is_for_a_niche() {
                output.happened.niche_searches.push(account);
            }
            if self.is_filtered(account, number, query.is_for_a_niche()) {
                continue;
            }
            viewer.ask(&query, FIRST_SEARCH + number);
            let service = (&self.rules.search, &self.rules.policy);
            if query.accounts {
                searcher.accounts(&viewer.request, &self.view, service, &mut seat.gathering);
                self.look_at_accounts(account, &searcher.accounts, viewer, output);
            } else {
                searcher.posts(&viewer.request, &self.view, &self.rules.search, &mut seat.gathering);
                seat.maker.slate.clone_from(&searcher.posts);
                let how = LookThrough {
                    session: viewer.counts.sessions + number,
                    teaches: false,
                    reacting: Reacting::ByPost,
                };
                let step =
                    self.rules.policy.personalisation(self.rules.feed.personalisation, &seat.active, &viewer.request);
                self.look_through(how, step, viewer, seat, output);
            }
        }
    }

    /// Returns whether a filter blocks the `number`-th search of an account today.
    fn is_filtered(&self, account: AccountId, number: u32, niche: bool) -> bool {
        let (observed, draws) = (self.view.observed, self.world.draws);
        self.rules.policy.filters_searches(account, number, observed, draws).any(|(key, filter)| {
            let mut luck = draws.at(Decides::QueryFilter, account, About::Filtered(key, number), observed.day);
            luck.chance(if niche { filter.recall } else { filter.mistaken })
        })
    }

    /// Shows search results to the searcher, who may follow the accounts that it views.
    fn look_at_accounts(&self, account: AccountId, found: &[AccountId], viewer: &ViewerDay, output: &mut Output) {
        let Frozen { people, draws, .. } = *self.world;
        let mut view_probability = 1.0;
        for &shown in found {
            let looked = viewer.luck.views(About::Found(shown), view_probability);
            view_probability *= self.rules.behavior.view;
            let following = &self.rules.behavior.following;
            if looked
                && !self.view.observed.graph.contains(account, shown)
                && follows(people, following, account, shown, self.view.observed.day, draws)
            {
                output.happened.follows.push(Follow { from: account, to: shown });
            }
        }
    }

    /// Serves a contacting predator's searches for minors. If a rule averts a discovery, the
    /// predator may visit a follower list instead.
    pub(super) fn search_for_minors(
        &self,
        searches: u32,
        viewer: &mut ViewerDay,
        searcher: &mut Searcher,
        seat: &mut Seat,
        output: &mut Output,
    ) {
        let Frozen { people, map, draws, .. } = *self.world;
        let (account, day) = (viewer.own.account, self.view.observed.day);
        for number in 0..searches {
            let spread = self.rules.content.topic_noise;
            let query = searching::query_for_minors(people, map, spread, (account, number, day), draws);
            viewer.ask(&query, FIRST_SEEKING + number);
            let service = (&self.rules.search, &self.rules.policy);
            searcher.accounts(&viewer.request, &self.view, service, &mut seat.gathering);
            let minors = searcher.accounts.iter().copied().filter(|&id| people.is_minor(id)).collect();
            output.happened.looks.push(Look { viewer: account, route: Route::Search, minors });
            let lost = searcher.unlisted.iter().copied().filter(|&id| people.is_minor(id));
            if let Some(minor) = lost.into_iter().find(|&minor| self.would_be_new(account, minor, output))
                && self.lose(account, minor, output) > 0
            {
                self.browse_for_minors(account, FIRST_SEEKING + number, output);
            }
        }
    }
}
