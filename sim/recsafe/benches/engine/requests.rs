//! Benches of requests: the minimum work (`floor`), candidate generation by source, rankers,
//! slates, people suggestions and search. One element is one request.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Part, Who};
use recsafe_common::vector::Query;
use recsafe_common::wide::LANES;
use recsafe_engine::{Rules, World};
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::{Active, Policy};
use recsafe_platform::memory::{History, MemoryColumns};
use recsafe_platform::ranking;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::search::Searcher;
use recsafe_platform::slate::{Shape, SlateMaker, TopicCaps};
use recsafe_platform::sources::{CandidateGenerator, Counts, counts};
use recsafe_platform::suggestions::{Audiences, Service, SuggestionMaker, SuggestionRequest};
use recsafe_platform::{Request, View};

use crate::worlds::{lived, settings, sizes};

/// Number of candidates per request.
const CANDIDATES: usize = 200;
/// Number of viewers whose requests are served in turn. With this number, as much data is missing
/// from the processor caches as on a day with all accounts.
const VIEWERS: usize = 4096;

/// A world and requests of some of its accounts.
struct Stage {
    /// Number of accounts at the start. A few accounts return after removal.
    accounts: u32,
    world: World,
    rules: Rules,
    requests: Vec<Request>,
}

impl Stage {
    fn new(accounts: u32) -> Self {
        let settings = settings(accounts, &[]);
        let (mut world, rules) = lived(&settings, if accounts > 100_000 { 3 } else { 8 });
        let day = world.observed.day + 1;
        let draw = Draws::new(7);
        let MemoryColumns { profiles, .. } = world.memory.columns_mut();
        let request = |number: usize| {
            let row =
                draw.at(DrawPurpose::Candidates, Who::Case(number as u64), About::Nothing, 0).below(accounts as usize);
            Request {
                viewer: AccountId(row as u32),
                day,
                number: 0,
                band: world.observed.accounts.band[row],
                query: Query::new(&profiles[row]),
                personalised: true,
                shown_today: [0; MAX_TOPICS],
                draws: draw,
            }
        };
        let requests = (0..VIEWERS).map(request).collect();
        Stage { accounts, world, rules, requests }
    }

    fn view(&self) -> View<'_> {
        View {
            observed: &self.world.observed,
            index: &self.world.index,
            inboxes: &self.world.inboxes,
            profile_visits: &self.world.profile_visits,
            learned: &self.world.learned,
            content_threshold: 2.0,
        }
    }
}

type Group<'a> = BenchmarkGroup<'a, WallTime>;

/// Measures the time of the function `one`, which is called with each request in turn.
fn bench(group: &mut Group, name: &str, stage: &Stage, mut one: impl FnMut(&Request)) {
    let mut next = 0;
    group.bench_function(BenchmarkId::new(name, stage.accounts), |bench| {
        bench.iter(|| {
            next = (next + 1) % VIEWERS;
            one(&stage.requests[next]);
        });
    });
}

/// Runs every bench of one request.
pub fn requests(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("request");
    group.throughput(Throughput::Elements(1));
    for accounts in sizes() {
        let stage = Stage::new(accounts);
        floor(&mut group, &stage);
        sources(&mut group, &stage);
        rankers(&mut group, &stage);
        whole(&mut group, &stage);
        suggestions(&mut group, &stage);
        search(&mut group, &stage);
    }
    group.finish();
}

/// Measures the work that every feed needs: reading 200 random rows and computing their dot
/// products with the profile. The rows are drawn before the measurement.
fn floor(group: &mut Group, stage: &Stage) {
    let rows = stage.world.observed.posts.rows();
    let post_indices = |request: &Request| {
        let mut draw = request.draws_for(DrawPurpose::Candidates).about(Part::Whole);
        std::array::from_fn(|_| draw.below(rows.len()))
    };
    let post_indices: Vec<[usize; CANDIDATES]> = stage.requests.iter().map(post_indices).collect();
    let (mut sums, mut next) = ([0.0; CANDIDATES], 0);
    bench(group, "floor", stage, |request| {
        next = (next + 1) % VIEWERS;
        let blocks = post_indices[next].as_chunks::<LANES>().0;
        for (sums, post_indices) in sums.as_chunks_mut::<LANES>().0.iter_mut().zip(blocks) {
            *sums = request.query.dots(&std::array::from_fn(|lane| &rows[post_indices[lane]].features));
        }
        std::hint::black_box(&sums);
    });
}

fn sources(group: &mut Group, stage: &Stage) {
    let view = stage.view();
    for (index, source) in Source::ALL[..6].iter().enumerate() {
        let mut only: Counts = [0; 7];
        only[index] = CANDIDATES;
        let mut generator = CandidateGenerator::default();
        bench(group, &format!("source {}", source.name()), stage, |request| {
            generator.start_day(request.viewer, &History::default(), &view, 1);
            generator.gather(request, &view, only);
        });
    }
    let mut generator = CandidateGenerator::default();
    let counts = counts(&stage.rules.feed.quotas, CANDIDATES as u32, true);
    bench(group, "all sources", stage, |request| {
        generator.start_day(request.viewer, &History::default(), &view, 1);
        generator.gather(request, &view, counts);
    });
}

fn rankers(group: &mut Group, stage: &Stage) {
    let view = stage.view();
    let mut generator = CandidateGenerator::default();
    let counts = counts(&stage.rules.feed.quotas, CANDIDATES as u32, true);
    let asked = &stage.requests[0];
    generator.start_day(asked.viewer, &History::default(), &view, 1);
    generator.gather(asked, &view, counts);
    for entry in ranking::entries() {
        let made = ranking::decode(entry.id, serde_json::json!({})).expect("it is in the catalogue");
        let ranker = made.expect("defaults fit");
        if ranker.learns_factors() || ranker.learns_engagements() {
            continue; // the world has no learned state for these rankers; `days.rs` measures them
        }
        let mut scores = Vec::new();
        bench(group, &format!("ranker {}", entry.id), stage, |_| {
            ranker.score(asked, &view, &generator.candidates, &mut scores);
        });
    }
}

/// Measures a whole request: candidates, interventions, scores and the slate.
fn whole(group: &mut Group, stage: &Stage) {
    let view = stage.view();
    let counts = counts(&stage.rules.feed.quotas, CANDIDATES as u32, true);
    let (mut generator, mut maker) = (CandidateGenerator::default(), SlateMaker::default());
    let (policy, mut active) = (Policy::default(), Active::default());
    let ranker = &*stage.rules.ranker;
    bench(group, "whole", stage, |request| {
        generator.start_day(request.viewer, &History::default(), &view, 1);
        policy.activate(request.viewer, &view.observed.accounts, request.day, request.draws, &mut active);
        generator.gather(request, &view, counts);
        policy.eligible(&active, request, &view, &mut generator.candidates);
        ranker.score(request, &view, &generator.candidates, &mut maker.scores);
        policy
            .adjust(&active, request, &view, &generator.candidates, &mut maker.scores)
            .expect("shipped rules leave numbers");
        maker.extras.clear();
        let shape = Shape { length: 10, explored: &[], discount: ranker.repeat_discount(), caps: TopicCaps::default() };
        maker.fill(request, &view, &generator.candidates, shape);
    });
}

fn suggestions(group: &mut Group, stage: &Stage) {
    let view = stage.view();
    let policy = Policy::default();
    let audiences = Audiences::new(&stage.world.observed.graph, &stage.world.profile_visits);
    let service = Service {
        settings: &stage.rules.people,
        ranker: &*stage.rules.people_ranker,
        checked: false,
        policy: &policy,
        findable: stage.world.people.len(),
        audiences: &audiences,
    };
    let mut maker = SuggestionMaker::default();
    bench(group, "people suggestions", stage, |request| {
        let suggestion_request =
            SuggestionRequest { viewer: request.viewer, day: request.day, visit: 0, draws: request.draws };
        maker.answer(&suggestion_request, &view, &service, &[]).expect("this ranker cannot fail");
    });
}

fn search(group: &mut Group, stage: &Stage) {
    let view = stage.view();
    let policy = Policy::default();
    let (mut generator, mut searcher) = (CandidateGenerator::default(), Searcher::default());
    bench(group, "search for posts", stage, |request| {
        generator.start_day(request.viewer, &History::default(), &view, 1);
        searcher.posts(request, &view, &stage.rules.search, &mut generator);
    });
    bench(group, "search for accounts", stage, |request| {
        generator.start_day(request.viewer, &History::default(), &view, 1);
        searcher.accounts(request, &view, (&stage.rules.search, &policy), &mut generator);
    });
}
