//! `shared-audience`: accounts whose audience is similar to the audiences of accounts that the
//! viewer follows or visited.

use recsafe_common::draw::{Draw, DrawPurpose};
use recsafe_common::ids::AccountId;
use recsafe_common::key::Part;
use recsafe_common::prefetch::prefetch_at;

use super::spread;
use crate::request::View;
use crate::suggestions::{AccountCandidates, Audiences, SuggestionRequest};

/// Maximum sample sizes of the three steps (assumed). The first step samples the accounts that the
/// viewer follows or visited. The second step samples the audience of each of these accounts. The
/// third step samples the accounts that each member of the audience follows or visited.
const MOST: [usize; 3] = [12, 6, 6];

/// Adds the candidates and the similarity of their audiences.
///
/// The similarity of a candidate c is a sum over the accounts s that the viewer follows or visited.
/// Each account s adds the cosine |A(s) n A(c)| / sqrt(|A(s)| |A(c)|). The audience A of an account
/// consists of its followers and recent visitors.
///
/// The sum is estimated by random walks. A random walk goes from s to a member of A(s), and on to
/// an account that this member follows or visited. The three steps sample at most 12, 6 and 6
/// accounts, and each sample is weighted by the number of accounts that it represents. Walks
/// through the viewer are excluded, but the viewer is included in the sizes of the audiences. Walks
/// through accounts that an intervention mutes are excluded too. A member that is both follower and
/// visitor counts twice. The lists can therefore contain repeats, and the cosine can exceed 1.
///
/// Source: item-item collaborative filtering by cosine (Sarwar et al. 2001), with accounts as
/// items.
pub(super) fn gather(
    request: &SuggestionRequest,
    view: &View,
    audiences: &Audiences,
    candidates: &mut AccountCandidates,
) {
    let mut draw = request.draw(DrawPurpose::SuggestionCandidates, Part::SharedAudience);
    // Each step prefetches the data of the next step, so that memory accesses overlap.
    let own = followed(view, request.viewer).sample::<{ MOST[0] }>(&mut draw);
    for seed in own.accounts() {
        view.observed.graph.prefetch_followers(seed);
        view.profile_visits.prefetch_visitors_of(seed);
    }
    for seed in own.accounts() {
        let audience = audience(view, seed);
        let weight = own.stands_for / audiences.root(seed);
        let members = audience.sample::<{ MOST[1] }>(&mut draw);
        members.accounts().for_each(|member| prefetch_followed(view, member));
        let counts = |member: &AccountId| {
            *member != request.viewer && !view.observed.accounts.excluded_from_training[member.row()]
        };
        let mut found = [Sample::EMPTY; MOST[1]];
        for (found, member) in found.iter_mut().zip(members.accounts().filter(counts)) {
            *found = followed(view, member).sample::<{ MOST[2] }>(&mut draw);
        }
        for found in &found {
            for candidate in found.accounts() {
                let index = candidates.add(candidate);
                candidates.audience[index] += weight * members.stands_for * found.stands_for;
            }
        }
    }
    for index in 0..candidates.len() {
        if candidates.audience[index] > 0.0 {
            candidates.audience[index] /= audiences.root(candidates.accounts[index]);
        }
    }
}

fn audience<'a>(view: &View<'a>, account: AccountId) -> Both<'a> {
    Both(view.observed.graph.followers(account), view.profile_visits.visitors_of(account))
}

fn followed<'a>(view: &View<'a>, account: AccountId) -> Both<'a> {
    Both(view.observed.graph.followees(account), view.profile_visits.visited_by(account))
}

fn prefetch_followed(view: &View, account: AccountId) {
    view.observed.graph.prefetch_followees(account);
    view.profile_visits.prefetch_visited_by(account);
}

/// Follows and recent visits as one list. An account in both parts counts twice.
#[derive(Clone, Copy)]
struct Both<'a>(&'a [AccountId], &'a [u32]);

impl<'a> Both<'a> {
    fn len(self) -> usize {
        self.0.len() + self.1.len()
    }

    /// Returns an even sample of at most `N` accounts, and prefetches these accounts.
    #[inline]
    fn sample<const N: usize>(self, draw: &mut Draw) -> Sample<'a, N> {
        let (indices, stands_for) = spread(self.len(), N, draw);
        let mut sample = Sample { of: self, places: [0; N], count: 0, stands_for };
        for index in indices {
            self.expect(index);
            sample.places[sample.count] = index;
            sample.count += 1;
        }
        sample
    }

    #[inline]
    fn at(self, index: usize) -> AccountId {
        index.checked_sub(self.0.len()).map_or_else(|| self.0[index], |later| AccountId(self.1[later]))
    }

    /// Prefetches the data of [`Both::at`].
    #[inline]
    fn expect(self, index: usize) {
        match index.checked_sub(self.0.len()) {
            None => prefetch_at(self.0, index),
            Some(later) => prefetch_at(self.1, later),
        }
    }
}

/// A sample of the indices of a list, and the number of accounts that each index represents.
#[derive(Clone, Copy)]
struct Sample<'a, const N: usize> {
    of: Both<'a>,
    places: [usize; N],
    count: usize,
    stands_for: f32,
}

impl<const N: usize> Sample<'_, N> {
    /// The empty sample.
    const EMPTY: Self = Sample { of: Both(&[], &[]), places: [0; N], count: 0, stands_for: 0.0 };

    fn accounts(&self) -> impl Iterator<Item = AccountId> {
        self.places[..self.count].iter().map(|&index| self.of.at(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::Draws;
    use recsafe_common::graph::FollowGraph;
    use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool};

    #[test]
    fn samples_of_long_lists_stand_for_all_of_them_on_average() {
        let mut graph = FollowGraph::new(40);
        let [viewer, seed, member] = [0, 1, 2].map(AccountId);
        for (from, to) in [(viewer, seed), (member, seed)] {
            graph.follow(from, to);
        }
        (3..40).for_each(|id| assert!(graph.follow(member, AccountId(id))));
        let accounts = ObservedAccounts::stating(&[recsafe_common::band::AgeBand::Adult; 40]);
        let observed = Observed { day: 0, accounts, posts: PostPool::default(), graph, blocks: Blocks::default() };
        let mut profile_visits = crate::profile_visits::ProfileVisits::new(40);
        profile_visits.add(AccountId(5), seed); // account 5 follows and visits no other account
        let view = View {
            observed: &observed,
            index: &crate::index::Index::new(40, &recsafe_common::topics::TopicMap::new(&[])),
            inboxes: crate::inbox::Inboxes::NONE,
            profile_visits: &profile_visits,
            learned: &crate::learning::Learned::default(),
            content_threshold: 2.0,
        };
        let audiences = Audiences::new(&observed.graph, &profile_visits);
        let mut sum = 0.0;
        for visit in 0..2_000 {
            let mut candidates = AccountCandidates::default();
            candidates.start(40);
            gather(
                &SuggestionRequest { viewer, day: 0, visit, draws: Draws::new(1) },
                &view,
                &audiences,
                &mut candidates,
            );
            let evidence = candidates.accounts.iter().zip(&candidates.audience);
            sum +=
                evidence.filter(|(account, _)| account.0 >= 3).map(|(_, &evidence)| f64::from(evidence)).sum::<f64>();
        }
        // Each of 37 accounts has an audience of one member. This member also belongs to the
        // audience of the account that the viewer follows. That audience has three members,
        // including the viewer.
        let expected = 37.0 / 3.0_f64.sqrt();
        assert!((sum / 2_000.0 / expected - 1.0).abs() < 0.03, "{} and not {expected}", sum / 2_000.0);
    }
}
