//! The surfaces on which an account meets posts and other accounts: feed, people suggestions, search, follower lists. One pass over
//! all accounts: each goes through its own day on every surface, reads state frozen this morning, and changes nothing but its own.

mod accounts;
mod acting;
mod feed;
mod search;
mod viewer;

use std::sync::{Mutex, MutexGuard, PoisonError};

use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::Vector;
use recsafe_people::behavior::following::{browses_today, visits_today};
use recsafe_people::behavior::searching::searches_today;
use recsafe_people::behavior::{contact::looks_today, reshare_one, session_hour, sessions_today};
use recsafe_people::contacts::Contacts;
use recsafe_people::people::People;
use recsafe_platform::View;
use recsafe_platform::interventions::Active;
use recsafe_platform::memory::{History, MemoryColumns, Suggested};
use recsafe_platform::search::Searcher;
use recsafe_platform::slate::SlateMaker;
use recsafe_platform::sources::Gathering;
use recsafe_platform::suggestions::{Audiences, SuggestionMaker};

use self::viewer::ViewerDay;
use super::happened::Happened;
use super::parallel::prelude::*;
use super::parallel::{current_num_threads, current_thread_index};
use super::phase::{Phase, Times, Watch};
use super::world::{LostFinds, ProbeState};
use super::{CHUNK, PostTruth, Rules, World};
use crate::measure::{AccountDay, Cell, Impression, ProbeSlate, Probes, Recorder, Tally};

/// Accounts that are served before what their chunks put out is merged: in a large world that would be most of the memory. A number of
/// chunks; no part of any result.
pub const WAVE: usize = 512 * CHUNK;

/// Impressions from which the heads learn in a day, about (for large worlds a keyed sample of accounts is enough).
pub const EXAMPLES_A_DAY: f64 = 100_000.0;
/// Impressions that an account sees in a day, about; used for that sample only.
const IMPRESSIONS_A_DAY: f64 = 25.0;

/// What all requests of the day share.
struct Desk<'a> {
    rules: &'a Rules,
    view: View<'a>,
    world: &'a Frozen<'a>,
    findable: usize,
    audiences: Audiences,
    cells: Vec<Cell>,
    all_views: f32,
    example_share: f64,
    exposure_share: f64,
    quiet_hours: bool,
}

/// The parts of the world that nobody changes while surfaces are served.
struct Frozen<'a> {
    people: &'a People,
    truth: &'a [PostTruth],
    map: &'a TopicMap,
    contacts: &'a Contacts,
    lost: &'a LostFinds,
    draws: Draws,
}

/// One account's own state, which its day changes.
struct Own<'a> {
    account: AccountId,
    interest: &'a mut Vector,
    profile: &'a mut Vector,
    history: &'a mut History,
    suggested: &'a mut Suggested,
    probe: Option<&'a mut ProbeState>,
}

/// What a chunk of accounts puts out.
#[derive(Default)]
struct Output {
    happened: Happened,
    tally: Tally,
    accounts: Vec<AccountDay>,
    impressions: Vec<Impression>,
    probes: Vec<ProbeSlate>,
    times: Times,
}

/// Room that a thread keeps from account to account.
#[derive(Default)]
struct Scratch {
    gathering: Gathering,
    maker: SlateMaker,
    suggestions: SuggestionMaker,
    searcher: Searcher,
    active: Active,
    places: Vec<u64>,
}

/// One room for each thread, for a day.
struct Rooms(Vec<Mutex<Scratch>>);

impl Rooms {
    fn new() -> Self {
        Rooms((0..current_num_threads()).map(|_| Mutex::default()).collect())
    }

    /// The room of this thread, which no other thread asks for.
    fn of_this_thread(&self) -> MutexGuard<'_, Scratch> {
        let thread = current_thread_index().unwrap_or(0) % self.0.len();
        // Nothing that serves an account may itself use other threads: a chunk taken meanwhile would ask for the same room. A room that a
        // panic left in the middle of an account is as good as any, for each account's day begins by clearing it.
        self.0[thread].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the day's surfaces, wave by wave. Works on chunks of accounts side by side and merges what they put out in account order.
pub(super) fn serve(world: &mut World, rules: &Rules, recorder: &mut Recorder, times: &mut Times) -> Happened {
    let mut watch = Watch::start();
    let (accounts, probe_rows) = (world.people.len(), world.probe_rows());
    let mut interests = std::mem::take(&mut world.people.interests);
    let frozen = Frozen {
        people: &world.people,
        truth: &world.truth,
        map: &world.map,
        contacts: &world.contacts,
        lost: &world.lost,
        draws: world.draws,
    };
    let views: u64 = world.observed.posts.ledgers().iter().map(|ledger| u64::from(ledger.views) + 1).sum();
    let examples = world.people.len() as f64 * IMPRESSIONS_A_DAY * rules.feed.explore.max(0.1);
    let cells = Cell::column(&world.people, &Probes { first: world.first_probe, scripts: &world.scripts() });
    let desk = Desk {
        rules,
        view: View {
            observed: &world.observed,
            index: &world.index,
            inboxes: &world.inboxes,
            attention: &world.attention,
            learned: &world.learned,
            content_threshold: rules.enforcement.content_threshold as f32,
        },
        world: &frozen,
        findable: world.people.len(),
        audiences: Audiences::new(&world.observed.graph, &world.attention),
        cells,
        all_views: libm::log2f(views as f32),
        example_share: (EXAMPLES_A_DAY / examples).min(1.0),
        exposure_share: recorder.exposure_share(),
        quiet_hours: rules.policy.has_quiet_hours(),
    };
    let MemoryColumns { profiles, histories, suggested } = world.memory.columns_mut();
    // Probes are few and stand together: their own states are cut out of the chunks by position.
    let mut probes: Vec<Option<&mut ProbeState>> = (0..probe_rows.start).map(|_| None).collect();
    probes.extend(world.probes.iter_mut().map(Some));
    probes.resize_with(accounts, || None);
    let waves = interests
        .chunks_mut(WAVE)
        .zip(profiles.chunks_mut(WAVE))
        .zip(histories.chunks_mut(WAVE))
        .zip(suggested.chunks_mut(WAVE))
        .zip(probes.chunks_mut(WAVE));
    let (mut all, room) = (Happened::default(), Rooms::new());
    for (wave, ((((interests, profiles), histories), suggested), probes)) in waves.enumerate() {
        let chunks = interests
            .par_chunks_mut(CHUNK)
            .zip(profiles.par_chunks_mut(CHUNK))
            .zip(histories.par_chunks_mut(CHUNK))
            .zip(suggested.par_chunks_mut(CHUNK))
            .zip(probes.par_chunks_mut(CHUNK));
        let outputs: Vec<Output> = chunks
            .enumerate()
            .map(|(chunk, ((((interests, profiles), histories), suggested), probes))| {
                let scratch = &mut *room.of_this_thread();
                let mut output = Output::default();
                let columns = interests.iter_mut().zip(profiles).zip(histories).zip(suggested).zip(probes);
                for (place, ((((interest, profile), history), suggested), probe)) in columns.enumerate() {
                    let account = AccountId((wave * WAVE + chunk * CHUNK + place) as u32);
                    let own = Own { account, interest, profile, history, suggested, probe: probe.as_deref_mut() };
                    desk.serve_account(own, scratch, &mut output);
                }
                output
            })
            .collect();
        let mut parts = Times::default();
        for output in &outputs {
            parts.add_all(&output.times);
        }
        times.add_in_proportion(&parts, watch.lap());
        for output in outputs {
            all.add(output.happened);
            recorder.take(&output.tally, output.accounts, &output.impressions, output.probes);
        }
        times.add(Phase::Merge, watch.lap());
    }
    world.people.interests = interests;
    all
}

impl Desk<'_> {
    /// Number of an account's sessions today, without those that would begin in a quiet hour.
    fn sessions(&self, account: AccountId) -> u32 {
        let Frozen { people, draws, .. } = *self.world;
        let (policy, observed) = (&self.rules.policy, self.view.observed);
        if reshare_one::acts(people, &self.rules.behavior, account) {
            return 0; // it acts instead
        }
        let sessions = sessions_today(people.activity[account.row()], account, observed.day, draws);
        if !self.quiet_hours {
            return sessions;
        }
        let is_quiet = |&session: &u32| {
            let hour = session_hour(people, account, session, observed.day, draws);
            policy.is_quiet(hour, account, session, observed, draws)
        };
        sessions - (0..sessions).filter(is_quiet).count() as u32
    }

    /// Makes ready for an account's requests of the day.
    fn receive<'b>(&self, own: Own<'b>, sessions: u32, scratch: &mut Scratch) -> ViewerDay<'b> {
        let (account, day, draws) = (own.account, self.view.observed.day, self.world.draws);
        scratch.gathering.repeats = self.rules.feed.repeats;
        let ties = draws.at(Decides::Ranking, account, About::Nothing, day).bits();
        scratch.gathering.start_day(account, own.history, &self.view, ties);
        self.rules.policy.activate(account, &self.view.observed.accounts, day, draws, &mut scratch.active);
        self.viewer(own, sessions)
    }

    /// One account's day on every surface.
    fn serve_account(&self, own: Own, scratch: &mut Scratch, output: &mut Output) {
        let Frozen { people, draws, .. } = *self.world;
        let (account, day, behavior) = (own.account, self.view.observed.day, &self.rules.behavior);
        if !self.view.observed.accounts.is_usable(account) {
            return;
        }
        let sessions = self.sessions(account);
        let visits = visits_today(people, &behavior.following, account, day, draws);
        let searches = searches_today(people, behavior, account, day, draws);
        let browses = browses_today(people, &behavior.following, account, day, draws);
        let (seeking_searches, seeking_browses) = looks_today(people, &behavior.contact, account, day, draws);
        let mut watch = Watch::start();
        let mut lost = self.visit_people(account, own.suggested, visits, scratch, output);
        self.browse_lists(account, browses, output);
        for number in 0..seeking_browses {
            lost += self.browse_for_minors(account, number, output);
        }
        let (more_searches, more_browses) = self.moved_to_open_routes(account, lost);
        for number in 0..more_browses {
            // What an open route cannot replace is lost.
            self.browse_for_minors(account, seeking_browses + number, output);
        }
        let seeking_searches = seeking_searches + more_searches;
        output.times.add(Phase::People, watch.lap());
        let acts = self.acts(account);
        if sessions + acts + searches + seeking_searches == 0 {
            return;
        }
        let mut viewer = self.receive(own, sessions + acts, scratch);
        for session in 0..sessions {
            self.serve_session(session, &mut viewer, scratch, output);
        }
        self.serve_acts(acts, &mut viewer, scratch, output);
        output.times.add(Phase::Feed, watch.lap());
        self.serve_searches(searches, &mut viewer, scratch, output);
        self.search_for_minors(seeking_searches, &mut viewer, scratch, output);
        output.accounts.push((viewer.own.account, viewer.counts));
        output.times.add(Phase::Search, watch.lap());
    }
}
