//! A minimal platform for rankers. The platform has accounts and posts but no follows, and posts
//! never expire.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::Part;
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{Packed, Query, Vector};
use recsafe_platform::candidates::{Candidates, Source};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::learning::Learned;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::ranking::Ranker;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::slate::{Shape, Shown, SlateMaker, TopicCaps};
use recsafe_platform::{Request, View};

/// The creator of all posts. One creator is enough, because the rankers of the replications do not
/// use creators.
const CREATOR: AccountId = AccountId(0);

/// A platform of accounts and posts, with the shipped engagement counters.
#[derive(Clone, Debug)]
pub(super) struct Bench {
    observed: Observed,
    index: Index,
    profile_visits: ProfileVisits,
    learned: Learned,
    draws: Draws,
    candidates: Candidates,
    maker: SlateMaker,
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct BenchRequest {
    /// The viewer.
    pub(super) viewer: AccountId,
    /// The day, which is part of the key of every draw.
    pub(super) day: Day,
    /// Number of the request among the viewer's requests of the day.
    pub(super) number: u32,
    /// The platform's profile of the viewer.
    pub(super) profile: Vector,
    /// Maximum number of posts.
    pub(super) length: u32,
}

impl Bench {
    /// Creates a platform without posts.
    pub(super) fn new(accounts: u32, draws: Draws) -> Self {
        let count = accounts as usize;
        let observed = Observed {
            day: 0,
            accounts: ObservedAccounts::stating(&vec![AgeBand::Adult; count]),
            posts: PostPool::default(),
            graph: FollowGraph::new(count),
            blocks: Blocks::default(),
        };
        Bench {
            observed,
            index: Index::new(count, &TopicMap::new(&[])),
            profile_visits: ProfileVisits::new(count),
            learned: Learned::default(),
            draws,
            candidates: Candidates::default(),
            maker: SlateMaker::default(),
        }
    }

    /// Adds a post with these features and this topic. Posts are numbered from 0 in order of
    /// creation.
    pub(super) fn add_post(&mut self, features: &Vector, topic_id: u8) {
        let row = PostRow { features: Packed::new(features), creator: CREATOR, topic_id, ..PostRow::default() };
        self.observed.posts.push(row, self.observed.posts.len() as u32);
        self.learned.engagements.follow(self.observed.accounts.len(), &self.observed.posts);
    }

    /// Replaces the features of a post.
    pub(super) fn set_features(&mut self, post_index: u32, features: &Vector) {
        self.observed.posts.columns_mut().0[post_index as usize].features = Packed::new(features);
    }

    /// Records an engagement of an account with the post at an index.
    pub(super) fn engage(&mut self, account: AccountId, post_index: u32) {
        let post = self.observed.posts.id(post_index as usize);
        let (rows, counters, _) = self.observed.posts.columns_mut();
        rows[post_index as usize].popularity += 1.0;
        counters[post_index as usize].engagements += 1;
        self.learned.engagements.learn(account, post);
    }

    /// Removes all engagements of an account.
    pub(super) fn forget(&mut self, account: AccountId) {
        for post_index in self.engaged(account) {
            let (rows, counters, _) = self.observed.posts.columns_mut();
            rows[post_index as usize].popularity -= 1.0;
            counters[post_index as usize].engagements -= 1;
        }
        self.learned.engagements.forget(account);
    }

    /// Returns the posts that an account engaged with, in order.
    pub(super) fn engaged(&self, account: AccountId) -> Vec<u32> {
        let post_indices =
            self.learned.engagements.posts(account).filter_map(|post| self.observed.posts.index_of(post));
        post_indices.map(|post_index| post_index as u32).collect()
    }

    /// Returns the number of posts.
    pub(super) fn posts(&self) -> u32 {
        self.observed.posts.len() as u32
    }

    /// Returns the topic of the post at an index.
    pub(super) fn topic_id(&self, post_index: u32) -> u8 {
        self.observed.posts.rows()[post_index as usize].topic_id
    }

    /// Ranks `post_indices` and returns the best posts, best first. Candidates are in random order,
    /// so ties are broken at random.
    pub(super) fn rank(
        &mut self,
        ranker: &dyn Ranker,
        bench_request: &BenchRequest,
        post_indices: impl Iterator<Item = u32>,
    ) -> &[Shown] {
        let request = Request {
            viewer: bench_request.viewer,
            day: bench_request.day,
            number: bench_request.number,
            band: AgeBand::Adult,
            query: Query::new(&bench_request.profile),
            personalised: true,
            shown_today: [0; MAX_TOPICS],
            draws: self.draws,
        };
        self.candidates.clear();
        post_indices.for_each(|post_index| self.candidates.push(post_index, Source::Random, false));
        let mut draw = request.draws_for(DrawPurpose::Candidates).about(Part::Whole);
        for index in (1..self.candidates.len()).rev() {
            self.candidates.post_indices.swap(index, draw.below(index + 1));
        }
        let view = View {
            observed: &self.observed,
            index: &self.index,
            inboxes: Inboxes::NONE,
            profile_visits: &self.profile_visits,
            learned: &self.learned,
            content_threshold: f32::INFINITY,
        };
        ranker.score(&request, &view, &self.candidates, &mut self.maker.scores);
        let shape = Shape { length: bench_request.length, explored: &[], discount: 1.0, caps: TopicCaps::default() };
        self.maker.fill(&request, &view, &self.candidates, shape);
        &self.maker.slate
    }
}
