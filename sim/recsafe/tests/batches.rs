//! Rankers that score the candidates of many requests at once do not change results. Failures of
//! rankers and interventions are reported.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/in_batches.rs"]
mod in_batches;

use in_batches::{InBatches, Instead, Sizes};
use proptest::prelude::*;
use recsafe_common::catalogue::Chosen;
use recsafe_common::ids::AccountId;
use recsafe_engine::{
    CHUNK, DayError, DayReport, Named, PolicySettings, Probe, Rules, Scenario, Simulation, WorldSettings,
};
use recsafe_people::behavior::probes::Script;
use recsafe_platform::candidates::Candidates;
use recsafe_platform::interventions::{self, Deployed, Intervention, Policy, Targeting};
use recsafe_platform::ranking::{self, Ranker, RankerError, Unscored};
use recsafe_platform::slate::{Filled, Pick};
use recsafe_platform::suggestions::ranking::PeopleRanker;
use recsafe_platform::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};
use recsafe_platform::{Request, View};
use serde_json::json;

/// A simulation: a world, some interventions, and a ranker.
#[derive(Clone, Debug)]
struct Case {
    accounts: u32,
    seed: u64,
    ranker: &'static str,
    /// Interventions of the catalogue, each with its coverage and efficacy.
    rules: Vec<(&'static str, f64, f64)>,
    /// The ranker that an intervention uses in part of the requests, and the share of these
    /// requests.
    instead: Option<(&'static str, f64)>,
    explore: f64,
    all_posts: bool,
    resharing: bool,
}

impl Case {
    /// Returns a case with a ranker and all interventions of the catalogue, each with partial
    /// coverage and efficacy.
    fn with_every_rule(ranker: &'static str, instead: &'static str) -> Case {
        Case {
            accounts: 3 * CHUNK as u32 - 20,
            seed: 3,
            ranker,
            rules: interventions::entries().into_iter().map(|entry| (entry.id, 0.7, 0.7)).collect(),
            instead: Some((instead, 0.5)),
            explore: 0.2,
            all_posts: false,
            resharing: false,
        }
    }

    fn scenario(&self) -> Scenario {
        let mut world = WorldSettings { warm_up_days: 2, ..WorldSettings::default() };
        world.population.accounts = self.accounts;
        world.population.minors = 0.3;
        world.population.predators = 0.1;
        world.behavior.report = 0.8;
        if self.resharing {
            world.behavior.model = recsafe_people::settings::Kind::ReshareOne;
        }
        let mut policy = PolicySettings::default();
        policy.feed.exploration = self.explore;
        policy.feed.candidates = if self.all_posts { 0 } else { 100 };
        policy.feed.ranker.0 = Chosen::plain(self.ranker);
        let rule = |&(kind, coverage, efficacy): &(&str, f64, f64)| {
            let mut chosen = Chosen::plain(kind);
            chosen.knobs.insert("coverage".to_owned(), coverage.into());
            chosen.knobs.insert("efficacy".to_owned(), efficacy.into());
            chosen
        };
        policy.interventions = self.rules.iter().map(rule).collect();
        let probes = Script::ALL.iter().map(|&script| Probe { script, count: 2, ..Probe::default() });
        let record_shares = recsafe_engine::RecordShares { exposures: 1.0, contacts: 1.0 };
        Scenario { world, before: policy.clone(), policy, probes: probes.collect(), days: 3, record_shares }
    }

    /// Returns the rules of the scenario with an intervention that replaces the ranker. `of`
    /// transforms the rankers.
    fn rules(&self, scenario: &Scenario, of: &dyn Fn(Box<dyn Ranker>) -> Box<dyn Ranker>) -> Rules {
        let ranker = |kind: &str| of(ranking::decode(kind, json!({})).unwrap().unwrap());
        let listed = scenario.policy.interventions.iter().map(|chosen| Deployed::new(chosen).unwrap());
        let instead = self.instead.map(|(kind, efficacy)| {
            let rollout = Targeting { efficacy, ..Targeting::default() };
            Deployed::of("instead", rollout, Box::new(Instead(ranker(kind))))
        });
        Rules {
            ranker: Named::new(self.ranker, ranker(self.ranker)),
            policy: Policy::new(listed.chain(instead).collect()),
            ..Rules::new(&scenario.world, &scenario.policy).unwrap()
        }
    }

    /// Returns the final state of a simulation as bytes. `of` transforms the rankers.
    fn lived(&self, of: &dyn Fn(Box<dyn Ranker>) -> Box<dyn Ranker>) -> Vec<u8> {
        let scenario = self.scenario();
        let simulation = Simulation::new(&scenario, self.seed).unwrap();
        let mut simulation = simulation.warmed_under(self.rules(&scenario, of)).under(self.rules(&scenario, of));
        assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
        postcard::to_allocvec(simulation.checkpoint()).unwrap()
    }

    /// Asserts that single requests and batches give equal results. Returns the number of requests
    /// of each batch.
    fn same_in_batches(&self) -> Vec<usize> {
        let sizes = Sizes::default();
        let plain = self.lived(&|ranker| ranker);
        let batched = self.lived(&|ranker| Box::new(InBatches { ranker, sizes: sizes.clone() }));
        assert!(plain == batched, "batches change the results of {self:?}");
        sizes.lock().unwrap().clone()
    }
}

#[test]
fn every_ranker_of_the_catalogue_gives_the_same_in_batches_among_all_rules() {
    let kinds: Vec<&str> = ranking::entries().into_iter().map(|entry| entry.id).collect();
    for (index, ranker) in kinds.iter().enumerate() {
        let sizes = Case::with_every_rule(ranker, kinds[(index + 1) % kinds.len()]).same_in_batches();
        let most = *sizes.iter().max().unwrap();
        assert!(most > 5 && most <= CHUNK, "{ranker}: {most} requests in the largest batch");
    }
}

#[test]
fn a_ranker_in_batches_goes_beside_one_without() {
    let case = Case::with_every_rule("content", "popularity");
    let scenario = case.scenario();
    let output_of = |batched: &'static str| {
        let mixed = move |ranker: Box<dyn Ranker>| -> Box<dyn Ranker> {
            if format!("{ranker:?}").to_lowercase().starts_with(batched) {
                Box::new(InBatches { ranker, sizes: Sizes::default() })
            } else {
                ranker
            }
        };
        let mut simulation = Simulation::new(&scenario, 1).unwrap().under(case.rules(&scenario, &mixed));
        assert!(simulation.run(&mut |_: &DayReport| true).unwrap());
        postcard::to_allocvec(simulation.checkpoint()).unwrap()
    };
    let plain = output_of("nothing");
    assert!(output_of("content") == plain && output_of("popularity") == plain);
}

fn case() -> impl Strategy<Value = Case> {
    let rankers: Vec<&'static str> = ranking::entries().into_iter().map(|entry| entry.id).collect();
    let kinds: Vec<&'static str> = interventions::entries().into_iter().map(|entry| entry.id).collect();
    let share = || prop_oneof![Just(1.0), 0.1_f64..1.0];
    let rules = prop::collection::btree_map(prop::sample::select(kinds), (share(), share()), 0..12);
    let ranker = || prop::sample::select(rankers.clone());
    (
        (20_u32..200, 1_u64..100),
        (ranker(), prop::option::of((ranker(), share()))),
        rules,
        (prop_oneof![Just(0.0), 0.0_f64..1.0], prop::bool::weighted(0.2), prop::bool::weighted(0.2)),
    )
        .prop_map(|((accounts, seed), (ranker, instead), rules, (explore, all_posts, resharing))| Case {
            accounts,
            seed,
            ranker,
            rules: rules.into_iter().map(|(kind, (coverage, efficacy))| (kind, coverage, efficacy)).collect(),
            instead,
            explore,
            all_posts,
            resharing,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn batches_change_nothing_in_any_world(case in case()) {
        case.same_in_batches();
    }
}

/// Type of error in the scores of some accounts.
#[derive(Clone, Copy, Debug)]
enum Wrong {
    /// The ranker reports an error for one request.
    Told,
    /// The ranker reports an error for the whole batch.
    ToldOfAll,
    /// A score is NaN.
    NotANumber,
    /// There is one score too many.
    TooMany,
}

/// Scores by popularity, but fails from day 1 on for every account with an id of at least `from`.
#[derive(Debug)]
struct Fails {
    from: AccountId,
    wrong: Wrong,
    batches: bool,
}

impl Ranker for Fails {
    fn score(&self, _: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| rows[post_index as usize].popularity));
    }

    fn batches(&self) -> bool {
        self.batches
    }

    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        for (index, one) in batch.iter_mut().enumerate() {
            self.score(one.request, view, one.candidates, one.scores);
            if one.request.day == 1 && one.request.viewer >= self.from {
                match self.wrong {
                    Wrong::Told => return Err(RankerError::new("the model is gone").at(index)),
                    Wrong::ToldOfAll => return Err(RankerError::new("the model is gone")),
                    Wrong::NotANumber => one.scores.iter_mut().skip(2).for_each(|score| *score = f32::NAN),
                    Wrong::TooMany => one.scores.push(0.0),
                }
            }
        }
        Ok(())
    }
}

fn quiet() -> Scenario {
    let mut world = WorldSettings { warm_up_days: 1, ..WorldSettings::default() };
    world.population.accounts = 300;
    Scenario { world, days: 3, ..Scenario::default() }
}

/// Returns the error of a failing simulation, which must be equal with one thread and with three.
fn failure(change: impl Fn(&mut Rules)) -> DayError {
    let scenario = quiet();
    let failed = |threads: usize| {
        let mut rules = Rules::new(&scenario.world, &scenario.policy).unwrap();
        change(&mut rules);
        let mut simulation = Simulation::new(&scenario, 2).unwrap().under(rules);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let failure = pool.install(|| simulation.run(&mut |_: &DayReport| true)).unwrap_err();
        assert_eq!(simulation.day(), failure.day, "the day is not finished");
        assert_eq!(simulation.world().people.interests.len(), 300, "the world is complete");
        failure
    };
    let (one, other) = (failed(1), failed(3));
    assert_eq!(one.to_string(), other.to_string());
    one
}

fn fails(wrong: Wrong, from: u32, batches: bool) -> DayError {
    failure(|rules| {
        let ranker: Box<dyn Ranker> = Box::new(Fails { from: AccountId(from), wrong, batches });
        rules.ranker = Named::new("hot", ranker);
    })
}

#[test]
fn a_ranker_that_fails_is_told_of_with_day_and_first_account() {
    for batches in [false, true] {
        let message = fails(Wrong::Told, 100, batches);
        assert_eq!(message.day, 1);
        assert!((100..110).contains(&message.account.0), "{message}");
        assert_eq!(
            message.to_string(),
            format!("day 1, account {}: ranker `hot`: the model is gone", message.account.0)
        );
        let odd = fails(Wrong::NotANumber, 100, batches);
        let scores = odd.to_string();
        assert!(odd.account == message.account && scores.contains("ranker `hot`: score 2 of "), "{odd}");
        assert!(scores.ends_with(" is NaN, but scores must be finite"), "{odd}");
        let many = fails(Wrong::TooMany, 100, batches);
        assert!(many.account == message.account && many.to_string().contains(" scores for "), "{many}");
    }
    // The failing account is in the second chunk. The first request of its round is from another
    // account.
    let all = fails(Wrong::ToldOfAll, 100, true);
    assert!(all.among > 5 && (64..80).contains(&all.account.0), "{all}");
    let words = format!(
        "day 1, one of {} accounts starting with {}: ranker `hot`: the model is gone",
        all.among, all.account.0
    );
    assert_eq!(all.to_string(), words);
    assert_eq!(fails(Wrong::ToldOfAll, 100, false).to_string(), fails(Wrong::Told, 100, false).to_string());
}

#[test]
fn a_ranker_of_a_rule_is_told_of_by_the_rule() {
    let failed = failure(|rules| {
        let ranker = Box::new(Fails { from: AccountId(0), wrong: Wrong::Told, batches: true });
        let rule = Deployed::of("instead", Targeting::default(), Box::new(Instead(ranker)));
        rules.policy = Policy::new(vec![rule]);
    });
    assert!(failed.to_string().ends_with(": ranker of intervention `instead`: the model is gone"), "{failed}");
}

/// A suggestion ranker that can report an error or return invalid scores.
#[derive(Debug)]
struct NoPeople(bool);

impl PeopleRanker for NoPeople {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::Popular]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(candidates.len(), f32::INFINITY);
    }

    fn try_score(
        &self,
        suggestion_request: &SuggestionRequest,
        all: &AccountCandidates,
        scores: &mut Vec<f32>,
    ) -> Result<(), RankerError> {
        if self.0 {
            return Err(RankerError::new("nobody is at home"));
        }
        self.score(suggestion_request, all, scores);
        Ok(())
    }
}

#[test]
fn a_people_ranker_that_fails_is_told_of() {
    let failed = |tells: bool| {
        failure(|rules| rules.people_ranker = Named::new("friends", Box::new(NoPeople(tells)) as Box<dyn PeopleRanker>))
    };
    let message = failed(true);
    let words = format!("day 0, account {}: people ranker `friends`: nobody is at home", message.account.0);
    assert_eq!(message.to_string(), words);
    let odd = failed(false);
    assert!(odd.account == message.account && odd.to_string().ends_with(" is inf, but scores must be finite"), "{odd}");
}

/// Returns a slate with a duplicate post.
#[derive(Debug)]
struct Twice;

impl Intervention for Twice {
    fn rerank(&self, _: &Request, _: &View, _: &Filled, picks: &mut Vec<Pick>) {
        let first = picks[0];
        picks.insert(0, first);
        picks.pop();
    }
}

#[test]
fn a_rule_that_leaves_no_slate_is_told_of() {
    let failed = failure(|rules| {
        let rollout = Targeting { start_day: 2, ..Targeting::default() };
        rules.policy = Policy::new(vec![Deployed::of("twice", rollout, Box::new(Twice))]);
    });
    assert_eq!(failed.day, 2);
    assert!(
        failed.to_string().contains(": intervention `twice`: Ranked(") && failed.to_string().ends_with(" twice"),
        "{failed}"
    );
    let _: &dyn std::error::Error = &failed;
}
