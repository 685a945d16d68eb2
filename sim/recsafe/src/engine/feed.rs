//! The feed: sessions, requests, slates, what viewers do with them, and the platform's profile of them at once.

use rayon::prelude::*;
use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::vector::{Query, Vector, nudge};
use recsafe_people::behavior::{Habits, Luck, Reaction, Viewed, another_request, sessions_today};
use recsafe_people::role::Role;
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::Active;
use recsafe_platform::learning::Example;
use recsafe_platform::memory::{History, learn_profile, unlearn_profile};
use recsafe_platform::ranking::value_model;
use recsafe_platform::request::MOST_REGIONS;
use recsafe_platform::slate::{Shape, Shown, SlateMaker, explored};
use recsafe_platform::sources::{self, Gathering};
use recsafe_platform::{Request, View};

use super::happened::{Did, Event, Happened};
use super::world::ProbeState;
use super::{CHUNK, Rules, World};
use crate::measure::{AccountCounts, AccountDay, Cell, Impression, Recorder, Tally, ViewFacts};

/// Impressions from which the heads learn in a day, about (for large worlds a keyed sample of accounts is enough).
const EXAMPLES_A_DAY: f64 = 100_000.0;
/// Impressions that an account sees in a day, about; used for that sample only.
const IMPRESSIONS_A_DAY: f64 = 25.0;

/// What all requests of the day share.
struct Desk<'a> {
    rules: &'a Rules,
    view: View<'a>,
    world: &'a Frozen<'a>,
    cells: Vec<Cell>,
    all_views: f32,
    example_share: f64,
    exposure_share: f64,
}

/// The parts of the world that nobody changes while the feed is served.
struct Frozen<'a> {
    people: &'a recsafe_people::people::People,
    truth: &'a [super::PostTruth],
    draws: Draws,
}

/// One account's own state, which its sessions change.
struct Own<'a> {
    account: AccountId,
    interest: &'a mut Vector,
    profile: &'a mut Vector,
    history: &'a mut History,
    probe: Option<&'a mut ProbeState>,
}

/// What a chunk of accounts puts out.
#[derive(Default)]
struct Output {
    happened: Happened,
    tally: Tally,
    accounts: Vec<AccountDay>,
    impressions: Vec<Impression>,
}

/// Room that a thread keeps from account to account.
#[derive(Default)]
struct Scratch {
    gathering: Gathering,
    maker: SlateMaker,
    active: Active,
    places: Vec<u64>,
}

/// Serves the day's feed. Works on chunks of accounts side by side and merges what they put out in account order.
pub(super) fn serve(world: &mut World, rules: &Rules, recorder: &mut Recorder) -> Happened {
    let first_probe = world.first_probe();
    let cells = Cell::column(&world.people, &world.scripts());
    let mut interests = std::mem::take(&mut world.people.interests);
    let frozen = Frozen { people: &world.people, truth: &world.truth, draws: world.draws };
    let views: u64 = world.observed.posts.ledgers().iter().map(|ledger| u64::from(ledger.views) + 1).sum();
    let examples = world.people.len() as f64 * IMPRESSIONS_A_DAY * rules.feed.explore.max(0.1);
    let desk = Desk {
        rules,
        view: View {
            observed: &world.observed,
            index: &world.index,
            heads: &world.heads,
            content_threshold: rules.enforcement.content_threshold as f32,
        },
        world: &frozen,
        cells,
        all_views: libm::log2f(views as f32),
        example_share: (EXAMPLES_A_DAY / examples).min(1.0),
        exposure_share: recorder.exposure_share(),
    };
    let (profiles, histories) = world.memory.columns_mut();
    let (rows, _) = interests.as_slice_mut().unwrap_or_default().as_chunks_mut();
    // Probes are few and stand last: their own states are cut out of the chunks by position.
    let mut probes: Vec<Option<&mut ProbeState>> = (0..first_probe).map(|_| None).collect();
    probes.extend(world.probes.iter_mut().map(Some));
    let chunks = rows
        .par_chunks_mut(CHUNK)
        .zip(profiles.par_chunks_mut(CHUNK))
        .zip(histories.par_chunks_mut(CHUNK))
        .zip(probes.par_chunks_mut(CHUNK));
    let outputs: Vec<Output> = chunks
        .enumerate()
        .map_init(Scratch::default, |scratch, (chunk, (((interests, profiles), histories), probes))| {
            let mut output = Output::default();
            for (place, (((interest, profile), history), probe)) in
                interests.iter_mut().zip(profiles).zip(histories).zip(probes).enumerate()
            {
                let account = AccountId((chunk * CHUNK + place) as u32);
                desk.serve_account(
                    Own { account, interest, profile, history, probe: probe.as_deref_mut() },
                    scratch,
                    &mut output,
                );
            }
            output
        })
        .collect();
    world.people.interests = interests;
    merge(outputs, recorder)
}

fn merge(outputs: Vec<Output>, recorder: &mut Recorder) -> Happened {
    let mut all = Happened::default();
    for output in outputs {
        all.events.extend(output.happened.events);
        all.follows.extend(output.happened.follows);
        all.examples.extend(output.happened.examples);
        all.impressions += output.happened.impressions;
        recorder.take(&output.tally, output.accounts, output.impressions);
    }
    all
}

/// One account's day: what lasts from request to request.
struct ViewerDay<'a> {
    own: Own<'a>,
    luck: Luck,
    habits: Habits,
    seen_regions: [u8; MOST_REGIONS],
    request: Request,
    counts: AccountCounts,
    teaches: bool,
    recorded: bool,
}

impl Desk<'_> {
    fn serve_account(&self, own: Own, scratch: &mut Scratch, output: &mut Output) {
        let Frozen { people, draws, .. } = *self.world;
        let (account, day) = (own.account, self.view.observed.day);
        let sessions = sessions_today(people.activity[account.row()], account, day, draws);
        if sessions == 0 {
            return;
        }
        scratch.gathering.start_day(
            account,
            own.history,
            &self.view,
            draws.at(Decides::Ranking, u64::from(account.0), 0, day).bits(),
        );
        self.rules.policy.activate(account, &self.view.observed.accounts, day, draws, &mut scratch.active);
        let mut viewer = self.viewer(own, sessions);
        for session in 0..sessions {
            self.serve_session(session, &mut viewer, scratch, output);
        }
        output.accounts.push((viewer.own.account, viewer.counts));
    }

    fn viewer<'a>(&self, own: Own<'a>, sessions: u32) -> ViewerDay<'a> {
        let Frozen { people, draws, .. } = *self.world;
        let (account, day) = (own.account, self.view.observed.day);
        let row = account.row();
        let key = u64::from(account.0);
        ViewerDay {
            luck: Luck::new(draws, account, day),
            habits: Habits {
                curiosity: people.curiosity[row],
                aversion: people.aversion[row],
                readiness: people.readiness[row],
            },
            seen_regions: [0; MOST_REGIONS],
            request: Request {
                viewer: account,
                day,
                number: 0,
                stated: people.stated[row],
                query: Query::default(),
                personalised: true,
                shown_today: [0; MOST_REGIONS],
                draws,
            },
            counts: AccountCounts { sessions, ..AccountCounts::default() },
            teaches: people.role[row] != Role::Probe
                && draws.at(Decides::TrainingSample, key, 0, day).chance(self.example_share),
            recorded: self.exposure_share > 0.0
                && draws.at(Decides::ExposureSample, key, 0, 0).chance(self.exposure_share),
            own,
        }
    }

    fn serve_session(&self, session: u32, viewer: &mut ViewerDay, scratch: &mut Scratch, output: &mut Output) {
        for _ in 0..self.rules.behavior.most_requests {
            let step =
                self.rules.policy.personalisation(&scratch.active, &viewer.request, self.rules.feed.personalisation);
            let explores = self.answer(step, viewer, scratch);
            let engaged = self.look_through(session, step, explores, viewer, scratch, output);
            let number = viewer.request.number;
            viewer.request.number += 1;
            let slate_was_empty = scratch.maker.slate.is_empty();
            if slate_was_empty
                || !another_request(
                    &self.rules.behavior,
                    engaged,
                    viewer.own.account,
                    number,
                    viewer.request.day,
                    viewer.request.draws,
                )
            {
                break;
            }
        }
    }

    /// Answers one request: candidates, eligibility, scores, adjustment, slate. Tells whether the ranker explores. `step`: with
    /// which the viewer's profile learns; 0 takes it out of the answer too.
    fn answer(&self, step: f64, viewer: &mut ViewerDay, scratch: &mut Scratch) -> bool {
        let (rules, view) = (self.rules, &self.view);
        let Scratch { gathering, maker, active, places } = scratch;
        let request = &mut viewer.request;
        request.personalised = step > 0.0;
        request.query = if request.personalised { Query::new(viewer.own.profile) } else { Query::default() };
        let request = &viewer.request;
        let ranker = rules.policy.ranker(active, request, rules.ranker.as_ref());
        let counts = sources::counts(&ranker.sources(&rules.feed.quotas), rules.feed.candidates, request.personalised);
        gathering.gather(request, view, counts);
        rules.policy.eligible(active, request, view, &mut gathering.candidates);
        ranker.score(request, view, &gathering.candidates, &mut maker.scores);
        rules.policy.adjust(active, request, view, &gathering.candidates, &mut maker.scores);

        places.clear();
        maker.extras.clear();
        if ranker.explores() {
            places.extend(explored(request, rules.feed.slate, rules.feed.explore));
            for &place in places.iter() {
                if let Some(slot) = gathering.explore(request, view, place) {
                    maker.extras.push(
                        slot,
                        Source::Explore,
                        gathering.follows(view.observed.posts.rows()[slot as usize].creator),
                    );
                }
            }
            rules.policy.eligible(active, request, view, &mut maker.extras);
        }
        let caps = rules.policy.caps(active, request);
        let shape = Shape { length: rules.feed.slate, explored: places, discount: ranker.repeat_discount(), caps };
        maker.fill(request, view, &gathering.candidates, shape);
        ranker.explores()
    }

    /// Lets the viewer look through the slate, slot by slot; returns how often it engaged.
    fn look_through(
        &self,
        session: u32,
        step: f64,
        explores: bool,
        viewer: &mut ViewerDay,
        scratch: &mut Scratch,
        output: &mut Output,
    ) -> u32 {
        output.happened.impressions += scratch.maker.slate.len() as u64;
        let mut engaged = 0;
        let mut view_probability = 1.0;
        output.tally.slate(self.cell(viewer.own.account), &self.view, &scratch.maker.slate);
        for (place, &shown) in scratch.maker.slate.iter().enumerate() {
            let row = &self.view.observed.posts.rows()[shown.slot as usize];
            viewer.request.shown_today[usize::from(row.region)] += 1;
            let identity = self.identity(shown.slot);
            let viewed = viewer.luck.views(identity, view_probability);
            view_probability *= self.rules.behavior.view;
            let reaction = if viewed { self.look(viewer, shown, identity) } else { Reaction::default() };
            if viewed {
                self.take_in(viewer, &mut scratch.gathering, shown, &reaction, step, output);
                if viewer.teaches && (shown.source == Source::Explore || !explores) {
                    output.happened.examples.push(self.example(viewer, shown, &reaction));
                }
                engaged += u32::from(reaction.engaged());
            }
            if viewer.recorded {
                output.impressions.push(self.impression(viewer, session, place as u32, shown, viewed, &reaction));
            }
        }
        engaged
    }

    fn identity(&self, slot: u32) -> u64 {
        let posts = &self.view.observed.posts;
        u64::from(posts.rows()[slot as usize].creator.0) << 32 | u64::from(posts.ledgers()[slot as usize].sequence)
    }

    /// What the viewer does with a post that it looks at.
    fn look(&self, viewer: &mut ViewerDay, shown: Shown, identity: u64) -> Reaction {
        let truth = &self.world.truth[shown.slot as usize];
        let seen = &mut viewer.seen_regions[usize::from(truth.region)];
        let post = Viewed {
            identity,
            affinity: truth.topic.dot(viewer.own.interest),
            quality: truth.quality,
            severity: truth.severity,
            follows: shown.follows,
            seen_today: u32::from(*seen),
        };
        *seen = seen.saturating_add(1);
        let Some(probe) = viewer.own.probe.as_deref_mut() else {
            return viewer.habits.react(&self.rules.behavior, &viewer.luck, &post);
        };
        let harmful = f64::from(truth.severity) >= self.rules.harm.threshold;
        let reaction = probe.script.react(probe.clicks, probe.clicked, harmful, &viewer.luck, &post);
        probe.clicked += u32::from(harmful && reaction.liked);
        reaction
    }

    /// What follows from a view: drift, profile, memory, counts.
    fn take_in(
        &self,
        viewer: &mut ViewerDay,
        gathering: &mut Gathering,
        shown: Shown,
        reaction: &Reaction,
        step: f64,
        output: &mut Output,
    ) {
        let slot = shown.slot as usize;
        let truth = &self.world.truth[slot];
        let row = &self.view.observed.posts.rows()[slot];
        let post = self.view.observed.posts.id(slot);
        let own = &mut viewer.own;
        let affinity = truth.topic.dot(own.interest);
        let long_look = own.history.is_long_look(reaction.log_seconds);
        if reaction.engaged() || long_look {
            learn_profile(own.profile, &row.features.unpack(), step as f32);
        } else if reaction.hidden {
            unlearn_profile(own.profile, &row.features.unpack(), step as f32);
        }
        if reaction.engaged() && own.probe.is_none() {
            let minor = self.world.people.band[own.account.row()].is_minor();
            let drift = if minor { self.rules.behavior.drift_minors } else { self.rules.behavior.drift };
            nudge(own.interest, &truth.topic.unpack(), drift as f32);
        }
        own.history.view(post);
        gathering.note_view(shown.slot);
        if reaction.liked {
            gathering.note_like(post);
        }
        if reaction.followed {
            output.happened.follows.push((own.account, row.creator));
        }
        output.happened.events.push(Event { account: own.account, slot: shown.slot, what: Did::new(reaction) });
        self.count(viewer, shown, reaction, affinity, output);
    }

    fn count(&self, viewer: &mut ViewerDay, shown: Shown, reaction: &Reaction, affinity: f32, output: &mut Output) {
        let slot = shown.slot as usize;
        let creator = self.view.observed.posts.rows()[slot].creator;
        let severity = self.world.truth[slot].severity;
        let novelty = self.all_views - libm::log2f(self.view.observed.posts.ledgers()[slot].views as f32 + 1.0);
        viewer.counts.count(severity, &self.rules.harm, reaction);
        let facts = ViewFacts { severity, affinity, novelty };
        output.tally.view(self.cell(viewer.own.account), self.cell(creator), &facts, &self.rules.harm, reaction);
    }

    fn cell(&self, account: AccountId) -> Cell {
        self.cells[account.row()]
    }

    fn example(&self, viewer: &ViewerDay, shown: Shown, reaction: &Reaction) -> Example {
        let features = value_model::features(&viewer.request, &self.view, shown.slot, shown.source, shown.follows);
        Example { features, outcomes: [reaction.liked, reaction.shared, reaction.hidden, reaction.reported] }
    }

    fn impression(
        &self,
        viewer: &ViewerDay,
        session: u32,
        place: u32,
        shown: Shown,
        viewed: bool,
        reaction: &Reaction,
    ) -> Impression {
        let slot = shown.slot as usize;
        Impression {
            account: viewer.own.account,
            day: viewer.request.day,
            session,
            request: viewer.request.number,
            slot: place,
            source: shown.source,
            post: self.view.observed.posts.ledgers()[slot].sequence,
            creator: self.view.observed.posts.rows()[slot].creator,
            severity: self.world.truth[slot].severity,
            viewed,
            engaged: reaction.engaged(),
        }
    }
}
