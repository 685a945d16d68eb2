//! Surfaces that show posts and accounts: feed, people suggestions, search and follower lists.
//!
//! One pass through all accounts simulates their day on every surface. Each account reads state
//! that was frozen in the morning, and changes only its own state.

mod accounts;
mod acting;
mod feed;
mod in_step;
mod output;
mod search;
mod viewer;

use std::sync::{Mutex, MutexGuard, PoisonError};

use recsafe_common::draw::{DrawPurpose, Draws};
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
use recsafe_platform::sources::CandidateGenerator;
use recsafe_platform::suggestions::{Audiences, SuggestionMaker};

use self::feed::PendingRequests;
use self::output::Output;
use self::viewer::ViewerDay;
use super::day_log::DayLog;
use super::parallel::prelude::*;
use super::parallel::{current_num_threads, current_thread_index};
use super::phase::{Phase, Times, Watch};
use super::world::{AvertedDiscoveries, ProbeState};
use super::{CHUNK, DayError, PostTruth, Rules, World};
use crate::measure::{Probes, Recorder, Stratum};

/// Number of accounts that are served before the outputs of their chunks are merged. In a large
/// world, the outputs of all chunks would take most of the memory. The number is a multiple of the
/// chunk size and does not affect results.
pub const WAVE: usize = 512 * CHUNK;

/// Approximate number of impressions per day that train the reaction predictors. In large worlds, a
/// keyed sample of accounts suffices.
pub const EXAMPLES_A_DAY: f64 = 100_000.0;
/// Approximate number of impressions per account and day. The number only determines the size of
/// the sample for training.
const IMPRESSIONS_A_DAY: f64 = 25.0;

/// State shared by all requests of the day.
struct SurfaceServer<'a> {
    rules: &'a Rules,
    view: View<'a>,
    world: &'a WorldSnapshot<'a>,
    findable: usize,
    audiences: Audiences,
    strata: Vec<Stratum>,
    all_views: f32,
    example_share: f64,
    exposure_share: f64,
    quiet_hours: bool,
    /// Number of accounts served in step; 1 if no ranker scores batches.
    in_step: usize,
}

/// Parts of the world that do not change while surfaces are served.
struct WorldSnapshot<'a> {
    people: &'a People,
    truth: &'a [PostTruth],
    map: &'a TopicMap,
    contacts: &'a Contacts,
    averted: &'a AvertedDiscoveries,
    draws: Draws,
}

/// State of one account that changes during the account's day.
struct ViewerState<'a> {
    account: AccountId,
    interest: &'a mut Vector,
    profile: &'a mut Vector,
    history: &'a mut History,
    suggested: &'a mut Suggested,
    probe: Option<&'a mut ProbeState>,
}

/// State of an account's day after people suggestions and follower lists.
struct AccountDay<'a> {
    viewer: ViewerDay<'a>,
    /// Remaining feed requests.
    pending: PendingRequests,
    /// Number of ordinary searches, and of searches for minors.
    searches: (u32, u32),
}

/// Buffers for the requests of one account.
#[derive(Default)]
struct RequestWorkspace {
    generator: CandidateGenerator,
    maker: SlateMaker,
    active: Active,
    positions: Vec<u64>,
}

/// Buffers that a thread reuses for all accounts.
#[derive(Default)]
struct Scratch {
    suggestions: SuggestionMaker,
    searcher: Searcher,
    /// Buffers for each account that is served in step.
    workspaces: Vec<RequestWorkspace>,
}

/// Buffers of all threads for a day.
struct ThreadScratch(Vec<Mutex<Scratch>>);

impl ThreadScratch {
    fn new() -> Self {
        ThreadScratch((0..current_num_threads()).map(|_| Mutex::default()).collect())
    }

    /// Returns the buffers of this thread, which no other thread uses.
    fn of_this_thread(&self) -> MutexGuard<'_, Scratch> {
        let thread = current_thread_index().unwrap_or(0) % self.0.len();
        // Code that serves an account must not start parallel work. While such code waits, this
        // thread could take another chunk and lock the same buffers again. Poisoning is ignored
        // because each account's day starts by clearing the buffers.
        self.0[thread].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the day's surfaces.
///
/// # Errors
/// If a ranker or a rule fails. The world is then incomplete and must not be used.
pub(super) fn serve(
    world: &mut World,
    rules: &Rules,
    recorder: &mut Recorder,
    times: &mut Times,
) -> Result<DayLog, DayError> {
    let watch = Watch::start();
    let (accounts, probe_rows) = (world.people.len(), world.probe_rows());
    let mut interests = std::mem::take(&mut world.people.interests);
    let snapshot = WorldSnapshot {
        people: &world.people,
        truth: &world.truth,
        map: &world.map,
        contacts: &world.contacts,
        averted: &world.averted,
        draws: world.draws,
    };
    let views: u64 =
        world.observed.posts.counters().iter().map(|post_counters| u64::from(post_counters.views) + 1).sum();
    let examples = world.people.len() as f64 * IMPRESSIONS_A_DAY * rules.feed.exploration.max(0.1);
    let batches = rules.ranker.batches() || rules.policy.batches();
    let strata = Stratum::column(&world.people, &Probes { first: world.first_probe, scripts: &world.scripts() });
    let server = SurfaceServer {
        rules,
        view: View {
            observed: &world.observed,
            index: &world.index,
            inboxes: &world.inboxes,
            profile_visits: &world.profile_visits,
            learned: &world.learned,
            content_threshold: rules.enforcement.content_threshold as f32,
        },
        world: &snapshot,
        findable: world.people.len(),
        audiences: Audiences::new(&world.observed.graph, &world.profile_visits),
        strata,
        all_views: libm::log2f(views as f32),
        example_share: (EXAMPLES_A_DAY / examples).min(1.0),
        exposure_share: recorder.exposure_share(),
        quiet_hours: rules.policy.has_quiet_hours(),
        in_step: if batches { in_step::in_step(world.observed.posts.len()) } else { 1 },
    };
    let MemoryColumns { profiles, histories, suggested } = world.memory.columns_mut();
    // Probes are few and their rows are contiguous, so a column of options is cheap. The column can
    // be divided into chunks like the other columns.
    let mut probes: Vec<Option<&mut ProbeState>> = (0..probe_rows.start).map(|_| None).collect();
    probes.extend(world.probes.iter_mut().map(Some));
    probes.resize_with(accounts, || None);
    let columns = Columns { interests: &mut interests, profiles, histories, suggested, probes: &mut probes };
    let served = server.serve_waves(columns, recorder, (watch, times));
    world.people.interests = interests;
    served
}

/// Columns of the state that each account changes for itself.
struct Columns<'a, 'p> {
    interests: &'a mut [Vector],
    profiles: &'a mut [Vector],
    histories: &'a mut [History],
    suggested: &'a mut [Suggested],
    probes: &'a mut [Option<&'p mut ProbeState>],
}

impl<'a> Columns<'a, '_> {
    /// Returns the accounts with their state. `first` is the row of the first account.
    fn accounts(self, first: usize) -> impl Iterator<Item = ViewerState<'a>> {
        let Columns { interests, profiles, histories, suggested, probes } = self;
        let columns = interests.iter_mut().zip(profiles).zip(histories).zip(suggested).zip(probes);
        columns.enumerate().map(move |(index, ((((interest, profile), history), suggested), probe))| ViewerState {
            account: AccountId((first + index) as u32),
            interest,
            profile,
            history,
            suggested,
            probe: probe.as_deref_mut(),
        })
    }
}

impl SurfaceServer<'_> {
    /// Serves all accounts in waves. Chunks of accounts run in parallel, and their outputs are
    /// merged in account order.
    ///
    /// # Errors
    /// If a ranker or a rule fails. The failure of the first account is returned.
    fn serve_waves(
        &self,
        columns: Columns,
        recorder: &mut Recorder,
        (mut watch, times): (Watch, &mut Times),
    ) -> Result<DayLog, DayError> {
        let Columns { interests, profiles, histories, suggested, probes } = columns;
        let waves = interests
            .chunks_mut(WAVE)
            .zip(profiles.chunks_mut(WAVE))
            .zip(histories.chunks_mut(WAVE))
            .zip(suggested.chunks_mut(WAVE))
            .zip(probes.chunks_mut(WAVE));
        let (mut all, scratch) = (DayLog::default(), ThreadScratch::new());
        for (wave, ((((interests, profiles), histories), suggested), probes)) in waves.enumerate() {
            let chunks = interests
                .par_chunks_mut(CHUNK)
                .zip(profiles.par_chunks_mut(CHUNK))
                .zip(histories.par_chunks_mut(CHUNK))
                .zip(suggested.par_chunks_mut(CHUNK))
                .zip(probes.par_chunks_mut(CHUNK));
            let outputs: Vec<Result<Output, DayError>> = chunks
                .enumerate()
                .map(|(chunk, ((((interests, profiles), histories), suggested), probes))| {
                    let columns = Columns { interests, profiles, histories, suggested, probes };
                    self.serve_chunk(columns.accounts(wave * WAVE + chunk * CHUNK), &mut scratch.of_this_thread())
                })
                .collect();
            let outputs: Vec<Output> = outputs.into_iter().collect::<Result<_, _>>()?;
            let mut parts = Times::default();
            for output in &outputs {
                parts.add_all(&output.times);
            }
            times.add_in_proportion(&parts, watch.lap());
            for output in outputs {
                all.add(output.log);
                recorder.take(&output.counts, output.accounts, &output.impressions, output.probes);
            }
            times.add(Phase::Merge, watch.lap());
        }
        Ok(all)
    }

    /// Serves a chunk of accounts, sequentially or in step.
    fn serve_chunk<'b>(
        &self,
        mut states: impl Iterator<Item = ViewerState<'b>>,
        scratch: &mut Scratch,
    ) -> Result<Output, DayError> {
        let mut output = Output::default();
        if self.in_step == 1 {
            for state in states {
                self.serve_account(state, scratch, &mut output)?;
            }
            return Ok(output);
        }
        loop {
            let together: Vec<ViewerState> = states.by_ref().take(self.in_step).collect();
            if together.is_empty() {
                return Ok(output);
            }
            self.serve_in_step(together, scratch, &mut output)?;
        }
    }

    /// Returns the number of sessions of an account today. Sessions that would start in a quiet
    /// hour do not count.
    fn sessions(&self, account: AccountId) -> u32 {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let (policy, observed) = (&self.rules.policy, self.view.observed);
        if reshare_one::acts(people, &self.rules.behavior, account) {
            return 0; // the account has acts instead of sessions
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

    /// Prepares the buffers for the requests of an account today.
    fn prepare_viewer<'b>(
        &self,
        state: ViewerState<'b>,
        sessions: u32,
        workspace: &mut RequestWorkspace,
    ) -> ViewerDay<'b> {
        let (account, day, draws) = (state.account, self.view.observed.day, self.world.draws);
        workspace.generator.repeats = self.rules.feed.allow_seen_posts;
        let ties = draws.at(DrawPurpose::Ranking, account, About::Nothing, day).bits();
        workspace.generator.start_day(account, state.history, &self.view, ties);
        self.rules.policy.activate(account, &self.view.observed.accounts, day, draws, &mut workspace.active);
        self.viewer(state, sessions)
    }

    /// Serves one account on every surface.
    fn serve_account(&self, state: ViewerState, scratch: &mut Scratch, output: &mut Output) -> Result<(), DayError> {
        let Scratch { suggestions, searcher, workspaces } = scratch;
        if workspaces.is_empty() {
            workspaces.push(RequestWorkspace::default());
        }
        let workspace = &mut workspaces[0];
        let mut watch = Watch::start();
        let account_day = self.begin_account_day(state, suggestions, workspace, output)?;
        output.times.add(Phase::People, watch.lap());
        let Some(mut account_day) = account_day else { return Ok(()) };
        while let Some(proposed) = self.propose(&mut account_day, workspace) {
            self.score(proposed.by, &account_day, workspace)?;
            self.complete_request(&proposed, &mut account_day, workspace, output)?;
        }
        output.times.add(Phase::Feed, watch.lap());
        self.end_account_day(account_day, searcher, workspace, output);
        output.times.add(Phase::Search, watch.lap());
        Ok(())
    }

    /// Starts an account's day with people suggestions and follower lists. Returns the remaining
    /// requests of the feed and searches. Returns `None` if there are neither, or if the account is
    /// not usable.
    fn begin_account_day<'b>(
        &self,
        state: ViewerState<'b>,
        suggestions: &mut SuggestionMaker,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) -> Result<Option<AccountDay<'b>>, DayError> {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let (account, day, behavior) = (state.account, self.view.observed.day, &self.rules.behavior);
        if !self.view.observed.accounts.is_usable(account) {
            return Ok(None);
        }
        let sessions = self.sessions(account);
        let visits = visits_today(people, &behavior.following, account, day, draws);
        let searches = searches_today(people, behavior, account, day, draws);
        let browses = browses_today(people, &behavior.following, account, day, draws);
        let (seeking_searches, seeking_browses) = looks_today(people, &behavior.contact, account, day, draws);
        let mut averted = self.visit_people(account, state.suggested, visits, suggestions, output)?;
        self.browse_lists(account, browses, output);
        for number in 0..seeking_browses {
            averted += self.browse_for_minors(account, number, output);
        }
        let (more_searches, more_browses) = self.moved_to_open_routes(account, averted);
        for number in 0..more_browses {
            // An averted discovery moves to another route only once, so the result is ignored here.
            self.browse_for_minors(account, seeking_browses + number, output);
        }
        let seeking_searches = seeking_searches + more_searches;
        let acts = self.acts(account);
        if sessions + acts + searches + seeking_searches == 0 {
            return Ok(None);
        }
        Ok(Some(AccountDay {
            viewer: self.prepare_viewer(state, sessions + acts, workspace),
            pending: PendingRequests::new(sessions, acts, behavior.max_requests),
            searches: (searches, seeking_searches),
        }))
    }

    /// Ends an account's day with its searches.
    fn end_account_day(
        &self,
        account_day: AccountDay,
        searcher: &mut Searcher,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) {
        let AccountDay { mut viewer, searches: (searches, seeking), .. } = account_day;
        self.serve_searches(searches, &mut viewer, searcher, workspace, output);
        self.search_for_minors(seeking, &mut viewer, searcher, workspace, output);
        output.accounts.push((viewer.state.account, viewer.counts));
    }
}
