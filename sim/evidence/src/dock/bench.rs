//! A minimal platform for rankers: accounts and posts, no follows, and posts that never expire.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Decides, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::Part;
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{Packed, Query, Vector};
use recsafe_platform::attention::Attention;
use recsafe_platform::candidates::{Candidates, Source};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::learning::Learned;
use recsafe_platform::ranking::Ranker;
use recsafe_platform::request::MOST_REGIONS;
use recsafe_platform::slate::{Shape, Shown, SlateMaker, TopicCaps};
use recsafe_platform::{Request, View};

/// The creator of all posts, because no ranker of a case uses creators.
const CREATOR: AccountId = AccountId(0);

/// A platform of accounts and posts, with the shipped engagement counters.
#[derive(Clone, Debug)]
pub(super) struct Bench {
    observed: Observed,
    index: Index,
    attention: Attention,
    learned: Learned,
    draws: Draws,
    candidates: Candidates,
    maker: SlateMaker,
}

/// A request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The viewer.
    pub(super) viewer: AccountId,
    /// The day, part of the key of every draw.
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
            attention: Attention::new(count),
            learned: Learned::default(),
            draws,
            candidates: Candidates::default(),
            maker: SlateMaker::default(),
        }
    }

    /// Adds a post with these features to a region; posts are numbered from 0 in order of creation.
    pub(super) fn add_post(&mut self, features: &Vector, region: u8) {
        let row = PostRow { features: Packed::new(features), creator: CREATOR, region, ..PostRow::default() };
        self.observed.posts.push(row, self.observed.posts.len() as u32);
        self.learned.engagements.follow(self.observed.accounts.len(), &self.observed.posts);
    }

    /// Replaces the features of a post.
    pub(super) fn set_features(&mut self, slot: u32, features: &Vector) {
        self.observed.posts.columns_mut().0[slot as usize].features = Packed::new(features);
    }

    /// Records an engagement of an account with the post at a slot.
    pub(super) fn engage(&mut self, account: AccountId, slot: u32) {
        let post = self.observed.posts.id(slot as usize);
        let (rows, ledgers, _) = self.observed.posts.columns_mut();
        rows[slot as usize].popularity += 1.0;
        ledgers[slot as usize].engagements += 1;
        self.learned.engagements.learn(account, post);
    }

    /// Removes all engagements of an account.
    pub(super) fn forget(&mut self, account: AccountId) {
        for slot in self.engaged(account) {
            let (rows, ledgers, _) = self.observed.posts.columns_mut();
            rows[slot as usize].popularity -= 1.0;
            ledgers[slot as usize].engagements -= 1;
        }
        self.learned.engagements.forget(account);
    }

    /// Returns the posts that an account engaged with, in order.
    pub(super) fn engaged(&self, account: AccountId) -> Vec<u32> {
        let slots = self.learned.engagements.posts(account).filter_map(|post| self.observed.posts.slot(post));
        slots.map(|slot| slot as u32).collect()
    }

    /// Returns the number of posts.
    pub(super) fn posts(&self) -> u32 {
        self.observed.posts.len() as u32
    }

    /// Returns the region of the post at a slot.
    pub(super) fn region(&self, slot: u32) -> u8 {
        self.observed.posts.rows()[slot as usize].region
    }

    /// Ranks `slots` and returns the best posts, best first. Candidates are in random order, so
    /// ties are broken at random.
    pub(super) fn rank(&mut self, ranker: &dyn Ranker, asked: &Asked, slots: impl Iterator<Item = u32>) -> &[Shown] {
        let request = Request {
            viewer: asked.viewer,
            day: asked.day,
            number: asked.number,
            band: AgeBand::Adult,
            query: Query::new(&asked.profile),
            personalised: true,
            shown_today: [0; MOST_REGIONS],
            draws: self.draws,
        };
        self.candidates.clear();
        slots.for_each(|slot| self.candidates.push(slot, Source::Random, false));
        let mut luck = request.luck(Decides::Candidates).about(Part::Whole);
        for place in (1..self.candidates.len()).rev() {
            self.candidates.slots.swap(place, luck.below(place + 1));
        }
        let view = View {
            observed: &self.observed,
            index: &self.index,
            inboxes: Inboxes::NONE,
            attention: &self.attention,
            learned: &self.learned,
            content_threshold: f32::INFINITY,
        };
        ranker.score(&request, &view, &self.candidates, &mut self.maker.scores);
        let shape = Shape { length: asked.length, explored: &[], discount: 1.0, caps: TopicCaps::default() };
        self.maker.fill(&request, &view, &self.candidates, shape);
        &self.maker.slate
    }
}
