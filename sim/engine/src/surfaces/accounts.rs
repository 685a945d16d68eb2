//! Surfaces that show accounts: people suggestions and follower lists. If a rule closes a route,
//! predators try to discover minors by other routes.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_people::behavior::following::follows;
use recsafe_people::contacts::Route;
use recsafe_platform::memory::Suggested;
use recsafe_platform::suggestions::{Service, SuggestionMaker, SuggestionRequest};

use super::{Output, SurfaceServer, WorldSnapshot};
use crate::DayError;
use crate::day_log::{AvertedDiscovery, Encounter, Follow, ShownAccount};

/// Number of accounts that a visitor of a follower list sees (assumed).
const LIST: usize = 10;

impl SurfaceServer<'_> {
    /// Serves an account's visits to people suggestions. Returns the number of averted discoveries
    /// that the account will try to replace on other routes.
    pub(super) fn visit_people(
        &self,
        viewer: AccountId,
        suggested: &mut Suggested,
        visits: u32,
        maker: &mut SuggestionMaker,
        output: &mut Output,
    ) -> Result<u32, DayError> {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let (rules, day) = (self.rules, self.view.observed.day);
        let service = Service {
            settings: &rules.people,
            ranker: &*rules.people_ranker,
            // Only the scores of rankers from other crates are checked. An account's evidence is
            // unbounded if the account's audience was discarded while other accounts still remember
            // the account. Published results depend on how the built-in rankers treat unbounded
            // evidence.
            checked: !rules.people_ranker.is_shipped(),
            policy: &rules.policy,
            findable: self.findable,
            audiences: &self.audiences,
        };
        let mut averted = 0;
        for visit in 0..visits {
            let suggestion_request = SuggestionRequest { viewer, day, visit, draws };
            maker.answer(&suggestion_request, &self.view, &service, suggested.accounts()).map_err(|error| {
                DayError {
                    day,
                    account: viewer,
                    among: 1,
                    by: format!("people ranker `{}`", rules.people_ranker.kind),
                    source: Box::new(error),
                }
            })?;
            suggested.remember(&maker.slate, rules.people.fatigue_memory as usize);
            for &account in &maker.slate {
                let followed = follows(people, &rules.behavior.following, viewer, account, day, draws);
                output.log.suggested.push(ShownAccount { viewer, account, followed });
                if followed {
                    output.log.follows.push(Follow { from: viewer, to: account });
                }
            }
            for &account in &maker.hidden {
                let mut noted = draws.at(DrawPurpose::Find, viewer, About::Account(account), day);
                if people.is_contacting_predator(viewer)
                    && people.is_minor(account)
                    && noted.chance(rules.behavior.contact.notice_probability_suggested)
                {
                    averted += self.record_averted_discovery(viewer, account, output);
                }
            }
        }
        Ok(averted)
    }

    /// Serves an account's visits to the follower lists of the account's followees.
    pub(super) fn browse_lists(&self, viewer: AccountId, browses: u32, output: &mut Output) {
        if browses == 0 {
            return;
        }
        let WorldSnapshot { people, draws, .. } = *self.world;
        let graph = &self.view.observed.graph;
        let accounts = &self.view.observed.accounts;
        let followees: Vec<AccountId> =
            graph.followees(viewer).iter().copied().filter(|&owner| accounts.is_usable(owner)).collect();
        for number in 0..if followees.is_empty() { 0 } else { browses } {
            let mut draw = draws.at(DrawPurpose::BrowseList, viewer, About::Nth(number), self.view.observed.day);
            let owner = followees[draw.below(followees.len())];
            if self.rules.policy.hides_list(viewer, owner, self.view.observed, draws) {
                continue;
            }
            for account in sample(graph.followers(owner), &mut draw) {
                let following = &self.rules.behavior.following;
                if accounts.is_free(account)
                    && account != viewer
                    && follows(people, following, viewer, account, self.view.observed.day, draws)
                {
                    output.log.follows.push(Follow { from: viewer, to: account });
                }
            }
        }
    }

    /// Serves a contacting predator's visit to the follower list of a minor. The predator follows
    /// the minor, or the minor is on the predator's target list. Returns 1 if a rule closed the
    /// list and the predator will try another route.
    pub(super) fn browse_for_minors(&self, viewer: AccountId, number: u32, output: &mut Output) -> u32 {
        let WorldSnapshot { people, contacts, draws, .. } = *self.world;
        let (observed, forget) = (&self.view.observed, self.rules.behavior.contact.list_retention_days as i32);
        let followed = observed.graph.followees(viewer).iter().copied().filter(|&id| people.is_minor(id));
        let listed = contacts.of(viewer).iter().filter(|it| it.is_listed(observed.day, forget)).map(|it| it.to);
        let known: Vec<AccountId> =
            followed.chain(listed).filter(|&owner| observed.accounts.is_usable(owner)).collect();
        if known.is_empty() {
            return 0;
        }
        let mut draw = draws.at(DrawPurpose::BrowseList, viewer, About::ForMinors(number), observed.day);
        let owner = known[draw.below(known.len())];
        let minors: Vec<AccountId> = sample(observed.graph.followers(owner), &mut draw)
            .filter(|&id| id != viewer && people.is_minor(id) && observed.accounts.is_free(id))
            .collect();
        let hidden = self.rules.policy.hides_list(viewer, owner, observed, draws);
        if !hidden && (!observed.accounts.private[owner.row()] || observed.graph.contains(viewer, owner)) {
            output.log.encounters.push(Encounter { viewer, route: Route::FollowerList, minors });
            0
        } else if people.private[owner.row()] && !observed.graph.contains(viewer, owner) {
            0 // the holder closed the list, in every arm
        } else {
            let found = minors.into_iter().find(|&minor| self.would_be_new(viewer, minor, output));
            found.map_or(0, |minor| self.record_averted_discovery(viewer, minor, output))
        }
    }

    /// Returns whether the discovery of a minor would be new. A discovery is not new if the minor
    /// is on the target list, if the minor was recently contacted, or if a rule recently averted
    /// the same discovery.
    pub(super) fn would_be_new(&self, viewer: AccountId, minor: AccountId, output: &Output) -> bool {
        let contact = &self.rules.behavior.contact;
        let day = self.view.observed.day;
        let known = self.world.contacts.get(viewer, minor);
        let known = known.is_some_and(|it| it.is_closed() || it.is_listed(day, contact.list_retention_days as i32));
        let averted_today = output.log.averted.iter().rev().take_while(|averted| averted.viewer == viewer);
        !known
            && !self.view.observed.blocks.between(viewer, minor)
            && !self.world.averted.contains(viewer, minor)
            && !averted_today.into_iter().any(|averted| averted.minor == minor)
    }

    /// Records a discovery that a rule averted, at most once per minor in `retry_after_days`.
    /// Returns 1 with probability `displacement`: the viewer will then try another route.
    pub(super) fn record_averted_discovery(&self, viewer: AccountId, minor: AccountId, output: &mut Output) -> u32 {
        if !self.would_be_new(viewer, minor, output) {
            return 0;
        }
        output.log.averted.push(AvertedDiscovery { viewer, minor });
        let mut moves =
            self.world.draws.at(DrawPurpose::Displacement, viewer, About::Account(minor), self.view.observed.day);
        u32::from(moves.chance(self.rules.behavior.displacement))
    }

    /// Distributes averted discoveries between search and follower lists, in proportion to the use
    /// of these routes. Returns the two numbers.
    pub(super) fn moved_to_open_routes(&self, viewer: AccountId, averted: u32) -> (u32, u32) {
        let contact = &self.rules.behavior.contact;
        let total = contact.target_searches + contact.follower_list_visits;
        if total <= 0.0 {
            return (0, 0);
        }
        let day = self.view.observed.day;
        let to_search = |number: &u32| {
            let about = About::MovedFind(*number);
            let mut draw = self.world.draws.at(DrawPurpose::Displacement, viewer, about, day);
            draw.chance(contact.target_searches / total)
        };
        let searches = (0..averted).filter(to_search).count() as u32;
        (searches, averted - searches)
    }
}

/// Returns evenly spaced elements of a list, starting at a random element.
fn sample<'a>(
    list: &'a [AccountId],
    draw: &mut recsafe_common::draw::Draw,
) -> impl Iterator<Item = AccountId> + use<'a> {
    let (count, start) = (list.len().min(LIST), draw.below(list.len()));
    (0..count).map(move |n| list[(start + n * list.len() / count) % list.len()])
}
