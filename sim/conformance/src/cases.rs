//! Small platforms with one request each: special cases and random platforms.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Part, Who};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{Packed, Query, Vector, normalised};
use recsafe_platform::candidates::{Candidates, Source};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::{Index, Shared};
use recsafe_platform::interventions::{Efficacy, Intervention};
use recsafe_platform::learning::{Example, Learned};
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::slate::{Shape as SlateShape, Shown, SlateMaker, TopicCaps};
use recsafe_platform::{Request, View};

/// Days with posts.
const DAYS: Day = 7;
/// Lifetime of posts, in days.
const WINDOW: Day = 14;
/// Number of random platforms.
const RANDOM: u64 = 24;

/// Shape of slates.
const SLATE: SlateShape =
    SlateShape { length: 10, explored: &[4], discount: 0.5, caps: TopicCaps { slate: u16::MAX, day: u16::MAX } };

/// A small platform and a request to it.
pub(super) struct Case {
    /// The special property of the case.
    pub name: &'static str,
    /// The observable state.
    pub observed: Observed,
    /// The candidates.
    pub candidates: Candidates,
    /// The request.
    pub request: Request,
    index: Index,
    profile_visits: ProfileVisits,
    learned: Learned,
}

/// Amount of past activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    Nothing,
    Something,
    /// The maximum amount.
    Extreme,
}

/// Data available about the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Viewer {
    Known,
    /// The viewer arrived today, like a test account.
    New,
    /// The ranker must not use the viewer's profile or history.
    Unused,
}

/// Shape of a case.
#[derive(Clone, Copy, Debug)]
struct Shape {
    accounts: usize,
    posts: usize,
    candidates: usize,
    evidence: Evidence,
    viewer: Viewer,
    today: Day,
    alike: bool,
}

/// Returns every case. Each call returns the same cases.
pub(super) fn cases() -> Vec<Case> {
    let plain = Shape {
        accounts: 12,
        posts: 60,
        candidates: 30,
        evidence: Evidence::Something,
        viewer: Viewer::Known,
        today: DAYS - 1,
        alike: false,
    };
    let special = [
        ("no candidate", Shape { candidates: 0, ..plain }),
        ("one account and no post", Shape { accounts: 1, posts: 0, candidates: 0, ..plain }),
        ("one candidate", Shape { candidates: 1, ..plain }),
        ("no activity yet", Shape { evidence: Evidence::Nothing, ..plain }),
        ("all values at their maximum", Shape { evidence: Evidence::Extreme, ..plain }),
        ("a viewer that arrived today", Shape { viewer: Viewer::New, ..plain }),
        ("no personalisation", Shape { viewer: Viewer::Unused, ..plain }),
        ("identical posts", Shape { alike: true, ..plain }),
        ("posts a year old", Shape { today: 371, ..plain }),
    ];
    let special = special.into_iter().zip(0..).map(|((name, shape), seed)| Case::new(name, shape, seed));
    let random = (1000..1000 + RANDOM).map(|seed| Case::new("a random platform", random(plain, seed), seed));
    special.chain(random).collect()
}

fn draw(seed: u64, about: u64) -> Draw {
    Draws::new(seed).at(DrawPurpose::Explore, Who::Case(about), About::Nothing, 0)
}

fn random(plain: Shape, seed: u64) -> Shape {
    let mut draw = draw(seed, 0);
    let posts = draw.below(80);
    let viewer = [Viewer::Known, Viewer::Known, Viewer::New, Viewer::Unused][draw.below(4)];
    Shape { accounts: 1 + draw.below(20), posts, candidates: draw.below(posts + 1), viewer, ..plain }
}

impl Case {
    fn new(name: &'static str, shape: Shape, seed: u64) -> Self {
        let mut draw = draw(seed, 1);
        let map = TopicMap::new(&[0.53]);
        let observed = observed(&shape, &map, &mut draw);
        let candidates = candidates(&shape, &observed, &mut draw);
        let mut index = Index::new(shape.accounts, &map);
        let mut profile_visits = ProfileVisits::new(shape.accounts);
        index.follow_pool(0, &observed.posts);
        if shape.evidence != Evidence::Nothing {
            attend(&shape, &observed, &mut index, &mut profile_visits, &mut draw);
        }
        index.rebuild(&observed, WINDOW + shape.today);
        let learned = learned(&shape, &observed, &mut draw);
        let request = request(&shape, &observed, &mut draw);
        Case { name, observed, candidates, request, index, profile_visits, learned }
    }

    /// Returns the view of the platform.
    pub fn view(&self) -> View<'_> {
        let Case { observed, index, profile_visits, learned, .. } = self;
        View { observed, index, inboxes: Inboxes::NONE, profile_visits, learned, content_threshold: 2.0 }
    }
}

fn somebody(shape: &Shape, draw: &mut Draw) -> AccountId {
    AccountId(draw.below(shape.accounts) as u32)
}

fn direction(draw: &mut Draw) -> Vector {
    normalised(&std::array::from_fn(|_| draw.normal() as f32))
}

fn observed(shape: &Shape, map: &TopicMap, draw: &mut Draw) -> Observed {
    let bands: Vec<AgeBand> = (0..shape.accounts).map(|_| AgeBand::ALL[draw.below(AgeBand::ALL.len())]).collect();
    let mut accounts = ObservedAccounts::stating(&bands);
    for row in 0..shape.accounts {
        accounts.classifier_score[row] = draw.chance(0.7).then(|| 2.0 * draw.normal() as f32);
        accounts.private[row] = draw.chance(0.3);
    }
    let mut graph = FollowGraph::new(shape.accounts);
    for _ in 0..3 * shape.accounts {
        let (from, to) = (somebody(shape, draw), somebody(shape, draw));
        if from != to && (shape.viewer != Viewer::New || from.row() > 0) {
            graph.follow(from, to);
        }
    }
    let mut posts = PostPool::default();
    let first = row(shape, map, draw);
    for sequence in 0..shape.posts {
        let row = if shape.alike { first } else { row(shape, map, draw) };
        posts.push(PostRow { day: (sequence * DAYS as usize / shape.posts) as i16, ..row }, sequence as u32);
    }
    Observed { day: shape.today, accounts, posts, graph, blocks: Blocks::default() }
}

/// Returns a post of the first day.
fn row(shape: &Shape, map: &TopicMap, draw: &mut Draw) -> PostRow {
    let features = direction(draw);
    let (most, rate) = match shape.evidence {
        Evidence::Nothing => (0.0, 0.0),
        Evidence::Something => (30.0, 1.0),
        Evidence::Extreme => (1e9, 12.0),
    };
    let mut extent = |largest: f32| largest * (2.0 * draw.unit() as f32 - 1.0);
    let (engagement, hides, creator_hides, classifier_score) = (extent(rate), extent(rate), extent(rate), extent(6.0));
    PostRow {
        features: Packed::new(&features),
        creator: somebody(shape, draw),
        popularity: if draw.chance(0.5) { 0.0 } else { most * draw.unit() as f32 },
        engagement,
        hides,
        creator_hides,
        classifier_score,
        day: 0,
        topic_id: map.nearest(&features),
    }
}

/// Returns some of the posts in random order, like the output of candidate sources.
fn candidates(shape: &Shape, observed: &Observed, draw: &mut Draw) -> Candidates {
    let mut post_indices: Vec<u32> = (0..shape.posts as u32).collect();
    let mut candidates = Candidates::default();
    for index in 0..shape.candidates.min(shape.posts) {
        let other = index + draw.below(post_indices.len() - index);
        post_indices.swap(index, other);
        let creator = observed.posts.rows()[post_indices[index] as usize].creator;
        let follows = observed.graph.contains(AccountId(0), creator);
        candidates.push(post_indices[index], Source::ALL[draw.below(6)], follows);
    }
    candidates
}

/// Simulates likes, shares and profile visits.
fn attend(shape: &Shape, observed: &Observed, index: &mut Index, profile_visits: &mut ProfileVisits, draw: &mut Draw) {
    let acts = |account: AccountId| shape.viewer != Viewer::New || account.row() > 0;
    for _ in 0..4 * shape.posts {
        let (account, post_index) = (somebody(shape, draw), draw.below(shape.posts));
        let (row, post) = (&observed.posts.rows()[post_index], observed.posts.id(post_index));
        if acts(account) && row.creator != account {
            index.like(account, post_index, post);
            profile_visits.add(account, row.creator);
            if draw.chance(0.1) {
                index.share(Shared { by: account, post, day: Day::from(row.day) });
            }
        }
    }
}

/// Returns what the platform learned from impressions of random posts.
fn learned(shape: &Shape, observed: &Observed, draw: &mut Draw) -> Learned {
    let mut learned = Learned::default();
    if shape.evidence == Evidence::Nothing || shape.posts == 0 {
        return learned;
    }
    let scale = if shape.evidence == Evidence::Extreme { 12.0 } else { 1.0 };
    let examples: Vec<Example> = (0..200)
        .map(|_| Example {
            features: std::array::from_fn(|index| if index == 0 { 1.0 } else { scale * draw.normal() as f32 }),
            outcomes: [draw.chance(0.2), draw.chance(0.1), draw.chance(0.1), draw.chance(0.02)],
        })
        .collect();
    learned.learn(&examples);
    learned.factors.follow(shape.accounts, &observed.posts, Draws::new(draw.bits()));
    for _ in 0..500 {
        learned.factors.learn(somebody(shape, draw), draw.below(shape.posts), draw.chance(0.2));
    }
    learned
}

fn request(shape: &Shape, observed: &Observed, draw: &mut Draw) -> Request {
    let query = if shape.viewer == Viewer::Known { Query::new(&direction(draw)) } else { Query::default() };
    Request {
        viewer: AccountId(0),
        day: shape.today,
        number: draw.below(3) as u32,
        band: observed.accounts.band[0],
        query,
        personalised: shape.viewer != Viewer::Unused,
        shown_today: [0; MAX_TOPICS],
        draws: Draws::new(draw.bits()),
    }
}

/// Returns an efficacy of 1.
pub(super) fn always(case: &Case) -> Efficacy {
    Efficacy::new(case.request.draws.stream(DrawPurpose::Efficacy, Who::Nobody, case.request.day), 1.0)
}

/// Returns a different score for each candidate, because an intervention can have no effect on
/// equal scores.
pub(super) fn some_scores(case: &Case) -> Vec<f32> {
    let draw = case.request.draws_for(DrawPurpose::Explore);
    case.candidates
        .post_indices
        .iter()
        .map(|&post_index| draw.about(Part::PostIndex(post_index)).normal() as f32)
        .collect()
}

/// Returns a slate with these scores and one exploration slot, filled from the candidates.
pub(super) fn filled(case: &Case) -> SlateMaker {
    let mut maker = SlateMaker::default();
    maker.scores = some_scores(case);
    if let Some(&post_index) = case.candidates.post_indices.last() {
        maker.extras.push(post_index, Source::Exploration, false);
    }
    maker.fill(&case.request, &case.view(), &case.candidates, SLATE);
    maker
}

/// Returns the slate after the intervention.
pub(super) fn reranked(rule: &dyn Intervention, case: &Case) -> Result<Vec<Shown>, String> {
    let (mut maker, view) = (filled(case), case.view());
    maker.rerank(&case.candidates, SLATE, |filled, picks| {
        rule.rerank(&case.request, &view, filled, picks);
        filled.check(picks).map(|()| true)
    })?;
    Ok(maker.slate)
}
