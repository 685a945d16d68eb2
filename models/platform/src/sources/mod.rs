//! Candidate generation: seven sources with quotas, without duplicates and posts already seen.

mod co_engaged;
mod followed;
mod found;
mod fresh;
mod inbox;
mod known;
mod random;
mod similar;
mod trending;

use found::Found;
use known::Known;
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::key::Part;
use recsafe_common::prefetch::prefetch_at;

use crate::candidates::{Candidates, Source};
use crate::memory::History;
use crate::request::{Request, View};
use crate::settings::Quotas;
use crate::small_set::SmallSet;

/// Maximum number of candidates per request, over all sources.
pub const MOST: usize = 1000;

/// Number of posts offered at a time.
const BATCH: usize = 64;

/// Number of candidates requested from each source, in the order of [`Source`].
pub type Counts = [usize; 7];

/// Scales quotas to `total` candidates.
///
/// Without personalisation, the quotas of `similar` and `co-engaged` are divided between `trending`
/// and `fresh`.
#[must_use]
pub fn counts(quotas: &Quotas, total: u32, personalised: bool) -> Counts {
    let (similar, co_engaged) = if personalised { (quotas.similar, quotas.co_engaged) } else { (0.0, 0.0) };
    let spare = (quotas.similar + quotas.co_engaged - similar - co_engaged) / 2.0;
    let (trending, fresh) = (quotas.trending + spare, quotas.fresh + spare);
    let parts = [quotas.followed, similar, co_engaged, trending, fresh, quotas.random, quotas.inbox];
    let sum: f64 = parts.iter().sum();
    let scale = if sum > 0.0 { f64::from(total) / sum } else { 0.0 };
    parts.map(|part| (part * scale).round() as usize)
}

/// Candidate generation for one viewer's day, with a workspace for the candidates of one request.
/// Each thread reuses one for all viewers.
///
/// # Panics
/// All methods that read posts may panic unless [`Gathering::start_day`] was called with the same
/// view.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    /// The candidates of the request.
    pub candidates: Candidates,
    /// Posts that the sources have found so far for this request.
    found: Found,
    /// Whether posts that the viewer has seen may be shown again. Set it before a viewer's day
    /// starts.
    pub repeats: bool,
    /// Posts that followees made or shared, newest first. Collected on first use.
    followed: Vec<u32>,
    collected: bool,
    /// Seed for breaking ties among posts of followees.
    ties: u64,
    /// Buffer for sorting the posts of followees.
    recent: Vec<u64>,
    /// Buffers for collecting the posts of followees.
    heads: Vec<u32>,
    ranges: Vec<(u32, u32)>,
    /// Likes of today, which are not in the index yet.
    liked_today: Vec<PostId>,
    /// Posts that the viewer has seen or the request has found.
    known: Known,
    /// Accounts that the viewer follows.
    followees: SmallSet,
}

impl Gathering {
    /// Returns the memory, in bytes, for the flags of `posts` live posts.
    #[must_use]
    pub const fn bytes_of_posts(posts: usize) -> usize {
        2 * posts.div_ceil(64) * size_of::<u64>()
    }

    /// Starts a viewer's day: loads the posts that the viewer has seen and the accounts that it
    /// follows.
    pub fn start_day(&mut self, viewer: AccountId, history: &History, view: &View, ties: u64) {
        self.forget_found();
        self.known.start_day(view.observed.posts.len());
        for post in history.seen().filter(|_| !self.repeats) {
            if let Some(slot) = view.observed.posts.slot(post) {
                self.known.see(slot as u32);
            }
        }
        self.liked_today.clear();
        self.followees.clear();
        for &followee in view.observed.graph.followees(viewer) {
            self.followees.insert(followee.0);
        }
        (self.collected, self.ties) = (false, ties);
    }

    /// Records that the viewer viewed a post.
    pub fn note_view(&mut self, slot: u32) {
        if !self.repeats {
            self.known.see(slot);
        }
    }

    /// Records that the viewer liked a post.
    pub fn note_like(&mut self, post: PostId) {
        self.liked_today.push(post);
    }

    /// Returns whether the viewer followed the account when the day started.
    #[must_use]
    pub fn follows(&self, account: AccountId) -> bool {
        self.followees.contains(account.0)
    }

    /// Fills `candidates` with up to `count` posts close to a search query. The query takes the
    /// place of the profile in `request`.
    pub fn gather_for_search(&mut self, request: &Request, view: &View, count: usize) {
        self.begin_request();
        if !view.observed.posts.is_empty() {
            self.find_by(Source::Search, |gathering| similar::gather(gathering, request, view, count));
        }
    }

    fn begin_request(&mut self) {
        self.candidates.clear();
        self.forget_found();
    }

    fn forget_found(&mut self) {
        self.known.forget(self.found.slots());
        self.found.clear();
    }

    /// Fills `candidates` for one request.
    pub fn gather(&mut self, request: &Request, view: &View, counts: Counts) {
        self.begin_request();
        if view.observed.posts.is_empty() {
            return;
        }
        let [followed, similar, co_engaged, trending, fresh, random, inbox] = counts;
        if inbox > 0 {
            self.find_by(Source::Inbox, |gathering| inbox::gather(gathering, request, view, inbox));
        }
        if followed > 0 {
            self.find_by(Source::Followed, |gathering| followed::gather(gathering, request.viewer, view, followed));
        }
        if similar > 0 {
            self.find_by(Source::Similar, |gathering| similar::gather(gathering, request, view, similar));
        }
        if co_engaged > 0 {
            self.find_by(Source::CoEngaged, |gathering| co_engaged::gather(gathering, request, view, co_engaged));
        }
        self.find_by(Source::Trending, |gathering| trending::gather(gathering, request, view, trending));
        self.find_by(Source::Fresh, |gathering| fresh::gather(gathering, request, view, fresh));
        self.find_by(Source::Random, |gathering| random::gather(gathering, request, view, random));
    }

    /// Collects posts from a source and adds the new ones to the candidates.
    #[inline]
    fn find_by(&mut self, source: Source, gather: impl FnOnce(&mut Self)) {
        gather(self);
        self.found.settle(source, &mut self.candidates);
    }

    /// Fills `candidates` with every live post that the viewer may be shown, oldest first.
    pub fn gather_all(&mut self, request: &Request, view: &View) {
        self.candidates.clear();
        for slot in 0..view.observed.posts.len() as u32 {
            if self.admits(request.viewer, view, slot) {
                let follows = self.follows(view.observed.posts.gates()[slot as usize].creator());
                self.candidates.push(slot, Source::Random, follows);
            }
        }
    }

    /// Draws a live post for a slot for exploration, uniformly from the posts that the viewer may
    /// be shown. Returns `None` if four draws find none. The post may also be among `candidates`.
    pub fn explore(&mut self, request: &Request, view: &View, place: u64) -> Option<u32> {
        let live = view.observed.posts.len();
        let mut draw = request.luck(recsafe_common::draw::Decides::Explore).about(Part::Pick(place));
        (0..4).map(|_| draw.below(live) as u32).find(|&slot| live > 0 && self.admits(request.viewer, view, slot))
    }

    /// Returns whether the viewer may be shown a post. It must be unseen, by another account, and
    /// visible to the viewer.
    #[inline]
    fn admits(&self, viewer: AccountId, view: &View, slot: u32) -> bool {
        let gate = view.observed.posts.gates()[slot as usize];
        gate.admits(self.follows(gate.creator())) && gate.creator() != viewer && !self.known.is_seen(slot)
    }

    /// Adds the posts that are new, unseen, visible to the viewer and by another account. Returns
    /// how many were added.
    ///
    /// The rows of these posts are prefetched for scoring, since a request spends most of its time
    /// waiting for memory.
    #[inline]
    fn offer(&mut self, viewer: AccountId, view: &View, slots: &[u32]) -> usize {
        let Gathering { found, known, followees, .. } = self;
        let before = found.len();
        let (gates, rows) = (view.observed.posts.gates(), view.observed.posts.rows());
        for &slot in slots {
            if found.len() == MOST {
                break;
            }
            let gate = gates[slot as usize];
            let follows = followees.contains(gate.creator().0);
            let new = known.find(slot, gate.admits(follows) & (gate.creator() != viewer));
            found.put_if(new, slot, follows);
            // Without a branch: for a post that is not new, the last row is prefetched again,
            // which costs nothing.
            prefetch_at(rows, found.last() as usize);
        }
        found.len() - before
    }

    /// Offers posts from `next` until `wanted` of them are added. Calls `next` at most `tries`
    /// times.
    #[inline]
    fn offer_tries(
        &mut self,
        (viewer, view): (AccountId, &View),
        (wanted, tries): (usize, usize),
        mut next: impl FnMut() -> u32,
    ) {
        let (mut missing, mut left) = (wanted, tries);
        while missing > 0 && left > 0 {
            // No more posts than are missing, since every one of them may be added.
            let count = missing.min(left).min(BATCH);
            let mut slots = [0; BATCH];
            for slot in &mut slots[..count] {
                *slot = next();
                prefetch_at(view.observed.posts.gates(), *slot as usize);
            }
            left -= count;
            missing -= self.offer(viewer, view, &slots[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_scale_to_the_total() {
        let counts = counts(&Quotas::default(), 200, true);
        assert_eq!(counts, [46, 62, 46, 15, 15, 15, 0]);
    }

    #[test]
    fn without_personalisation_own_history_gets_no_candidates() {
        let counts = counts(&Quotas::default(), 130, false);
        assert_eq!(counts, [30, 0, 0, 45, 45, 10, 0]);
    }

    #[test]
    fn only_what_is_new_and_may_be_shown_is_found_up_to_the_most() {
        use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow, Visibility};
        const POSTS: u32 = 1_400;
        let mut posts = PostPool::default();
        // Posts 0 and 1 are by the viewer, and posts 2 to 4 by a private account.
        let creator = |slot| match slot {
            0 | 1 => 0,
            2..=4 => 2,
            _ => 1,
        };
        (0..POSTS).for_each(|slot| posts.push(PostRow { creator: AccountId(creator(slot)), ..PostRow::default() }, 0));
        let private = AccountId(2);
        posts.renew_visibility(|id| if id == private { Visibility::Followers } else { Visibility::Everyone });
        let accounts = ObservedAccounts::stating(&[recsafe_common::band::AgeBand::Adult; 4]);
        let mut graph = recsafe_common::graph::FollowGraph::new(4);
        graph.follow(AccountId(3), private);
        let observed = Observed { day: 0, accounts, posts, graph, blocks: Blocks::default() };
        let mut index = crate::index::Index::new(4, &recsafe_common::topics::TopicMap::new(&[]));
        index.follow_pool(0, &observed.posts);
        index.rebuild(&observed, 14);
        let view = View {
            observed: &observed,
            index: &index,
            inboxes: crate::inbox::Inboxes::NONE,
            attention: &crate::attention::Attention::new(4),
            learned: &crate::learning::Learned::default(),
            content_threshold: 2.0,
        };
        let viewer = AccountId(0);
        let mut gathering = Gathering::default();
        gathering.start_day(viewer, &History::default(), &view, 0);
        gathering.note_view(7);
        gathering.begin_request();
        assert_eq!(gathering.offer(viewer, &view, &[0, 1, 2, 3, 4, 5, 7, 5, 6]), 2);
        assert_eq!(gathering.offer(viewer, &view, &[6, 7, 5, 8]), 1, "from the next source");
        assert_eq!(gathering.found.slots(), [5, 6, 8]);
        let all: Vec<u32> = (0..POSTS).collect();
        assert_eq!(gathering.offer(viewer, &view, &all), MOST - 3);
        assert_eq!(gathering.offer(viewer, &view, &all), 0, "the list is full");
        gathering.begin_request();
        assert_eq!(
            gathering.offer(viewer, &view, &[6, 7, 1_399]),
            2,
            "a new request forgets candidates, but not views"
        );

        let request = Request {
            viewer,
            day: 0,
            number: 0,
            band: recsafe_common::band::AgeBand::Adult,
            query: recsafe_common::vector::Query::default(),
            personalised: true,
            shown_today: [0; crate::request::MOST_REGIONS],
            draws: recsafe_common::draw::Draws::new(1),
        };
        for _ in 0..2 {
            gathering.gather(&request, &view, [0, 0, 0, 0, 700, 700, 0]);
            let Candidates { slots, sources, .. } = &gathering.candidates;
            let distinct: std::collections::BTreeSet<&u32> = slots.iter().collect();
            assert_eq!((slots.len(), distinct.len()), (MOST, MOST));
            let fresh = sources.iter().filter(|&&source| source == Source::Fresh).count();
            assert!(sources[..fresh].iter().all(|&source| source == Source::Fresh) && fresh <= 700);
            assert!(sources[fresh..].iter().all(|&source| source == Source::Random));
        }
        gathering.start_day(AccountId(3), &History::default(), &view, 0);
        gathering.begin_request();
        assert_eq!(gathering.offer(AccountId(3), &view, &[0, 2, 3, 7]), 4, "this viewer follows the private account");
        assert_eq!(gathering.found.slots(), [0, 2, 3, 7]);
    }
}
