//! Tests of sources, rankers and slates on a small platform whose posts are all known.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Draws, mix};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool, PostRow, Visibility};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{Packed, Query};
use recsafe_platform::candidates::{Candidates, Source};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::{Index, Shared};
use recsafe_platform::interventions::diversity_floor::DiversityFloor;
use recsafe_platform::interventions::{Active, Deployed, Intervention, Policy, RuleError, Targeting};
use recsafe_platform::learning::Learned;
use recsafe_platform::memory::History;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::ranking;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::search::Searcher;
use recsafe_platform::settings::{Quotas, Search};
use recsafe_platform::slate::{Filled, Pick, Shape, SlateMaker, TopicCaps};
use recsafe_platform::sources::{self, CandidateGenerator};
use recsafe_platform::{Request, View};

const ACCOUNTS: usize = 10;
const TODAY: i32 = 6;

/// Ten accounts and seven days of posts. Each account n makes one post per day, in topic n. Account
/// 0 follows accounts 1 and 2.
struct Platform {
    observed: Observed,
    index: Index,
    profile_visits: ProfileVisits,
    learned: Learned,
    map: TopicMap,
}

impl Platform {
    fn new() -> Self {
        let map = TopicMap::new(&[0.53]);
        let mut posts = PostPool::default();
        for day in 0..=TODAY {
            for creator in 0..ACCOUNTS as u32 {
                let row = PostRow {
                    features: Packed::new(map.centre(creator as u8)),
                    creator: AccountId(creator),
                    popularity: creator as f32,
                    day: day as i16,
                    topic_id: creator as u8,
                    ..PostRow::default()
                };
                posts.push(row, day as u32);
            }
        }
        posts.renew_visibility(|creator| if creator.0 == 9 { Visibility::Nobody } else { Visibility::Everyone });
        let accounts = ObservedAccounts::stating(&[AgeBand::Adult; ACCOUNTS]);
        let mut graph = FollowGraph::new(ACCOUNTS);
        graph.follow(AccountId(0), AccountId(1));
        graph.follow(AccountId(0), AccountId(2));
        let observed = Observed { day: TODAY, accounts, posts, graph, blocks: Blocks::default() };
        let mut index = Index::new(ACCOUNTS, &map);
        index.follow_pool(0, &observed.posts);
        index.rebuild(&observed, 14);
        let profile_visits = ProfileVisits::new(ACCOUNTS);
        Platform { observed, index, profile_visits, learned: Learned::default(), map }
    }

    fn view(&self) -> View<'_> {
        View {
            observed: &self.observed,
            index: &self.index,
            inboxes: Inboxes::NONE,
            profile_visits: &self.profile_visits,
            learned: &self.learned,
            content_threshold: 2.0,
        }
    }

    /// Returns the `number`-th request of account 0, whose profile is topic 3.
    fn request(&self, number: u32) -> Request {
        Request {
            viewer: AccountId(0),
            day: TODAY,
            number,
            band: AgeBand::Adult,
            query: Query::new(self.map.centre(3)),
            personalised: true,
            shown_today: [0; MAX_TOPICS],
            draws: Draws::new(1),
        }
    }

    fn all_posts(&self) -> Candidates {
        let mut candidates = Candidates::default();
        (0..self.observed.posts.len() as u32).for_each(|post_index| candidates.push(post_index, Source::Random, false));
        candidates
    }

    fn scores(&self, kind: &str, knobs: serde_json::Value, request: &Request, candidates: &Candidates) -> Vec<f32> {
        let ranker = ranking::decode(kind, knobs).unwrap().unwrap();
        let mut scores = Vec::new();
        ranker.score(request, &self.view(), candidates, &mut scores);
        assert_eq!(scores.len(), candidates.len());
        assert!(scores.iter().all(|score| score.is_finite()));
        scores
    }

    fn best(&self, kind: &str, knobs: serde_json::Value) -> &PostRow {
        let candidates = self.all_posts();
        let scores = self.scores(kind, knobs, &self.request(0), &candidates);
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap();
        &self.observed.posts.rows()[best]
    }
}

fn no_knobs() -> serde_json::Value {
    serde_json::json!({})
}

#[test]
fn candidates_are_live_unseen_and_of_others_each_once() {
    let platform = Platform::new();
    let mut history = History::default();
    let seen = platform.observed.posts.id(15);
    history.view(seen);
    let mut generator = CandidateGenerator::default();
    generator.start_day(AccountId(0), &history, &platform.view(), 7);
    for number in 0..20 {
        let counts = sources::counts(&Quotas::default(), 200, true);
        generator.gather(&platform.request(number), &platform.view(), counts);
        let mut post_indices = generator.candidates.post_indices.clone();
        assert!(post_indices.len() > 20);
        for (&post_index, &follows) in post_indices.iter().zip(&generator.candidates.follows) {
            let post_access = platform.observed.posts.access()[post_index as usize];
            assert!(
                post_access.creator() != AccountId(0)
                    && post_access.visibility() == Visibility::Everyone
                    && post_index != 15
            );
            assert_eq!(follows, [1, 2].contains(&post_access.creator().0));
        }
        post_indices.sort_unstable();
        post_indices.dedup();
        assert_eq!(post_indices.len(), generator.candidates.len());
    }
}

#[test]
fn all_candidates_are_every_live_post_of_others_and_seen_ones_come_again_if_wanted() {
    let platform = Platform::new();
    let mut history = History::default();
    history.view(platform.observed.posts.id(15));
    let posts = platform.observed.posts.access();
    let may_see = |post_index: &u32| {
        let post_access = posts[*post_index as usize];
        post_access.creator() != AccountId(0) && post_access.visibility() == Visibility::Everyone
    };
    let others: Vec<u32> = (0..posts.len() as u32).filter(may_see).collect();
    assert!(others.contains(&15));
    for repeats in [false, true] {
        let mut generator = CandidateGenerator::default();
        generator.repeats = repeats;
        generator.start_day(AccountId(0), &history, &platform.view(), 7);
        generator.note_view(others[0]);
        generator.gather_all(&platform.request(0), &platform.view());
        let unseen = |post_index: &u32| repeats || ![15, others[0]].contains(post_index);
        let expected: Vec<u32> = others.iter().copied().filter(unseen).collect();
        assert_eq!(generator.candidates.post_indices, expected);
    }
}

#[test]
fn followed_posts_come_newest_first() {
    let platform = Platform::new();
    let mut generator = CandidateGenerator::default();
    generator.start_day(AccountId(0), &History::default(), &platform.view(), 7);
    let only =
        Quotas { followed: 1.0, similar: 0.0, co_engaged: 0.0, trending: 0.0, fresh: 0.0, random: 0.0, inbox: 0.0 };
    generator.gather(&platform.request(0), &platform.view(), sources::counts(&only, 50, true));
    let days: Vec<i16> = generator
        .candidates
        .post_indices
        .iter()
        .map(|&post_index| platform.observed.posts.rows()[post_index as usize].day)
        .collect();
    assert_eq!(days, [6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0]);
}

#[test]
fn content_prefers_what_is_close_and_then_what_is_new() {
    let platform = Platform::new();
    let best = platform.best("content", no_knobs());
    assert_eq!((best.creator, best.day), (AccountId(3), TODAY as i16));
}

#[test]
fn popularity_prefers_what_many_engaged_with() {
    let platform = Platform::new();
    assert_eq!(platform.best("popularity", no_knobs()).creator, AccountId(9));
}

#[test]
fn proportional_popularity_draws_in_proportion() {
    // The first post has 3 engagements and the second post has none. The pseudo-count of 1 is added
    // to both. So the first post is drawn first with probability 4/5.
    let platform = Platform::new();
    let mut candidates = Candidates::default();
    candidates.push(3, Source::Random, false);
    candidates.push(0, Source::Random, false);
    let knobs = serde_json::json!({ "choice": "proportional" });
    let first = (0..20_000).filter(|&number| {
        let scores = platform.scores("popularity", knobs.clone(), &platform.request(number), &candidates);
        scores[0] > scores[1]
    });
    let share = first.count() as f64 / 20_000.0;
    assert!((share - 0.8).abs() < 5.0 * (0.16_f64 / 20_000.0).sqrt(), "{share}");
}

#[test]
fn random_order_is_uniform_and_new_for_each_request() {
    let platform = Platform::new();
    let candidates = platform.all_posts();
    let mut firsts = vec![0_u32; candidates.len()];
    for number in 0..14_000 {
        let scores = platform.scores("random", no_knobs(), &platform.request(number), &candidates);
        firsts[(0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()] += 1;
    }
    let chi_square: f64 = firsts.iter().map(|&count| (f64::from(count) - 200.0).powi(2) / 200.0).sum();
    assert!(chi_square < 69.0 + 5.0 * (2.0_f64 * 69.0).sqrt(), "{chi_square} for 69 degrees of freedom");
}

#[test]
fn the_value_model_weighs_hides_against_likes() {
    let mut platform = Platform::new();
    platform.observed.posts.columns_mut().0[3].hides = 3.0;
    // The predictor of hides has learned that posts with a higher hide rate are hidden more often.
    platform.learned.heads.weights[2][6] = 1.0;
    let candidates = platform.all_posts();
    let of_post = |weight: f64| {
        platform.scores(
            "value-model",
            serde_json::json!({ "negative_weight": weight }),
            &platform.request(0),
            &candidates,
        )[3]
    };
    assert!(of_post(5.0) < of_post(0.4) && of_post(0.4) < of_post(0.0));
}

#[test]
fn without_a_profile_similarity_counts_for_nothing() {
    let platform = Platform::new();
    let candidates = platform.all_posts();
    let request = Request { query: Query::default(), personalised: false, ..platform.request(0) };
    let scores = platform.scores("content", no_knobs(), &request, &candidates);
    let today: Vec<f32> = scores[60..70].to_vec();
    assert!(today.iter().all(|&score| score == today[0]));
}

fn slate(platform: &Platform, maker: &mut SlateMaker, request: &Request, shape: Shape) -> Vec<u32> {
    let candidates = platform.all_posts();
    // The newest posts are best.
    maker.scores = (0..candidates.len()).map(|post_index| post_index as f32 + 1.0).collect();
    maker.fill(request, &platform.view(), &candidates, shape);
    post_indices(maker)
}

fn post_indices(maker: &SlateMaker) -> Vec<u32> {
    maker.slate.iter().map(|shown| shown.post_index).collect()
}

/// Lets the policy reorder a slate that was filled from all posts.
///
/// # Errors
/// Fails if an intervention returns an invalid slate.
fn rerank(
    policy: &Policy,
    platform: &Platform,
    maker: &mut SlateMaker,
    request: &Request,
    shape: Shape,
) -> Result<(), RuleError> {
    let active: Active = (0..policy.rules().len() as u16).collect();
    let (view, candidates) = (platform.view(), platform.all_posts());
    maker.rerank(&candidates, shape, |filled, picks| policy.rerank(&active, request, &view, filled, picks))
}

/// Returns a policy with one intervention that applies to every request.
fn policy_of(rule: Box<dyn Intervention>) -> Policy {
    Policy::new(vec![Deployed::of("a-rule", Targeting::default(), rule)])
}

fn floor(topics: u16) -> Policy {
    policy_of(Box::new(DiversityFloor { topics }))
}

#[test]
fn a_slate_takes_the_best_in_order() {
    let platform = Platform::new();
    let shape = Shape { length: 5, explored: &[], discount: 1.0, caps: TopicCaps::default() };
    assert_eq!(slate(&platform, &mut SlateMaker::default(), &platform.request(0), shape), [69, 68, 67, 66, 65]);
}

#[test]
fn caps_hold_in_the_slate_and_over_the_day() {
    let platform = Platform::new();
    let caps = TopicCaps { slate: 1, day: 1 };
    let shape = Shape { length: 20, explored: &[], discount: 1.0, caps };
    let mut request = platform.request(0);
    let mut maker = SlateMaker::default();
    assert_eq!(slate(&platform, &mut maker, &request, shape).len(), 10, "one post per topic");
    request.shown_today[4] = 1;
    assert_eq!(slate(&platform, &mut maker, &request, shape).len(), 9, "no post of the topic shown today");
}

#[test]
fn a_floor_brings_in_as_many_topics_as_there_are() {
    let platform = Platform::new();
    let request = platform.request(0);
    let topics = |fewest: u16, length: u32| {
        let shape = Shape { length, explored: &[], discount: 1.0, caps: TopicCaps::default() };
        let mut maker = SlateMaker::default();
        let _ = slate(&platform, &mut maker, &request, shape);
        rerank(&floor(fewest), &platform, &mut maker, &request, shape).unwrap();
        let post_indices = post_indices(&maker);
        let view = platform.view();
        let topic_count: BTreeSet<u8> =
            post_indices.iter().map(|&post_index| view.observed.posts.rows()[post_index as usize].topic_id).collect();
        (post_indices, topic_count.len())
    };
    let plain = topics(0, 10);
    for fewest in [3, 7, 10] {
        let (post_indices, found) = topics(fewest, 10);
        assert!(found >= usize::from(fewest) && post_indices.len() == 10, "{found} topics, at least {fewest} required");
        assert_eq!(post_indices[0], plain.0[0], "the best post stays first");
    }
    let (post_indices, found) = topics(50, 20);
    assert_eq!((post_indices.len(), found), (20, 10), "slots are filled although there are no more topics");
}

#[test]
fn a_repeated_creator_is_discounted() {
    let platform = Platform::new();
    let shape = Shape { length: 20, explored: &[], discount: 0.1, caps: TopicCaps::default() };
    let post_indices = slate(&platform, &mut SlateMaker::default(), &platform.request(0), shape);
    let mut creators: Vec<u32> = post_indices[..10].iter().map(|post_index| post_index % 10).collect();
    creators.sort_unstable();
    assert_eq!(creators, (0..10).collect::<Vec<u32>>(), "every creator once before any creator twice");
}

#[test]
fn explored_slots_hold_what_exploration_found() {
    let platform = Platform::new();
    let mut maker = SlateMaker::default();
    maker.extras.push(11, Source::Exploration, false);
    let shape = Shape { length: 4, explored: &[1, 3], discount: 1.0, caps: TopicCaps::default() };
    let post_indices = slate(&platform, &mut maker, &platform.request(0), shape);
    assert_eq!(post_indices, [69, 11, 68, 67], "with only one post for exploration, the ranker fills the other slot");
    assert_eq!(maker.slate[1].source, Source::Exploration);
}

/// Returns the slots of a slate that is filled one candidate at a time. Tests compare the result
/// with [`SlateMaker`] or, if a minimum number of topics is required, with [`DiversityFloor`].
fn plain_slate(
    rows: &[PostRow],
    request: &Request,
    scores: &[f32],
    extras: &[u32],
    (shape, fewest): (Shape, u16),
) -> Vec<u32> {
    let Shape { length, explored, discount, caps } = shape;
    let mut left: Vec<Option<f32>> = scores.iter().copied().map(Some).collect();
    let (mut slate, mut ranked, mut passed) = (Vec::<u32>::new(), Vec::<u32>::new(), Vec::new());
    let mut extras = extras.iter();
    let mut indices = length as usize - explored.len().min(extras.len());
    let topic_id = |post_index: u32| usize::from(rows[post_index as usize].topic_id);
    for index in 0..u64::from(length) {
        if let Some(&extra) = explored.contains(&index).then(|| extras.next()).flatten() {
            slate.push(extra);
            continue;
        }
        let topic_count: BTreeSet<usize> = slate.iter().map(|&post_index| topic_id(post_index)).collect();
        let missing = usize::from(fewest).saturating_sub(topic_count.len());
        let only_new = fewest > 0 && missing >= indices;
        indices -= 1;
        loop {
            let first_best = |best: Option<usize>, post_index: usize| match best {
                Some(best) if left[post_index] <= left[best] => Some(best),
                _ => left[post_index].map(|_| post_index).or(best),
            };
            let Some(best) = (0..left.len()).fold(None, first_best) else { break };
            left[best] = None;
            let own = topic_id(best as u32);
            let held = ranked.iter().filter(|&&post_index| topic_id(post_index) == own).count();
            if held >= usize::from(caps.slate) || usize::from(request.shown_today[own]) + held >= usize::from(caps.day)
            {
                continue;
            }
            if only_new && held > 0 {
                passed.push(best as u32);
                continue;
            }
            slate.push(best as u32);
            ranked.push(best as u32);
            let creator = rows[best].creator;
            for (score, _) in left.iter_mut().zip(rows).filter(|(_, row)| row.creator == creator) {
                *score = score.map(|score| if score > 0.0 { score * discount } else { score * (2.0 - discount) });
            }
            break;
        }
    }
    let room = length as usize - slate.len();
    slate.extend(passed.into_iter().take(room));
    slate
}

proptest! {
    #[test]
    fn a_slate_is_what_its_rules_say_one_candidate_at_a_time(
        scores in prop::collection::vec(prop_oneof![-2.0_f32..2.0, Just(0.5), Just(0.0), Just(-0.0)], 70),
        topic_count in prop::collection::vec(0_u8..8, 70),
        shown in prop::collection::vec(0_u16..4, 8),
        (slate, day, fewest) in (0_u16..5, 0_u16..8, 0_u16..10),
        (length, explored) in (1_u32..30, prop::collection::btree_set(0_u64..30, 0..6)),
        extras in prop::collection::vec(0_u32..70, 0..6),
        discount in prop_oneof![Just(1.0_f32), 0.0_f32..1.0],
    ) {
        let mut platform = Platform::new();
        for (row, &topic_id) in platform.observed.posts.columns_mut().0.iter_mut().zip(&topic_count) {
            row.topic_id = topic_id;
        }
        let mut request = platform.request(0);
        request.shown_today[..8].copy_from_slice(&shown);
        let explored: Vec<u64> = explored.into_iter().filter(|&index| index < u64::from(length)).collect();
        let mut maker = SlateMaker::default();
        for &post_index in &extras {
            maker.extras.push(post_index, Source::Exploration, false);
        }
        for (caps, fewest) in [
            (TopicCaps { slate, day }, fewest),
            (TopicCaps { slate, day }, 0),
            (TopicCaps { day, ..TopicCaps::default() }, fewest),
            (TopicCaps::default(), fewest),
            (TopicCaps::default(), 0),
        ] {
            let shape = Shape { length, explored: &explored, discount, caps };
            let expected = plain_slate(platform.observed.posts.rows(), &request, &scores, &extras, (shape, fewest));
            maker.scores.clone_from(&scores);
            maker.fill(&request, &platform.view(), &platform.all_posts(), shape);
            if fewest > 0 {
                rerank(&floor(fewest), &platform, &mut maker, &request, shape).unwrap();
            }
            prop_assert_eq!(post_indices(&maker), expected);
        }
    }
}

/// Trade-off between relevance and similarity to the slate (maximal marginal relevance; Carbonell
/// and Goldstein 1998). The next post has the largest value of `relevance` x score - (1 -
/// `relevance`) x c, where c is the largest cosine between the post and a post in the slate.
#[derive(Debug)]
struct Mmr {
    relevance: f32,
}

impl Intervention for Mmr {
    fn rerank(&self, request: &Request, view: &View, filled: &Filled, picks: &mut Vec<Pick>) {
        let rows = view.observed.posts.rows();
        let post_index = |index: usize| filled.candidates.post_indices[index] as usize;
        let mut rest = filled.rest(request, view);
        let mut likest = vec![0.0_f32; filled.candidates.len()];
        for pick in picks.iter_mut().filter(|pick| matches!(pick, Pick::Ranked(_))) {
            let worth = |index: usize| self.relevance * rest.scores()[index] - (1.0 - self.relevance) * likest[index];
            let left = (0..likest.len()).filter(|&index| rest.scores()[index] > f32::NEG_INFINITY);
            let Some(best) = left.max_by(|&a, &b| worth(a).total_cmp(&worth(b))) else { break };
            rest.take(best);
            *pick = Pick::Ranked(best as u32);
            let taken = Query::new(&rows[post_index(best)].features.unpack());
            for (index, likest) in likest.iter_mut().enumerate() {
                *likest = likest.max(taken.dot(&rows[post_index(index)].features));
            }
        }
    }
}

#[test]
fn a_rule_orders_a_slate_by_maximal_marginal_relevance() {
    let platform = Platform::new();
    let request = platform.request(0);
    let shape = Shape { length: 10, explored: &[2, 7], discount: 1.0, caps: TopicCaps::default() };
    let reranked = |relevance: f32| {
        let mut maker = SlateMaker::default();
        maker.extras.push(11, Source::Exploration, false);
        maker.extras.push(12, Source::Exploration, false);
        let candidates = platform.all_posts();
        // All posts of a topic have the same score. The last topic has the best score.
        maker.scores = (0..candidates.len()).map(|post_index| (post_index % ACCOUNTS) as f32 / 10.0).collect();
        maker.fill(&request, &platform.view(), &candidates, shape);
        let policy = policy_of(Box::new(Mmr { relevance }));
        rerank(&policy, &platform, &mut maker, &request, shape).unwrap();
        (post_indices(&maker), policy.take_applied()[0], maker)
    };
    let topics =
        |post_indices: &[u32]| post_indices.iter().map(|post_index| post_index % 10).collect::<BTreeSet<u32>>().len();
    let (by_relevance, _, _) = reranked(1.0);
    assert_eq!(topics(&by_relevance), 2 + 2, "two topics have the best posts, and exploration adds two other topics");
    let (diverse, applied, maker) = reranked(0.3);
    assert_eq!(topics(&diverse), 9, "eight topics, and one that only exploration adds");
    assert!(applied && (diverse[2], diverse[7]) == (11, 12), "posts for exploration keep their positions");
    assert_eq!(diverse[0] % 10, 9, "the best post is first");
    assert!([2, 7].map(|index| maker.slate[index].source).iter().all(|source| *source == Source::Exploration));
}

/// An intervention that returns these picks.
#[derive(Debug)]
struct Leaves(Vec<Pick>);

impl Intervention for Leaves {
    fn rerank(&self, _: &Request, _: &View, _: &Filled, picks: &mut Vec<Pick>) {
        picks.clone_from(&self.0);
    }
}

#[test]
fn what_is_no_slate_is_refused_and_a_slate_may_become_shorter() {
    use Pick::{Explored, Ranked};
    let platform = Platform::new();
    let mut request = platform.request(0);
    request.shown_today[4] = 2;
    let shape = Shape { length: 4, explored: &[1, 3], discount: 1.0, caps: TopicCaps { slate: 2, day: 2 } };
    let left = |picks: &[Pick]| {
        let mut maker = SlateMaker::default();
        maker.extras.push(11, Source::Exploration, false);
        assert_eq!(slate(&platform, &mut maker, &request, shape), [69, 11, 68, 67]);
        let rules = policy_of(Box::new(Leaves(picks.to_vec())));
        rerank(&rules, &platform, &mut maker, &request, shape).map(|()| post_indices(&maker))
    };
    assert_eq!(
        left(&[Explored(0), Ranked(3)]).unwrap(),
        [11, 3],
        "posts for exploration are allowed to move, and posts can be removed"
    );
    assert_eq!(left(&[Ranked(69), Explored(0), Ranked(68), Ranked(67)]).unwrap(), [69, 11, 68, 67]);
    let refused = |picks: &[Pick]| left(picks).unwrap_err();
    assert_eq!(refused(&[Ranked(1)]).what, "1 posts for exploration are missing from the slate");
    assert_eq!(refused(&[Explored(0), Ranked(1), Ranked(1)]).what, "Ranked(1) is in the slate twice");
    assert_eq!(
        refused(&[Explored(0), Explored(1)]).what,
        "Explored(1) does not exist: there are 1 posts for exploration"
    );
    assert_eq!(refused(&[Explored(0), Ranked(70)]).what, "Ranked(70) does not exist: there are 70 candidates");
    let many: Vec<Pick> = (0..5).map(Ranked).collect();
    assert_eq!(refused(&many).what, "the slate has 5 posts, but at most 4 fit");
    let full = refused(&[Explored(0), Ranked(14)]);
    let words = "Ranked(14) must not be in the slate: its topic is full today";
    assert_eq!((full.rule.as_str(), full.to_string().as_str()), ("a-rule", words));
}

#[test]
fn a_rule_orders_slates_anew_in_the_share_of_requests_set() {
    let platform = Platform::new();
    let shape = Shape { length: 10, explored: &[], discount: 1.0, caps: TopicCaps::default() };
    for (efficacy, expected) in [(1.0, 400..401), (0.5, 150..251), (0.0, 0..1)] {
        let targeting = Targeting { efficacy, ..Targeting::default() };
        let policy = Policy::new(vec![Deployed::of("reverses", targeting, Box::new(Leaves(vec![Pick::Ranked(0)])))]);
        let reordered = (0..400).filter(|&number| {
            let (mut maker, request) = (SlateMaker::default(), platform.request(number));
            let before = slate(&platform, &mut maker, &request, shape);
            rerank(&policy, &platform, &mut maker, &request, shape).unwrap();
            post_indices(&maker) != before
        });
        let count = reordered.count();
        assert!(expected.contains(&count), "{count} of 400 at {efficacy}");
        assert_eq!(policy.take_applied(), [count > 0]);
    }
}

proptest! {
    #[test]
    fn followed_posts_come_by_the_day_on_which_a_followee_posted_or_shared_them(
        follows in prop::collection::btree_set(1_u32..10, 0..9),
        shares in prop::collection::vec((1_u32..10, 0_usize..70, 0_i32..7), 0..40),
        ties: u64,
    ) {
        let mut platform = Platform::new();
        for &followee in &follows {
            platform.observed.graph.follow(AccountId(0), AccountId(followee));
        }
        for &(by, post_index, day) in &shares {
            platform.index.share(Shared { by: AccountId(by), post: platform.observed.posts.id(post_index), day });
        }
        platform.index.rebuild(&platform.observed, 14);
        let followees = platform.observed.graph.followees(AccountId(0));
        let follows = |id: AccountId| followees.contains(&id);
        let rows = platform.observed.posts.rows();
        let posted = (0..rows.len()).filter(|&post_index| follows(rows[post_index].creator));
        let posted = posted.map(|post_index| (i32::from(rows[post_index].day), post_index));
        let shared = shares.iter().filter(|(by, ..)| follows(AccountId(*by))).map(|&(_, post_index, day)| (day, post_index));
        let mut all: Vec<(i32, u16, usize)> =
            posted.chain(shared).map(|(day, post_index)| (day, mix(ties ^ post_index as u64) as u16, post_index)).collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        let mut expected = Vec::new();
        for (.., post_index) in all {
            // Nobody is allowed to see posts of account 9, and the viewer is not shown its own
            // posts.
            if ![0, 9].contains(&rows[post_index].creator.0) && !expected.contains(&(post_index as u32)) {
                expected.push(post_index as u32);
            }
        }
        let mut generator = CandidateGenerator::default();
        generator.start_day(AccountId(0), &History::default(), &platform.view(), ties);
        generator.gather(&platform.request(0), &platform.view(), [900, 0, 0, 0, 0, 0, 0]);
        prop_assert_eq!(&generator.candidates.post_indices, &expected);
    }
}

/// Returns the creators of all posts that a viewer gets in twenty requests, in exploration, and in
/// a search for each topic.
fn creators_found(platform: &Platform, viewer: u32) -> BTreeSet<u32> {
    let (view, viewer) = (platform.view(), AccountId(viewer));
    let creator = |post_index: u32| platform.observed.posts.rows()[post_index as usize].creator.0;
    let (mut generator, mut searcher, mut found) =
        (CandidateGenerator::default(), Searcher::default(), BTreeSet::new());
    generator.start_day(viewer, &History::default(), &view, 7);
    for number in 0..20 {
        let request = Request { viewer, ..platform.request(number) };
        generator.gather(&request, &view, sources::counts(&Quotas::default(), 200, true));
        found.extend(generator.candidates.post_indices.iter().map(|&post_index| creator(post_index)));
        found.extend((0..20).filter_map(|index| generator.explore(&request, &view, index)).map(creator));
    }
    for topic in 0..ACCOUNTS as u8 {
        let request = Request { viewer, query: Query::new(platform.map.centre(topic)), ..platform.request(0) };
        let settings = Search { results: 50, candidates: 1000, ..Search::default() };
        searcher.posts(&request, &view, &settings, &mut generator);
        found.extend(searcher.posts.iter().map(|shown| creator(shown.post_index)));
        searcher.accounts(&request, &view, (&settings, &Policy::default()), &mut generator);
        found.extend(searcher.accounts.iter().map(|account| account.0));
    }
    found
}

#[test]
fn a_private_post_is_found_by_followers_alone_and_one_that_was_taken_down_by_nobody() {
    let mut platform = Platform::new();
    platform.observed.posts.renew_visibility(|creator| match creator.0 {
        1 | 3 => Visibility::Followers, // account 0 follows 1 and 2
        2 | 9 => Visibility::Nobody,
        _ => Visibility::Everyone,
    });
    for renewed in [false, true] {
        if renewed {
            platform.index.rebuild(&platform.observed, 14);
        }
        let found = |viewer| creators_found(&platform, viewer).into_iter().collect::<Vec<u32>>();
        assert_eq!(found(0), [1, 4, 5, 6, 7, 8], "the viewer follows 1 and 2; lists rebuilt: {renewed}");
        assert_eq!(found(4), [0, 5, 6, 7, 8], "the viewer follows nobody; lists rebuilt: {renewed}");
    }
}

#[test]
fn collaborative_filtering_equals_a_count_of_common_likers() {
    let mut platform = Platform::new();
    // Account n likes posts whose index is a multiple of n + 2, so that likers overlap in many
    // ways. A post has at most eight likers.
    for account in 0..8_u32 {
        for post_index in (0..70_u32).filter(|post_index| post_index % (account + 2) == 0).take(9) {
            let post = platform.observed.posts.id(post_index as usize);
            platform.index.like(AccountId(account), post_index as usize, post);
        }
    }
    let request = platform.request(0);
    let ranker = ranking::decode("collaborative", serde_json::json!({ "popularity": 0.0 })).unwrap().unwrap();
    let (view, candidates, mut scores) = (platform.view(), platform.all_posts(), Vec::new());
    ranker.score(&request, &view, &candidates, &mut scores);
    let likers = |post_index: u32| -> BTreeSet<u32> {
        platform.index.likers(post_index as usize).iter().copied().filter(|&id| id != 0).collect()
    };
    let own: Vec<u32> = platform.index.liked(AccountId(0)).to_vec();
    let mut above = 0;
    for (post_index, score) in scores.iter().enumerate() {
        let theirs = likers(post_index as u32);
        let cosine = |other: &u32| {
            let mine = likers(*other);
            let common = mine.intersection(&theirs).count() as f32;
            if common > 0.0 { common / ((mine.len() * theirs.len()) as f32).sqrt() } else { 0.0 }
        };
        let expected: f32 = own.iter().map(cosine).sum();
        assert!((score - expected).abs() < 1e-5, "{score} and {expected} for post {post_index}");
        above += u32::from(expected > 0.0);
    }
    assert!(above > 10, "{above} posts with a common liker");
}

/// Returns a platform on which account n engaged with the posts whose index is a multiple of n + 2.
/// So engagements overlap in many ways.
fn with_engagements() -> Platform {
    let mut platform = Platform::new();
    platform.learned.engagements.follow(ACCOUNTS, &platform.observed.posts);
    for account in 0..9_u32 {
        for post_index in (0..70_u32).filter(|post_index| post_index % (account + 2) == 0) {
            platform.learned.engagements.learn(AccountId(account), platform.observed.posts.id(post_index as usize));
        }
    }
    platform
}

#[test]
fn neighbours_equal_a_count_over_all_accounts() {
    let platform = with_engagements();
    let posts = |account: u32| -> BTreeSet<PostId> { platform.learned.engagements.posts(AccountId(account)).collect() };
    let own = posts(0);
    let cosine = |account: u32| {
        let theirs = posts(account);
        own.intersection(&theirs).count() as f32 / ((own.len() * theirs.len()).max(1) as f32).sqrt()
    };
    let mut others: Vec<(u32, f32)> = (1..ACCOUNTS as u32).map(|other| (other, cosine(other))).collect();
    others.sort_by(|a, b| b.1.total_cmp(&a.1));
    for k in [1, 3, 100] {
        let asked: Vec<(u32, f32)> = others.iter().copied().filter(|&(_, cosine)| cosine > 0.0).take(k).collect();
        let whole: f32 = asked.iter().map(|(_, cosine)| cosine).sum();
        let knobs = serde_json::json!({ "neighbours": k, "popularity": 0.0 });
        let scores = platform.scores("neighbours", knobs, &platform.request(0), &platform.all_posts());
        for (post_index, score) in scores.iter().enumerate() {
            let post = platform.observed.posts.id(post_index);
            let theirs = asked.iter().filter(|&&(other, _)| posts(other).contains(&post));
            let expected = theirs.map(|(_, cosine)| cosine).sum::<f32>() / whole;
            assert!((score - expected).abs() < 1e-5, "{score} and {expected} for post {post_index} of {k} neighbours");
        }
    }
}

#[test]
fn neighbours_ask_nobody_without_personalisation_or_before_the_first_engagement() {
    let platform = with_engagements();
    let plain = Request { personalised: false, ..platform.request(0) };
    let unknown = Request { viewer: AccountId(9), ..platform.request(0) };
    for request in [plain, unknown] {
        let scores = platform.scores("neighbours", no_knobs(), &request, &platform.all_posts());
        let popularity =
            |post_index: usize| 0.001 * libm::logf(1.0 + platform.observed.posts.rows()[post_index].popularity);
        assert!((0..70).all(|post_index| (scores[post_index] - popularity(post_index)).abs() < 1e-5));
    }
}

#[test]
fn ties_of_neighbours_are_settled_by_luck() {
    let platform = Platform::new();
    let candidates = platform.all_posts();
    let knobs = serde_json::json!({ "popularity": 0.0 });
    let firsts: BTreeSet<usize> = (0..50)
        .map(|number| {
            let scores = platform.scores("neighbours", knobs.clone(), &platform.request(number), &candidates);
            (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
        })
        .collect();
    assert!(firsts.len() > 20, "{firsts:?}");
}

#[test]
fn walks_over_likes_find_as_many_as_asked_and_only_what_those_like_who_like_the_same() {
    let mut platform = Platform::new();
    let like = |index: &mut Index, account: u32, post_index: usize| {
        index.like(AccountId(account), post_index, platform.observed.posts.id(post_index));
    };
    like(&mut platform.index, 0, 13);
    for (account, post_indices) in [(3, 20..29), (4, 30..39)] {
        like(&mut platform.index, account, 13);
        post_indices.for_each(|post_index| like(&mut platform.index, account, post_index));
    }
    like(&mut platform.index, 5, 64); // has no like in common with the viewer
    let mut generator = CandidateGenerator::default();
    generator.start_day(AccountId(0), &History::default(), &platform.view(), 7);
    let (mut full, mut found) = (0, BTreeSet::new());
    for number in 0..200 {
        generator.gather(&platform.request(number), &platform.view(), [0, 0, 3, 0, 0, 0, 0]);
        let Candidates { post_indices, sources, .. } = &generator.candidates;
        assert!(post_indices.len() <= 3 && sources.iter().all(|&source| source == Source::CoEngaged));
        full += usize::from(post_indices.len() == 3);
        found.extend(post_indices.iter().copied());
    }
    assert!(full > 150, "{full} of 200 requests got all three");
    // The viewer's own posts are excluded.
    let liked = (20..29).chain(30..39).chain([13]).filter(|post_index| post_index % 10 != 0);
    assert!(found.is_subset(&liked.collect()) && found.len() > 12, "{found:?}");
}

#[test]
fn an_inbox_offers_what_came_newest_first_without_what_was_seen_or_is_the_viewers_own() {
    let platform = Platform::new();
    let mut inboxes = Inboxes::new(ACCOUNTS, 8, true);
    for (post_index, day) in [(21, 2), (30, 3), (31, 3), (42, 4), (51, 5)] {
        inboxes.deliver(AccountId(0), platform.observed.posts.id(post_index), 1, day);
    }
    let view = View { inboxes: &inboxes, ..platform.view() };
    let mut history = History::default();
    history.view(platform.observed.posts.id(42));
    let mut generator = CandidateGenerator::default();
    generator.start_day(AccountId(0), &history, &view, 7);
    for (count, expected) in [(2, &[51, 31][..]), (9, &[51, 31, 21][..]), (0, &[][..])] {
        generator.gather(&platform.request(0), &view, [0, 0, 0, 0, 0, 0, count]);
        assert_eq!(generator.candidates.post_indices, expected, "{count} wanted");
        assert!(generator.candidates.sources.iter().all(|&source| source == Source::Inbox));
    }
}
