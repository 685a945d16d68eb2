//! Tests of people suggestions on small platforms whose follows are all known. The results are
//! compared with simple computations from the definitions.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use proptest::prelude::*;
use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool};
use recsafe_common::topics::TopicMap;
use recsafe_platform::View;
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::interventions::{Deployed, Policy};
use recsafe_platform::learning::Learned;
use recsafe_platform::profile_visits::ProfileVisits;
use recsafe_platform::settings::Suggestions;
use recsafe_platform::suggestions::ranking::{self, PeopleRanker};
use recsafe_platform::suggestions::{
    AccountCandidates, AccountSource, Audiences, Service, SuggestionMaker, SuggestionRequest,
};
use serde_json::json;

/// A platform with follows and visits to profiles, without posts.
struct Platform {
    observed: Observed,
    index: Index,
    profile_visits: ProfileVisits,
    learned: Learned,
}

/// An answer: the slate, the accounts that were kept out of the slate, and the ranker's score of
/// each candidate.
#[derive(Debug)]
struct Answer {
    slate: Vec<u32>,
    hidden: Vec<u32>,
    scores: BTreeMap<u32, f32>,
}

/// All parameters of a request except the viewer.
struct How<'a> {
    settings: Suggestions,
    policy: Policy,
    findable: usize,
    visit: u32,
    shown: &'a [u32],
}

/// A ranker that stores its last scores.
#[derive(Debug)]
struct Watched {
    ranker: Box<dyn PeopleRanker>,
    scored: Mutex<Vec<(u32, f32)>>,
}

impl PeopleRanker for Watched {
    fn sources(&self) -> &'static [AccountSource] {
        self.ranker.sources()
    }

    fn score(&self, request: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        self.ranker.score(request, candidates, scores);
        assert_eq!(scores.len(), candidates.len());
        let accounts = candidates.accounts.iter().map(|account| account.0);
        *self.scored.lock().unwrap() = accounts.zip(scores.iter().copied()).collect();
    }
}

fn watched(kind: &str, knobs: serde_json::Value) -> Watched {
    Watched { ranker: ranking::decode(kind, knobs).unwrap().unwrap(), scored: Mutex::default() }
}

impl Platform {
    fn new(accounts: usize, follows: &[(u32, u32)], visits: &[(u32, u32)], blocked: &[(u32, u32)]) -> Self {
        let mut graph = FollowGraph::new(accounts);
        for &(from, to) in follows {
            graph.follow(AccountId(from), AccountId(to));
        }
        let mut profile_visits = ProfileVisits::new(accounts);
        for &(from, to) in visits {
            profile_visits.add(AccountId(from), AccountId(to));
        }
        let mut blocks = Blocks::default();
        for &(a, b) in blocked {
            blocks.add(AccountId(a), AccountId(b), 0);
        }
        let declared_age = ObservedAccounts::stating(&vec![AgeBand::Adult; accounts]);
        let observed = Observed { day: 3, accounts: declared_age, posts: PostPool::default(), graph, blocks };
        let mut index = Index::new(accounts, &TopicMap::new(&[0.53]));
        index.rebuild(&observed, 14);
        Platform { observed, index, profile_visits, learned: Learned::default() }
    }

    /// Returns the platform after these accounts declared an age of 16 or 17.
    fn with_minors(mut self, minors: impl IntoIterator<Item = u32>) -> Self {
        minors.into_iter().for_each(|id| self.observed.accounts.band[id as usize] = AgeBand::From16);
        self
    }

    fn how(&self) -> How<'static> {
        let findable = self.observed.graph.accounts();
        How { settings: Suggestions::default(), policy: Policy::default(), findable, visit: 0, shown: &[] }
    }

    fn ask(&self, viewer: u32, ranker: &Watched, how: &How) -> Answer {
        self.ask_again(viewer, ranker, how, &mut SuggestionMaker::default())
    }

    fn ask_again(&self, viewer: u32, ranker: &Watched, how: &How, maker: &mut SuggestionMaker) -> Answer {
        let Platform { observed, index, profile_visits, learned } = self;
        let view = View { observed, index, inboxes: Inboxes::NONE, profile_visits, learned, content_threshold: 2.0 };
        let request = SuggestionRequest { viewer: AccountId(viewer), day: 3, visit: how.visit, draws: Draws::new(9) };
        let audiences = &Audiences::new(&observed.graph, profile_visits);
        let service = Service {
            settings: &how.settings,
            ranker,
            checked: true,
            policy: &how.policy,
            findable: how.findable,
            audiences,
        };
        maker.answer(&request, &view, &service, how.shown).unwrap();
        let numbers = |accounts: &[AccountId]| accounts.iter().map(|account| account.0).collect();
        let scored = ranker.scored.lock().unwrap();
        let scores: BTreeMap<u32, f32> = scored.iter().copied().collect();
        assert_eq!(scores.len(), scored.len(), "no duplicate candidates");
        Answer { slate: numbers(&maker.slate), hidden: numbers(&maker.hidden), scores }
    }

    fn follows(&self, from: u32, to: u32) -> bool {
        self.observed.graph.contains(AccountId(from), AccountId(to))
    }

    fn ids(&self) -> std::ops::Range<u32> {
        0..self.observed.graph.accounts() as u32
    }

    /// Returns whether an account can be suggested. The account must not be the viewer. The viewer
    /// must not follow the account, and there must be no block between the two.
    fn may_be_suggested(&self, viewer: u32, id: u32) -> bool {
        id != viewer && !self.follows(viewer, id) && !self.observed.blocks.between(AccountId(viewer), AccountId(id))
    }

    /// Panics unless each account that can be suggested has the score that `expected` returns.
    /// Accounts that are not candidates have score 0.
    fn assert_scores(&self, viewer: u32, scores: &BTreeMap<u32, f32>, expected: impl Fn(u32) -> f64) {
        let mut positive = 0;
        for id in self.ids() {
            let wanted = if self.may_be_suggested(viewer, id) { expected(id) } else { 0.0 };
            let found = f64::from(scores.get(&id).copied().unwrap_or(0.0));
            assert!((found - wanted).abs() < 1e-5 * (1.0 + wanted), "{id} for viewer {viewer}: {found}, not {wanted}");
            positive += usize::from(wanted > 0.0);
        }
        assert!(positive > 0, "no account is suggested to {viewer}");
    }
}

/// Returns the sum of 1 / ln(1 + followees) over the accounts that the viewer follows and that
/// follow the candidate.
fn adamic_adar(platform: &Platform, viewer: u32, candidate: u32) -> f64 {
    let between = platform.ids().filter(|&w| platform.follows(viewer, w) && platform.follows(w, candidate));
    between.map(|w| 1.0 / libm::log1p(platform.observed.graph.followees(AccountId(w)).len() as f64)).sum()
}

/// Returns how often an account is counted in the audience of another account: once for a follow
/// and once for a visit.
fn belongs(platform: &Platform, member: u32, to: u32) -> f64 {
    let visited = platform.profile_visits.visited_by(AccountId(member)).contains(&to);
    f64::from(u8::from(platform.follows(member, to))) + f64::from(u8::from(visited))
}

/// Returns the cosine of two audiences. The viewer is excluded from the common members, but is
/// included in the sizes of the audiences. A size is the number of follows plus the number of
/// visits.
fn cosine(platform: &Platform, viewer: u32, a: u32, b: u32) -> f64 {
    let size = |of| platform.ids().map(|member| belongs(platform, member, of)).sum::<f64>();
    let others = platform.ids().filter(|&member| member != viewer);
    let common: f64 = others.map(|member| belongs(platform, member, a) * belongs(platform, member, b)).sum();
    if common > 0.0 { common / (size(a) * size(b)).sqrt() } else { 0.0 }
}

/// Returns the sum of the cosines between the candidate's audience and the audience of each account
/// that the viewer follows or visited.
fn similar_audience(platform: &Platform, viewer: u32, candidate: u32) -> f64 {
    platform.ids().map(|seed| belongs(platform, viewer, seed) * cosine(platform, viewer, seed, candidate)).sum()
}

const FOLLOWS: [(u32, u32); 30] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (1, 0),
    (1, 4),
    (1, 5),
    (1, 6),
    (2, 4),
    (2, 7),
    (3, 2),
    (3, 4),
    (3, 5),
    (3, 7),
    (3, 8),
    (3, 9),
    (5, 0),
    (5, 1),
    (6, 5),
    (8, 4),
    (8, 6),
    (10, 1),
    (10, 5),
    (10, 7),
    (11, 2),
    (11, 4),
    (11, 8),
    (11, 9),
    (9, 3),
    (9, 6),
    (4, 10),
];
const VISITS: [(u32, u32); 8] = [(0, 6), (0, 1), (10, 1), (10, 8), (11, 6), (5, 6), (7, 9), (9, 8)];

/// Returns a platform of twelve accounts. Account 5 follows account 0, and account 1 follows
/// account 5. There is a block between accounts 5 and 10.
fn twelve() -> Platform {
    Platform::new(12, &FOLLOWS, &VISITS, &[(5, 10)])
}

#[test]
fn of_a_long_list_an_even_sample_stands_for_all() {
    for length in [99_u32, 100, 101, 150] {
        // In `wide`, one followee follows many accounts. In `deep`, each of many followees follows
        // one account.
        let wide: Vec<(u32, u32)> = std::iter::once((0, 1)).chain((0..length).map(|n| (1, 2 + n))).collect();
        let deep: Vec<(u32, u32)> = (0..length).flat_map(|n| [(0, 2 + n), (2 + n, 2 + length + n)]).collect();
        let looked_at = length.min(100);
        let stands_for = f64::from(length) / f64::from(looked_at);
        for (follows, closeness) in [(wide, 1.0 / libm::log(f64::from(1 + length))), (deep, 1.0 / libm::log(2.0))] {
            let platform = Platform::new(2 + 2 * length as usize, &follows, &[], &[]);
            let answer = platform.ask(0, &watched("mutuals", json!({})), &platform.how());
            let found: Vec<f32> = answer.scores.into_values().filter(|&score| score > 0.0).collect();
            assert_eq!(found.len(), looked_at as usize, "of {length}");
            assert!(
                found.iter().all(|&score| (f64::from(score) / (stands_for * closeness) - 1.0).abs() < 1e-5),
                "{found:?}"
            );
        }
    }
}

#[test]
fn mutual_ties_are_adamic_adar_closeness() {
    let platform = twelve();
    for viewer in [0, 3, 5, 8, 10, 11] {
        let answer = platform.ask(viewer, &watched("mutuals", json!({})), &platform.how());
        platform.assert_scores(viewer, &answer.scores, |id| adamic_adar(&platform, viewer, id));
    }
}

#[test]
fn similar_audience_is_the_summed_cosine_of_audiences_by_follows_and_visits() {
    let platform = twelve();
    let all = |id| platform.ids().map(|other| belongs(&platform, id, other)).sum::<f64>();
    let audience = |id| platform.ids().map(|other| belongs(&platform, other, id)).sum::<f64>();
    assert!(platform.ids().all(|id| all(id) <= 6.0 && audience(id) <= 6.0), "lists are too short for sampling");
    for viewer in [0, 1, 3, 5, 9, 11] {
        let answer = platform.ask(viewer, &watched("similar-audience", json!({})), &platform.how());
        platform.assert_scores(viewer, &answer.scores, |id| similar_audience(&platform, viewer, id));
    }
}

#[test]
fn a_visit_to_a_profile_counts_for_similar_audience_as_a_follow_does() {
    let ranker = watched("similar-audience", json!({}));
    let by_follows = Platform::new(4, &[(0, 1), (2, 1), (2, 3)], &[], &[]);
    let by_visits = Platform::new(4, &[], &[(0, 1), (2, 1), (2, 3)], &[]);
    let followed = by_follows.ask(0, &ranker, &by_follows.how());
    let visited = by_visits.ask(0, &ranker, &by_visits.how());
    assert_eq!(followed.slate, [3]);
    assert_eq!(followed.scores[&3], visited.scores[&3]);
    assert_eq!(
        visited.scores.keys().copied().collect::<Vec<u32>>(),
        [1, 3],
        "account 1 was visited but is not followed"
    );
}

#[test]
fn popular_accounts_come_by_followers_most_first() {
    let platform = twelve();
    let answer = platform.ask(4, &watched("popular", json!({})), &platform.how());
    let followers = |id: u32| platform.observed.graph.followers(AccountId(id)).len();
    let expected: BTreeSet<u32> =
        platform.ids().filter(|&id| followers(id) > 0 && platform.may_be_suggested(4, id)).collect();
    assert_eq!(answer.scores.keys().copied().collect::<BTreeSet<u32>>(), expected);
    assert_eq!(answer.slate.len(), expected.len().min(10));
    assert!(answer.slate.windows(2).all(|pair| followers(pair[0]) >= followers(pair[1])), "{:?}", answer.slate);
    assert!(followers(answer.slate[0]) > followers(answer.slate[8]), "numbers of followers differ");
}

#[test]
fn the_blend_is_the_weighted_sum_of_each_evidence_over_its_largest_value() {
    let platform = twelve();
    let knobs = json!({ "mutuals": 0.7, "similar_audience": 2.0, "popular": 0.3 });
    for viewer in [0, 1, 3, 11] {
        let popularity = |id: u32| libm::log1p(platform.observed.graph.followers(AccountId(id)).len() as f64);
        let largest = |of: &dyn Fn(u32) -> f64| {
            platform.ids().filter(|&id| platform.may_be_suggested(viewer, id)).map(of).fold(0.0, f64::max)
        };
        let (ties, audience) = (|id| adamic_adar(&platform, viewer, id), |id| similar_audience(&platform, viewer, id));
        let (most_ties, most_audience, most_popular) = (largest(&ties), largest(&audience), largest(&popularity));
        let answer = platform.ask(viewer, &watched("blend", knobs.clone()), &platform.how());
        platform.assert_scores(viewer, &answer.scores, |id| {
            0.7 * ties(id) / most_ties + 2.0 * audience(id) / most_audience + 0.3 * popularity(id) / most_popular
        });
    }
}

#[test]
fn a_slate_holds_the_best_scores_in_order_and_no_more_than_its_slots() {
    let platform = twelve();
    for entry in ranking::entries() {
        let how = How { settings: Suggestions { slate: 4, ..Suggestions::default() }, ..platform.how() };
        let Answer { slate, scores, .. } = platform.ask(0, &watched(entry.id, json!({})), &how);
        assert_eq!(slate.len(), scores.len().min(4), "{}", entry.id);
        let mut best: Vec<f32> = scores.values().copied().collect();
        best.sort_unstable_by(|a, b| b.total_cmp(a));
        let found: Vec<f32> = slate.iter().map(|id| scores[id]).collect();
        assert_eq!(found, best[..slate.len()], "{}", entry.id);
    }
}

#[test]
fn random_suggestions_are_uniform_over_all_who_may_be_suggested() {
    // 20 accounts can be found. The viewer, 3 followees and 2 accounts with blocks are excluded, so
    // 14 remain.
    let platform = Platform::new(24, &[(0, 1), (0, 2), (0, 3), (7, 8), (9, 8)], &[(0, 8)], &[(0, 4), (5, 0)]);
    let (ranker, mut maker) = (watched("random", json!({})), SuggestionMaker::default());
    let (mut firsts, mut pairs, visits) = ([0_u32; 24], [[0_u32; 24]; 24], 18_200);
    for visit in 0..visits {
        let settings = Suggestions { candidates: 30, slate: 3, ..Suggestions::default() };
        let how = How { settings, findable: 20, visit, ..platform.how() };
        let slate = platform.ask_again(0, &ranker, &how, &mut maker).slate;
        assert!(slate.iter().all(|id| (6..20).contains(id)), "{slate:?}");
        firsts[slate[0] as usize] += 1;
        pairs[slate[0] as usize][slate[1] as usize] += 1;
    }
    let chi_square = |counts: &[u32]| {
        let expected = f64::from(visits) / counts.len() as f64;
        counts.iter().map(|&n| (f64::from(n) - expected).powi(2) / expected).sum::<f64>()
    };
    let first = chi_square(&firsts[6..20]);
    assert!(first < 46.9, "{first}: above 46.9 has probability 1e-5 with 13 degrees of freedom");
    let pairs: Vec<u32> =
        (6..20).flat_map(|a| (6..20).filter(move |&b| b != a).map(move |b| (a, b))).map(|(a, b)| pairs[a][b]).collect();
    let pair = chi_square(&pairs);
    assert!(pair < 273.9, "{pair}: above 273.9 has probability 1e-5 with 181 degrees of freedom");
}

#[test]
fn random_suggestions_offer_nobody_who_cannot_be_found() {
    let platform = Platform::new(30, &[(0, 29), (1, 29)], &[], &[]);
    let ranker = watched("random", json!({}));
    for (findable, most) in [(0, 0), (1, 0), (2, 1), (12, 11)] {
        let mut offered = BTreeSet::new();
        for visit in 0..200 {
            let how = How { findable, visit, ..platform.how() };
            offered.extend(platform.ask(0, &ranker, &how).scores.into_keys());
        }
        assert_eq!(
            offered,
            (1..=most).collect::<BTreeSet<u32>>(),
            "{findable} accounts can be suggested, to account 0"
        );
    }
}

#[test]
fn every_time_that_an_account_was_shown_lowers_it() {
    // Three followees follow account 5, and one followee follows account 6. The four followees
    // follow no other accounts.
    let platform = Platform::new(7, &[(0, 1), (0, 2), (0, 3), (0, 4), (1, 5), (2, 5), (3, 5), (4, 6)], &[], &[]);
    let slate = |fatigue: f64, shown: &[u32]| {
        let settings = Suggestions { fatigue, ..Suggestions::default() };
        platform.ask(0, &watched("mutuals", json!({})), &How { settings, shown, ..platform.how() }).slate
    };
    assert_eq!(slate(0.5, &[]), [5, 6]);
    assert_eq!(slate(0.5, &[5, 0, 3]), [5, 6], "half of three ties is more than one tie");
    assert_eq!(slate(0.5, &[5, 3, 5]), [6, 5], "a quarter of three ties is less than one tie");
    assert_eq!(slate(0.5, &[5, 6, 5]), [5, 6], "both were shown");
    assert_eq!(slate(0.2, &[5]), [6, 5]);
    assert_eq!(slate(1.0, &[5, 5, 5, 5]), [5, 6], "without fatigue nothing changes");
}

fn hide_minors(knobs: &serde_json::Value) -> Policy {
    let mut rule = json!({ "kind": "hide-minors-from-suggestions" });
    rule.as_object_mut().unwrap().extend(knobs.as_object().unwrap().clone());
    Policy::new(vec![Deployed::new(&serde_json::from_value(rule).unwrap()).unwrap()])
}

/// Returns a platform of sixty accounts without follows. Accounts with even numbers declare an age
/// below 18.
fn half_minors() -> Platform {
    Platform::new(60, &[], &[], &[]).with_minors((0..60).step_by(2))
}

fn is_minor(platform: &Platform, id: u32) -> bool {
    platform.observed.accounts.passes_for_minor(AccountId(id))
}

#[test]
fn minors_who_are_hidden_are_in_no_adults_slate_and_the_next_best_take_their_place() {
    let platform = half_minors();
    let ranker = watched("random", json!({}));
    for visit in 0..100 {
        let plain = How { visit, ..platform.how() };
        let ruled = How { policy: hide_minors(&json!({})), visit, ..platform.how() };
        let (before, after) = (platform.ask(1, &ranker, &plain), platform.ask(1, &ranker, &ruled));
        let mut best: Vec<u32> = before.scores.keys().copied().filter(|&id| !is_minor(&platform, id)).collect();
        best.sort_by(|a, b| before.scores[b].total_cmp(&before.scores[a]));
        assert_eq!(after.slate, best[..10]);
        let gone: Vec<u32> = before.slate.iter().copied().filter(|&id| is_minor(&platform, id)).collect();
        assert_eq!(after.hidden, gone, "only accounts that would have been in the slate");
    }
}

#[test]
fn a_minors_slate_is_left_alone_when_minors_are_hidden_from_adults() {
    let platform = half_minors();
    let ranker = watched("random", json!({}));
    let mut minors = 0;
    for visit in 0..100 {
        let plain = How { visit, ..platform.how() };
        let ruled = How { policy: hide_minors(&json!({})), visit, ..platform.how() };
        let (before, after) = (platform.ask(2, &ranker, &plain), platform.ask(2, &ranker, &ruled));
        assert_eq!((&before.slate, after.hidden.len()), (&after.slate, 0));
        minors += before.slate.iter().filter(|&&id| is_minor(&platform, id)).count();
    }
    assert!(minors > 0, "minors are suggested to minors");
}

/// Returns the number of an adult's visits in which the only slot of the slate contains a minor.
fn slates_with_a_minor(platform: &Platform, policy: &serde_json::Value, visits: u32) -> f64 {
    let (ranker, mut maker) = (watched("random", json!({})), SuggestionMaker::default());
    let mut how = platform.how();
    how.settings.slate = 1;
    how.policy = hide_minors(policy);
    let with_one = (0..visits).filter(|&visit| {
        how.visit = visit;
        let slate = platform.ask_again(1, &ranker, &how, &mut maker).slate;
        slate.iter().any(|&id| is_minor(platform, id))
    });
    with_one.count() as f64
}

#[test]
fn hiding_that_works_half_of_the_time_halves_the_slots_with_minors() {
    let (platform, visits) = (half_minors(), 10_000);
    let share = 30.0 / 59.0; // among the accounts that can be suggested to account 1
    let found = slates_with_a_minor(&platform, &json!({ "efficacy": 0.5 }), visits) / f64::from(visits);
    let expected = 0.5 * share;
    let error = (expected * (1.0 - expected) / f64::from(visits)).sqrt();
    assert!((found - expected).abs() < 4.0 * error, "{found}, not {expected}");
}

#[test]
fn hiding_reaches_the_share_of_minors_that_it_covers_and_none_at_coverage_0() {
    let platform = half_minors();
    let ranker = watched("random", json!({}));
    let never_shown = |coverage: f64| {
        let settings = Suggestions { slate: 50, ..Suggestions::default() };
        let mut how = How { policy: hide_minors(&json!({ "coverage": coverage })), settings, ..platform.how() };
        let shown: BTreeSet<u32> = (0..50)
            .flat_map(|visit| {
                how.visit = visit;
                platform.ask(1, &ranker, &how).slate
            })
            .collect();
        platform.ids().filter(|&id| id != 1 && !shown.contains(&id)).collect::<BTreeSet<u32>>()
    };
    assert!(never_shown(0.0).is_empty());
    let (few, many) = (never_shown(0.3), never_shown(0.7));
    assert!(!few.is_empty() && few.is_subset(&many) && few.len() < many.len() && many.len() < 30);
    assert_eq!(never_shown(1.0), (0..60).step_by(2).collect());
}

#[test]
fn adults_with_a_tie_to_a_minor_may_be_shown_it_if_the_rule_says_so() {
    // The viewer is account 0. Minor 3 follows the viewer. Account 1, a followee of the viewer,
    // follows minor 4. Accounts 2 and 7, which the viewer does not follow, follow minor 5. Only
    // account 2, a follower of the viewer, follows minor 6.
    let follows = [(0, 1), (3, 0), (1, 4), (2, 5), (2, 0), (7, 3), (7, 4), (7, 5), (2, 6), (1, 8)];
    let platform = Platform::new(9, &follows, &[], &[]).with_minors(3..7);
    let suggested = |from: &str| {
        let how = How { policy: hide_minors(&json!({ "from": from })), ..platform.how() };
        platform.ask(0, &watched("random", json!({})), &how).slate.into_iter().collect::<Vec<u32>>()
    };
    let sorted = |mut ids: Vec<u32>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(sorted(suggested("adults")), [2, 7, 8]);
    assert_eq!(sorted(suggested("adults-without-tie")), [2, 3, 4, 7, 8]);
}

#[test]
fn minors_may_be_hidden_from_adults_with_a_high_score_alone() {
    let mut platform = Platform::new(9, &[], &[], &[]).with_minors(3..7);
    let rule = json!({ "from": "flagged-adults", "threshold": 1.5 });
    let mut minors_shown = |score: Option<f32>| {
        platform.observed.accounts.classifier_score[0] = score;
        let how = How { policy: hide_minors(&rule), ..platform.how() };
        let slate = platform.ask(0, &watched("random", json!({})), &how).slate;
        slate.iter().filter(|&&id| is_minor(&platform, id)).count()
    };
    assert_eq!([None, Some(1.0), Some(2.0)].map(&mut minors_shown), [4, 4, 0]);
}

/// Returns pairs of accounts with ids below `accounts`.
fn pairs(accounts: u32, most: usize) -> impl Strategy<Value = Vec<(u32, u32)>> {
    prop::collection::vec((0..accounts, 0..accounts), 0..most)
}

proptest! {
    #[test]
    fn no_slate_holds_the_viewer_somebody_followed_or_blocked_or_anybody_twice(
        follows in pairs(25, 250),
        visits in pairs(25, 100),
        blocked in pairs(25, 20),
        shown in prop::collection::vec(0_u32..25, 0..40),
        (viewer, visit) in (0_u32..25, 0_u32..1000),
        slate in 1_u32..30,
    ) {
        let blocked: Vec<_> = blocked.into_iter().filter(|(a, b)| a != b).collect();
        let platform = Platform::new(25, &follows, &visits, &blocked);
        // All calls share one maker, and answers must not depend on earlier calls.
        let mut maker = SuggestionMaker::default();
        for entry in ranking::entries() {
            let settings = Suggestions { slate, ..Suggestions::default() };
            let how = How { settings, visit, shown: &shown, ..platform.how() };
            let answer = platform.ask_again(viewer, &watched(entry.id, json!({})), &how, &mut maker);
            prop_assert!(answer.scores.values().all(|score| score.is_finite() && *score >= 0.0), "{}", entry.id);
            prop_assert!(answer.slate.iter().all(|&id| platform.may_be_suggested(viewer, id)), "{}", entry.id);
            prop_assert_eq!(answer.slate.len(), answer.scores.len().min(slate as usize));
            prop_assert_eq!(answer.slate.iter().collect::<BTreeSet<_>>().len(), answer.slate.len(), "{}", entry.id);
            prop_assert!(answer.hidden.is_empty(), "no intervention hides accounts");
        }
    }
}
