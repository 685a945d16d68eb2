//! A synthetic platform after some days of activity, and the kernels that run on it.

use std::hint::black_box;

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::key::{About, Who};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{DIM, Packed, Query, Vector, normalised};
use recsafe_common::wide::LANES;
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::interventions::Policy;
use recsafe_platform::learning::Learned;
use recsafe_platform::memory::History;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::ranking::Ranker;
use recsafe_platform::ranking::value_model::ValueModel;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::search::Searcher;
use recsafe_platform::settings::{Quotas, Search, Suggestions};
use recsafe_platform::slate::{Shape, SlateMaker, TopicCaps};
use recsafe_platform::sources::{CandidateGenerator, Counts, counts};
use recsafe_platform::suggestions::ranking::{PeopleRanker, blend::Blend};
use recsafe_platform::suggestions::{Audiences, Service, SuggestionMaker, SuggestionRequest};
use recsafe_platform::{Request, View};

/// Number of accounts. There are twice as many posts.
const ACCOUNTS: usize = 20_000;
/// Maximum number of follows per account.
const FOLLOWS: usize = 40;
/// Number of candidates per request.
const CANDIDATES: usize = 200;
/// Number of days for which a post is live.
const WINDOW: i32 = 14;

/// The platform, the memory of a thread, and the inputs of the kernels.
pub struct Stage {
    observed: Observed,
    index: Index,
    inboxes: Inboxes,
    profile_visits: ProfileVisits,
    audiences: Audiences,
    learned: Learned,
    queries: Vec<Query>,
    gathering: CandidateGenerator,
    maker: SlateMaker,
    suggestions: SuggestionMaker,
    searcher: Searcher,
    history: History,
    ranker: ValueModel,
    people_ranker: Blend,
    policy: Policy,
    settings: Suggestions,
    search: Search,
    /// Random post indices for the kernel `floor`.
    post_indices: Vec<u32>,
    sums: [f32; CANDIDATES],
}

/// A kernel, which makes one call on the stage. The input of the kernel depends on the number of
/// the call.
pub type Kernel = fn(&mut Stage, u64);

/// All kernels. The kernel `floor` is first.
pub const KERNELS: [(&str, Kernel); 13] = [
    ("floor", Stage::floor),
    ("start of a viewer's day", Stage::start_day),
    ("source followed", |stage, call| stage.source(call, 0)),
    ("source similar", |stage, call| stage.source(call, 1)),
    ("source co-engaged", |stage, call| stage.source(call, 2)),
    ("source random", |stage, call| stage.source(call, 5)),
    ("all sources", Stage::sources),
    ("scores of the value model", Stage::scores),
    ("slate", |stage, call| stage.slate(call, TopicCaps::default())),
    ("slate with full topics", |stage, call| stage.slate(call, TopicCaps { slate: 2, day: 3 })),
    ("whole request", Stage::request),
    ("people suggestions", Stage::suggest),
    ("search for posts", Stage::search),
];

/// Returns a vector of length 1 near a centre.
fn near(centre: &Vector, draw: &mut Draw) -> Vector {
    normalised(&std::array::from_fn(|i| centre[i] + 0.09 * draw.normal() as f32))
}

fn views<'a>(
    observed: &'a Observed,
    index: &'a Index,
    inboxes: &'a Inboxes,
    profile_visits: &'a ProfileVisits,
    learned: &'a Learned,
) -> View<'a> {
    View { observed, index, inboxes, profile_visits, learned, content_threshold: 2.0 }
}

/// Creates a view. Borrows only the fields that the view needs, so that the other fields of the
/// stage can be changed.
macro_rules! view {
    ($stage:expr) => {
        views(&$stage.observed, &$stage.index, &$stage.inboxes, &$stage.profile_visits, &$stage.learned)
    };
}

impl Stage {
    /// Creates the stage. The result is always the same.
    #[must_use]
    pub fn new() -> Self {
        let rng = Draws::new(1);
        let draw = |kind: DrawPurpose, who: usize| rng.at(kind, AccountId(who as u32), About::Nothing, 0);
        let map = TopicMap::new(&[0.53, 0.53]);
        let profile =
            |who: usize| near(map.centre((who % map.topic_count()) as u8), &mut draw(DrawPurpose::Interests, who));
        let queries = (0..ACCOUNTS).map(|who| Query::new(&profile(who))).collect();
        let mut graph = FollowGraph::new(ACCOUNTS);
        for who in 0..ACCOUNTS {
            let mut draw = draw(DrawPurpose::Follow, who);
            for _ in 0..FOLLOWS {
                // The product of two uniform numbers makes some accounts popular.
                let chosen = (draw.unit() * draw.unit() * ACCOUNTS as f64) as u32;
                graph.follow(AccountId(who as u32), AccountId(chosen));
            }
        }
        let observed = Observed {
            day: WINDOW,
            accounts: ObservedAccounts::stating(&vec![AgeBand::Adult; ACCOUNTS]),
            posts: posts(&map, rng),
            graph,
            blocks: Blocks::default(),
        };
        let index = index(&observed, &map, rng);
        let mut profile_visits = ProfileVisits::new(ACCOUNTS);
        for who in 0..ACCOUNTS {
            let mut draw = draw(DrawPurpose::VisitProfile, who);
            (0..8).for_each(|_| profile_visits.add(AccountId(who as u32), AccountId(draw.below(ACCOUNTS) as u32)));
        }
        let mut post_indices = draw(DrawPurpose::Candidates, 0);
        let posts = observed.posts.len();
        let mut history = History::default();
        (0..100).for_each(|position| history.view(observed.posts.id(position * 97)));
        Stage {
            post_indices: (0..4096 * CANDIDATES).map(|_| post_indices.below(posts) as u32).collect(),
            sums: [0.0; CANDIDATES],
            inboxes: Inboxes::default(),
            learned: Learned::default(),
            gathering: CandidateGenerator::default(),
            maker: SlateMaker::default(),
            suggestions: SuggestionMaker::default(),
            searcher: Searcher::default(),
            ranker: ValueModel::default(),
            people_ranker: Blend::default(),
            policy: Policy::default(),
            settings: Suggestions::default(),
            search: Search::default(),
            audiences: Audiences::new(&observed.graph, &profile_visits),
            observed,
            index,
            profile_visits,
            queries,
            history,
        }
    }

    fn asked(&self, call: u64) -> Request {
        let viewer = AccountId((call * 7919 % ACCOUNTS as u64) as u32);
        Request {
            viewer,
            day: WINDOW,
            number: (call % 5) as u32,
            band: AgeBand::Adult,
            query: self.queries[viewer.row()],
            personalised: true,
            shown_today: [0; MAX_TOPICS],
            draws: Draws::new(3),
        }
    }

    /// Measures the minimum work of any feed: reads 200 rows at random indices and computes their
    /// dot products with the profile.
    fn floor(&mut self, call: u64) {
        let query = &self.queries[call as usize % ACCOUNTS];
        let from = call as usize % 4096 * CANDIDATES;
        let post_indices = &self.post_indices[from..from + CANDIDATES];
        let rows = self.observed.posts.rows();
        for (sums, post_indices) in self.sums.chunks_mut(LANES).zip(post_indices.chunks(LANES)) {
            let dots = query.dots(&std::array::from_fn(|lane| &rows[post_indices[lane] as usize].features));
            sums.copy_from_slice(&dots);
        }
        black_box(&self.sums);
    }

    fn start_day(&mut self, call: u64) {
        let viewer = AccountId((call * 7919 % ACCOUNTS as u64) as u32);
        self.gathering.start_day(viewer, &self.history, &view!(self), call);
    }

    fn source(&mut self, call: u64, index: usize) {
        let mut only: Counts = [0; 7];
        only[index] = CANDIDATES;
        self.gather(call, only);
    }

    fn gather(&mut self, call: u64, counts: Counts) {
        let request = self.asked(call);
        self.gathering.start_day(request.viewer, &self.history, &view!(self), call);
        self.gathering.gather(&request, &view!(self), counts);
        black_box(&self.gathering.candidates);
    }

    fn sources(&mut self, call: u64) {
        self.gather(call, counts(&Quotas::default(), CANDIDATES as u32, true));
    }

    /// Scores the same candidates in every call.
    fn scores(&mut self, call: u64) {
        if self.gathering.candidates.is_empty() {
            self.sources(1);
        }
        let request = self.asked(call);
        self.ranker.score(&request, &view!(self), &self.gathering.candidates, &mut self.maker.scores);
        black_box(&self.maker.scores);
    }

    /// Fills a slate from the same candidates with new scores in every call.
    fn slate(&mut self, call: u64, caps: TopicCaps) {
        if self.gathering.candidates.is_empty() {
            self.sources(1);
        }
        let mut draw = Draws::new(9).at(DrawPurpose::Ranking, Who::Case(call), About::Nothing, 0);
        self.maker.scores.clear();
        self.maker.scores.extend((0..self.gathering.candidates.len()).map(|_| draw.unit() as f32));
        let mut request = self.asked(call);
        request.shown_today.iter_mut().step_by(2).for_each(|shown| *shown = 3);
        self.fill(&request, caps);
    }

    fn fill(&mut self, request: &Request, caps: TopicCaps) {
        let discount = self.ranker.repeat_discount();
        let shape = Shape { length: 10, explored: &[], discount, caps };
        self.maker.fill(request, &view!(self), &self.gathering.candidates, shape);
        black_box(&self.maker.slate);
    }

    /// Answers a whole request, including the start of the viewer's day: all sources, the scores
    /// and the slate.
    fn request(&mut self, call: u64) {
        let request = self.asked(call);
        self.gathering.start_day(request.viewer, &self.history, &view!(self), call);
        let counts = counts(&Quotas::default(), CANDIDATES as u32, true);
        self.gathering.gather(&request, &view!(self), counts);
        self.ranker.score(&request, &view!(self), &self.gathering.candidates, &mut self.maker.scores);
        self.fill(&request, TopicCaps::default());
    }

    fn suggest(&mut self, call: u64) {
        let viewer = AccountId((call * 7919 % ACCOUNTS as u64) as u32);
        let request = SuggestionRequest { viewer, day: WINDOW, visit: 0, draws: Draws::new(3) };
        let ranker: &dyn PeopleRanker = &self.people_ranker;
        let service = Service {
            settings: &self.settings,
            ranker,
            checked: false,
            policy: &self.policy,
            findable: ACCOUNTS,
            audiences: &self.audiences,
        };
        self.suggestions.answer(&request, &view!(self), &service, &[]).expect("this ranker cannot fail");
        black_box(&self.suggestions.slate);
    }

    fn search(&mut self, call: u64) {
        let request = self.asked(call);
        self.gathering.start_day(request.viewer, &self.history, &view!(self), call);
        self.searcher.posts(&request, &view!(self), &self.search, &mut self.gathering);
        black_box(&self.searcher.posts);
    }
}

/// Returns two posts per account on average. The posts are spread over the window, and each post
/// has some engagements.
fn posts(map: &TopicMap, rng: Draws) -> PostPool {
    let mut posts = PostPool::default();
    for post in 0..2 * ACCOUNTS {
        let mut draw = rng.at(DrawPurpose::PostContent, Who::Case(post as u64), About::Nothing, 0);
        let centre = map.centre(draw.below(map.topic_count()) as u8);
        let features = near(centre, &mut draw);
        let row = PostRow {
            features: Packed::new(&features),
            creator: AccountId(draw.below(ACCOUNTS) as u32),
            popularity: draw.exponential() as f32,
            engagement: draw.normal() as f32,
            hides: 0.1 * draw.normal() as f32,
            creator_hides: 0.1 * draw.normal() as f32,
            classifier_score: draw.normal() as f32,
            day: (1 + post * WINDOW as usize / (2 * ACCOUNTS)) as i16,
            topic_id: map.nearest(&features),
        };
        posts.push(row, post as u32);
    }
    posts
}

/// Returns the index after ten likes per account.
fn index(observed: &Observed, map: &TopicMap, rng: Draws) -> Index {
    let mut index = Index::new(ACCOUNTS, map);
    index.follow_pool(0, &observed.posts);
    for who in 0..ACCOUNTS {
        let mut draw = rng.at(DrawPurpose::Like, AccountId(who as u32), About::Nothing, 0);
        for _ in 0..10 {
            let post_index = draw.below(observed.posts.len());
            let post: PostId = observed.posts.id(post_index);
            index.like(AccountId(who as u32), post_index, post);
        }
    }
    index.rebuild(observed, WINDOW);
    index
}

const _: () = assert!(DIM == 32 && CANDIDATES.is_multiple_of(LANES));
