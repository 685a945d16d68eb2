//! Search: queries, results, and reactions to the results.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_people::behavior::following::follows;
use recsafe_people::behavior::searching;
use recsafe_people::contacts::Route;
use recsafe_platform::search::Searcher;

use super::viewer::{Reacting, ViewContext as LookThrough, ViewerDay};
use super::{Output, RequestWorkspace, SurfaceServer, WorldSnapshot};
use crate::day_log::{Encounter, Follow};

/// Request number of the first search. Request numbers of the feed are smaller, so searches and
/// feed requests have separate random draws.
const FIRST_SEARCH: u32 = 1 << 16;
/// Request number of the first search for minors.
const FIRST_SEEKING: u32 = 1 << 17;

impl SurfaceServer<'_> {
    /// Serves the viewer's ordinary searches for posts or accounts.
    pub(super) fn serve_searches(
        &self,
        searches: u32,
        viewer: &mut ViewerDay,
        searcher: &mut Searcher,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) {
        let WorldSnapshot { people, map, draws, .. } = *self.world;
        let (account, day) = (viewer.state.account, self.view.observed.day);
        for number in 0..searches {
            let spread = self.rules.content.topic_noise;
            let query = searching::query(people, &self.rules.behavior, map, spread, (account, number, day), draws);
            if query.is_for_a_niche() {
                output.log.niche_searches.push(account);
            }
            if self.is_filtered(account, number, query.is_for_a_niche()) {
                continue;
            }
            viewer.ask(&query, FIRST_SEARCH + number);
            let service = (&self.rules.search, &self.rules.policy);
            if query.accounts {
                searcher.accounts(&viewer.request, &self.view, service, &mut workspace.generator);
                self.look_at_accounts(account, &searcher.accounts, viewer, output);
            } else {
                searcher.posts(&viewer.request, &self.view, &self.rules.search, &mut workspace.generator);
                workspace.maker.slate.clone_from(&searcher.posts);
                let how = LookThrough {
                    session: viewer.counts.sessions + number,
                    teaches: false,
                    reacting: Reacting::ByPost,
                };
                let step = self.rules.policy.personalisation(
                    self.rules.feed.personalisation,
                    &workspace.active,
                    &viewer.request,
                );
                self.view_slate(how, step, viewer, workspace, output);
            }
        }
    }

    /// Returns whether a filter blocks search `number` of an account today.
    fn is_filtered(&self, account: AccountId, number: u32, niche: bool) -> bool {
        let (observed, draws) = (self.view.observed, self.world.draws);
        self.rules.policy.filters_searches(account, number, observed, draws).any(|(key, filter)| {
            let mut draw = draws.at(DrawPurpose::QueryFilter, account, About::Filtered(key, number), observed.day);
            draw.chance(if niche { filter.recall } else { filter.mistaken })
        })
    }

    /// Shows search results to the searcher. The searcher can follow the accounts that the searcher
    /// views.
    fn look_at_accounts(&self, account: AccountId, found: &[AccountId], viewer: &ViewerDay, output: &mut Output) {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let mut view_probability = 1.0;
        for &shown in found {
            let looked = viewer.rng.views(About::Found(shown), view_probability);
            view_probability *= self.rules.behavior.view_persistence;
            let following = &self.rules.behavior.following;
            if looked
                && !self.view.observed.graph.contains(account, shown)
                && follows(people, following, account, shown, self.view.observed.day, draws)
            {
                output.log.follows.push(Follow { from: account, to: shown });
            }
        }
    }

    /// Serves a contacting predator's searches for minors. If a rule averts a discovery, the
    /// predator can visit a follower list instead.
    pub(super) fn search_for_minors(
        &self,
        searches: u32,
        viewer: &mut ViewerDay,
        searcher: &mut Searcher,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) {
        let WorldSnapshot { people, map, draws, .. } = *self.world;
        let (account, day) = (viewer.state.account, self.view.observed.day);
        for number in 0..searches {
            let spread = self.rules.content.topic_noise;
            let query = searching::query_for_minors(people, map, spread, (account, number, day), draws);
            viewer.ask(&query, FIRST_SEEKING + number);
            let service = (&self.rules.search, &self.rules.policy);
            searcher.accounts(&viewer.request, &self.view, service, &mut workspace.generator);
            let minors = searcher.accounts.iter().copied().filter(|&id| people.is_minor(id)).collect();
            output.log.encounters.push(Encounter { viewer: account, route: Route::Search, minors });
            let averted = searcher.unlisted.iter().copied().filter(|&id| people.is_minor(id));
            if let Some(minor) = averted.into_iter().find(|&minor| self.would_be_new(account, minor, output))
                && self.record_averted_discovery(account, minor, output) > 0
            {
                self.browse_for_minors(account, FIRST_SEEKING + number, output);
            }
        }
    }
}
