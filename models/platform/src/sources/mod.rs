//! Candidate generation from seven sources with quotas. Duplicates and posts that the viewer has
//! seen are excluded.

mod candidate_buffer;
mod co_engaged;
mod followed;
mod fresh;
mod inbox;
mod random;
mod seen_set;
mod similar;
mod trending;

use candidate_buffer::CandidateBuffer;
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::key::Part;
use recsafe_common::prefetch::prefetch_at;
use seen_set::SeenSet;

use crate::candidates::{Candidates, Source};
use crate::memory::History;
use crate::request::{Request, View};
use crate::settings::Quotas;
use crate::small_set::SmallSet;

/// Maximum number of candidates per request, over all sources.
pub const MOST: usize = 1000;

/// Number of posts that a source offers at a time.
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
/// Each thread reuses one generator for all viewers.
///
/// # Panics
/// All methods that read posts can panic unless [`CandidateGenerator::start_day`] was called with
/// the same view.
#[derive(Clone, Debug, Default)]
pub struct CandidateGenerator {
    /// The candidates of the request.
    pub candidates: Candidates,
    /// Posts that the sources have found so far for this request.
    buffer: CandidateBuffer,
    /// Whether posts that the viewer has seen are allowed to be shown again. Set this value before
    /// a viewer's day starts.
    pub repeats: bool,
    /// Posts that followees made or shared, newest first. The list is collected when it is first
    /// used.
    followed: Vec<u32>,
    collected: bool,
    /// Seed for breaking ties among posts of followees.
    ties: u64,
    /// Buffer for sorting the posts of followees.
    recent: Vec<u64>,
    /// Buffers for collecting the posts of followees.
    heads: Vec<u32>,
    ranges: Vec<(u32, u32)>,
    /// Posts that the viewer liked today, which are not in the index yet.
    liked_today: Vec<PostId>,
    /// Posts that the viewer has seen or the request has found.
    seen: SeenSet,
    /// Accounts that the viewer follows.
    followees: SmallSet,
}

impl CandidateGenerator {
    /// Returns the number of bytes that the flags of live posts take. `posts` is the number of live
    /// posts.
    #[must_use]
    pub const fn bytes_of_posts(posts: usize) -> usize {
        2 * posts.div_ceil(64) * size_of::<u64>()
    }

    /// Starts a viewer's day: loads the posts that the viewer has seen and the accounts that the
    /// viewer follows.
    pub fn start_day(&mut self, viewer: AccountId, history: &History, view: &View, ties: u64) {
        self.forget_found();
        self.seen.start_day(view.observed.posts.len());
        for post in history.seen().filter(|_| !self.repeats) {
            if let Some(post_index) = view.observed.posts.index_of(post) {
                self.seen.see(post_index as u32);
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
    pub fn note_view(&mut self, post_index: u32) {
        if !self.repeats {
            self.seen.see(post_index);
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

    /// Fills `candidates` with up to `count` posts close to the search query in `request.query`.
    pub fn gather_for_search(&mut self, request: &Request, view: &View, count: usize) {
        self.begin_request();
        if !view.observed.posts.is_empty() {
            self.collect(Source::Search, |generator| similar::gather(generator, request, view, count));
        }
    }

    fn begin_request(&mut self) {
        self.candidates.clear();
        self.forget_found();
    }

    fn forget_found(&mut self) {
        self.seen.forget(self.buffer.post_indices());
        self.buffer.clear();
    }

    /// Fills `candidates` for one request.
    pub fn gather(&mut self, request: &Request, view: &View, counts: Counts) {
        self.begin_request();
        if view.observed.posts.is_empty() {
            return;
        }
        let [followed, similar, co_engaged, trending, fresh, random, inbox] = counts;
        if inbox > 0 {
            self.collect(Source::Inbox, |generator| inbox::gather(generator, request, view, inbox));
        }
        if followed > 0 {
            self.collect(Source::Followed, |generator| followed::gather(generator, request.viewer, view, followed));
        }
        if similar > 0 {
            self.collect(Source::Similar, |generator| similar::gather(generator, request, view, similar));
        }
        if co_engaged > 0 {
            self.collect(Source::CoEngaged, |generator| co_engaged::gather(generator, request, view, co_engaged));
        }
        self.collect(Source::Trending, |generator| trending::gather(generator, request, view, trending));
        self.collect(Source::Fresh, |generator| fresh::gather(generator, request, view, fresh));
        self.collect(Source::Random, |generator| random::gather(generator, request, view, random));
    }

    /// Collects posts from a source and adds the new posts to the candidates.
    #[inline]
    fn collect(&mut self, source: Source, gather: impl FnOnce(&mut Self)) {
        gather(self);
        self.buffer.flush_to(source, &mut self.candidates);
    }

    /// Fills `candidates` with every live post that can be shown to the viewer, oldest first.
    pub fn gather_all(&mut self, request: &Request, view: &View) {
        self.candidates.clear();
        for post_index in 0..view.observed.posts.len() as u32 {
            if self.admits(request.viewer, view, post_index) {
                let follows = self.follows(view.observed.posts.access()[post_index as usize].creator());
                self.candidates.push(post_index, Source::Random, follows);
            }
        }
    }

    /// Draws a live post for a slot for exploration, uniformly from the posts that can be shown to
    /// the viewer. Returns `None` if four draws find no such post. The post can also be among
    /// `candidates`.
    pub fn explore(&mut self, request: &Request, view: &View, index: u64) -> Option<u32> {
        let live = view.observed.posts.len();
        let mut draw = request.draws_for(recsafe_common::draw::DrawPurpose::Explore).about(Part::Pick(index));
        (0..4)
            .map(|_| draw.below(live) as u32)
            .find(|&post_index| live > 0 && self.admits(request.viewer, view, post_index))
    }

    /// Returns whether a post can be shown to the viewer. The viewer must be allowed to see the
    /// post, must not have seen it yet, and must not be its creator.
    #[inline]
    fn admits(&self, viewer: AccountId, view: &View, post_index: u32) -> bool {
        let post_access = view.observed.posts.access()[post_index as usize];
        post_access.admits(self.follows(post_access.creator()))
            && post_access.creator() != viewer
            && !self.seen.is_seen(post_index)
    }

    /// Adds the posts that can be shown to the viewer and that are not candidates yet. Returns how
    /// many posts were added.
    ///
    /// The rows of these posts are prefetched for scoring, since a request spends most of its time
    /// waiting for memory.
    #[inline]
    fn try_add(&mut self, viewer: AccountId, view: &View, post_indices: &[u32]) -> usize {
        let CandidateGenerator { buffer, seen, followees, .. } = self;
        let before = buffer.len();
        let (access, rows) = (view.observed.posts.access(), view.observed.posts.rows());
        for &post_index in post_indices {
            if buffer.len() == MOST {
                break;
            }
            let post_access = access[post_index as usize];
            let follows = followees.contains(post_access.creator().0);
            let new = seen.insert_if(post_index, post_access.admits(follows) & (post_access.creator() != viewer));
            buffer.push_if(new, post_index, follows);
            // The prefetch has no branch. For a post that is not new, the last row is prefetched
            // again, which costs nothing.
            prefetch_at(rows, buffer.last() as usize);
        }
        buffer.len() - before
    }

    /// Offers posts from `next` until `wanted` posts are added. Calls `next` at most `tries` times.
    #[inline]
    fn try_add_drawn(
        &mut self,
        (viewer, view): (AccountId, &View),
        (wanted, tries): (usize, usize),
        mut next: impl FnMut() -> u32,
    ) {
        let (mut missing, mut left) = (wanted, tries);
        while missing > 0 && left > 0 {
            // The batch is not larger than the number of missing posts, since all posts of the
            // batch might be added.
            let count = missing.min(left).min(BATCH);
            let mut post_indices = [0; BATCH];
            for post_index in &mut post_indices[..count] {
                *post_index = next();
                prefetch_at(view.observed.posts.access(), *post_index as usize);
            }
            left -= count;
            missing -= self.try_add(viewer, view, &post_indices[..count]);
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
        // Posts 0 and 1 are by the viewer, and posts 2 to 4 are by a private account.
        let creator = |post_index| match post_index {
            0 | 1 => 0,
            2..=4 => 2,
            _ => 1,
        };
        (0..POSTS).for_each(|post_index| {
            posts.push(PostRow { creator: AccountId(creator(post_index)), ..PostRow::default() }, 0);
        });
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
            profile_visits: &crate::profile_visits::ProfileVisits::new(4),
            learned: &crate::learning::Learned::default(),
            content_threshold: 2.0,
        };
        let viewer = AccountId(0);
        let mut generator = CandidateGenerator::default();
        generator.start_day(viewer, &History::default(), &view, 0);
        generator.note_view(7);
        generator.begin_request();
        assert_eq!(generator.try_add(viewer, &view, &[0, 1, 2, 3, 4, 5, 7, 5, 6]), 2);
        assert_eq!(generator.try_add(viewer, &view, &[6, 7, 5, 8]), 1, "from the next source");
        assert_eq!(generator.buffer.post_indices(), [5, 6, 8]);
        let all: Vec<u32> = (0..POSTS).collect();
        assert_eq!(generator.try_add(viewer, &view, &all), MOST - 3);
        assert_eq!(generator.try_add(viewer, &view, &all), 0, "the list is full");
        generator.begin_request();
        assert_eq!(
            generator.try_add(viewer, &view, &[6, 7, 1_399]),
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
            shown_today: [0; crate::request::MAX_TOPICS],
            draws: recsafe_common::draw::Draws::new(1),
        };
        for _ in 0..2 {
            generator.gather(&request, &view, [0, 0, 0, 0, 700, 700, 0]);
            let Candidates { post_indices, sources, .. } = &generator.candidates;
            let distinct: std::collections::BTreeSet<&u32> = post_indices.iter().collect();
            assert_eq!((post_indices.len(), distinct.len()), (MOST, MOST));
            let fresh = sources.iter().filter(|&&source| source == Source::Fresh).count();
            assert!(sources[..fresh].iter().all(|&source| source == Source::Fresh) && fresh <= 700);
            assert!(sources[fresh..].iter().all(|&source| source == Source::Random));
        }
        generator.start_day(AccountId(3), &History::default(), &view, 0);
        generator.begin_request();
        assert_eq!(generator.try_add(AccountId(3), &view, &[0, 2, 3, 7]), 4, "this viewer follows the private account");
        assert_eq!(generator.buffer.post_indices(), [0, 2, 3, 7]);
    }
}
