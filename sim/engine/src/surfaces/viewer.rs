//! A viewer's day: viewing slates of any surface, and the immediate effects of each view.

use recsafe_common::draw::Decides;
use recsafe_common::ids::{AccountId, PostIdentity};
use recsafe_common::key::About;
use recsafe_common::prefetch::{prefetch, prefetch_at};
use recsafe_common::topics::TOPICS;
use recsafe_common::vector::{Query, nudge};
use recsafe_people::behavior::following::follows;
use recsafe_people::behavior::probes::PostKind;
use recsafe_people::behavior::searching;
use recsafe_people::behavior::{Habits, Luck, Reaction, Viewed};
use recsafe_people::contacts::Route;
use recsafe_people::role::Role;
use recsafe_platform::Request;
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::Active;
use recsafe_platform::learning::Example;
use recsafe_platform::memory::{learn_profile, unlearn_profile};
use recsafe_platform::ranking::value_model;
use recsafe_platform::request::MOST_REGIONS;
use recsafe_platform::slate::Shown;
use recsafe_platform::sources::Gathering;

use super::{Desk, Frozen, Output, Own, Seat};
use crate::happened::{Follow, Look as Found};
use crate::measure::{AccountCounts, Cell, Impression, ProbeSlate, ViewFacts};

/// State of an account that persists between the requests of a day.
pub(super) struct ViewerDay<'a> {
    pub(super) own: Own<'a>,
    pub(super) luck: Luck,
    habits: Habits,
    seen_regions: [u8; MOST_REGIONS],
    pub(super) request: Request,
    pub(super) counts: AccountCounts,
    teaches: bool,
    recorded: bool,
    /// Largest number of feed slates today; `None` if no rule limits them.
    pub(super) most_slates: Option<u32>,
}

impl ViewerDay<'_> {
    /// Replaces the profile in the request by a search query.
    pub(super) fn ask(&mut self, query: &searching::Query, number: u32) {
        self.request.number = number;
        self.request.query = Query::new(&query.topic);
    }

    /// Returns the counts of a probe before a slate, or `None` for other accounts.
    pub(super) fn begin_slate(&mut self) -> Option<(u32, AccountCounts)> {
        let probe = self.own.probe.as_deref_mut()?;
        probe.slates += 1;
        Some((probe.clicked, self.counts))
    }

    /// Records a slate of a probe after it was viewed.
    pub(super) fn end_slate(&self, began: Option<(u32, AccountCounts)>, output: &mut Output) {
        let (Some((clicks, before)), Some(probe)) = (began, self.own.probe.as_deref()) else { return };
        let views = self.counts.views - before.views;
        if views > 0 {
            output.probes.push(ProbeSlate {
                probe: self.own.account,
                script: probe.script,
                slate: probe.slates,
                day: self.request.day,
                clicks,
                views,
                harmful: self.counts.harmful_views - before.harmful_views,
                severe: self.counts.severe_views - before.severe_views,
            });
        }
    }
}

/// How a slate is viewed.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// Session of the day; searches are numbered after all sessions.
    pub(super) session: u32,
    /// Whether the reaction predictors learn from every slate position and not only from explored
    /// positions.
    pub(super) teaches: bool,
    /// Reaction of the viewer.
    pub(super) reacting: Reacting,
}

/// How a viewer reacts to a slate.
#[derive(Clone, Copy)]
pub(super) enum Reacting {
    /// Decides separately on each viewed post.
    ByPost,
    /// Views all posts and reshares the post at one slate position, or none.
    Reshares(Option<usize>),
}

impl Desk<'_> {
    /// Starts an account's day.
    pub(super) fn viewer<'a>(&self, own: Own<'a>, sessions: u32) -> ViewerDay<'a> {
        let Frozen { people, draws, .. } = *self.world;
        let (account, day) = (own.account, self.view.observed.day);
        let row = account.row();
        ViewerDay {
            luck: Luck::new(draws, account, day),
            habits: Habits {
                curiosity: people.curiosity[row],
                aversion: people.aversion[row],
                readiness: people.readiness[row]
                    * self.rules.eagerness(people, self.view.observed, account, draws) as f32,
            },
            seen_regions: [0; MOST_REGIONS],
            request: Request {
                viewer: account,
                day,
                number: 0,
                band: self.view.observed.accounts.band[row],
                query: Query::default(),
                personalised: true,
                shown_today: [0; MOST_REGIONS],
                draws,
            },
            counts: AccountCounts { sessions, ..AccountCounts::default() },
            teaches: people.role[row] != Role::Probe
                && draws.at(Decides::TrainingSample, account, About::Nothing, day).chance(self.example_share),
            most_slates: self.rules.policy.slates_a_day(account, self.view.observed, draws),
            recorded: self.exposure_share > 0.0
                && draws.at(Decides::ExposureSample, account, About::Nothing, 0).chance(self.exposure_share),
            own,
        }
    }

    /// Lets the viewer view the slate from top to bottom. Returns the number of engagements.
    pub(super) fn look_through(
        &self,
        how: Look,
        step: f64,
        viewer: &mut ViewerDay,
        seat: &mut Seat,
        output: &mut Output,
    ) -> u32 {
        output.happened.impressions += seat.maker.slate.len() as u64;
        self.expect_views(&seat.maker.slate);
        let mut engaged = 0;
        let mut view_probability = 1.0;
        for (place, &shown) in seat.maker.slate.iter().enumerate() {
            let row = &self.view.observed.posts.rows()[shown.slot as usize];
            let shown_today = &mut viewer.request.shown_today[usize::from(row.region)];
            *shown_today = shown_today.saturating_add(1);
            let identity = self.identity(shown.slot);
            let affinity = self.world.truth[shown.slot as usize].topic.dot(viewer.own.interest);
            let (viewed, reaction) = match how.reacting {
                Reacting::ByPost => {
                    let viewed = viewer.luck.views(About::Post(identity), view_probability);
                    view_probability *= self.rules.behavior.view;
                    (viewed, if viewed { self.look(viewer, shown, (identity, affinity)) } else { Reaction::default() })
                }
                // All looks have the same length.
                Reacting::Reshares(chosen) => {
                    let shared = chosen == Some(place);
                    (true, Reaction { shared, log_seconds: f32::NEG_INFINITY, ..Reaction::default() })
                }
            };
            if viewed {
                self.take_in(viewer, (&mut seat.gathering, &seat.active), (shown, affinity), &reaction, step, output);
                if viewer.teaches && (how.teaches || shown.source == Source::Explore) {
                    output.happened.examples.push(self.example(viewer, shown, &reaction));
                }
                engaged += u32::from(reaction.engaged());
            }
            if viewer.recorded {
                output.impressions.push(self.impression(viewer, how.session, place as u32, shown, viewed, &reaction));
            }
        }
        engaged
    }

    /// Prefetches the data that viewing a slate will read.
    fn expect_views(&self, slate: &[Shown]) {
        for shown in slate {
            let truth = &self.world.truth[shown.slot as usize];
            prefetch(&truth.topic);
            prefetch(&truth.region);
            prefetch_at(self.view.observed.posts.ledgers(), shown.slot as usize);
            prefetch_at(&self.cells, self.view.observed.posts.gates()[shown.slot as usize].creator().row());
        }
    }

    fn identity(&self, slot: u32) -> PostIdentity {
        let posts = &self.view.observed.posts;
        let (creator, sequence) = (posts.rows()[slot as usize].creator, posts.ledgers()[slot as usize].sequence);
        PostIdentity { creator, sequence }
    }

    /// Returns the viewer's reaction to a post that it views.
    fn look(&self, viewer: &mut ViewerDay, shown: Shown, (identity, affinity): (PostIdentity, f32)) -> Reaction {
        let truth = &self.world.truth[shown.slot as usize];
        let seen = &mut viewer.seen_regions[usize::from(truth.region)];
        let post = Viewed {
            identity,
            affinity,
            quality: truth.quality,
            severity: truth.severity,
            follows: shown.follows,
            seen_today: u32::from(*seen),
        };
        *seen = seen.saturating_add(1);
        let Some(probe) = viewer.own.probe.as_deref_mut() else {
            return viewer.habits.react(&self.rules.behavior, &viewer.luck, &post);
        };
        let kind = PostKind {
            harmful: self.rules.harm.is_harmful(truth.severity),
            in_niche: usize::from(truth.region) >= TOPICS,
        };
        let reaction = probe.script.react(probe.clicks, probe.clicked, kind, &viewer.luck, &post);
        probe.clicked += u32::from(kind.harmful && (reaction.liked || reaction.log_seconds.is_finite()));
        reaction
    }

    /// Applies the effects of a view: drift of interests, profile, memory and counts.
    fn take_in(
        &self,
        viewer: &mut ViewerDay,
        (gathering, active): (&mut Gathering, &Active),
        (shown, affinity): (Shown, f32),
        reaction: &Reaction,
        step: f64,
        output: &mut Output,
    ) {
        let slot = shown.slot as usize;
        let truth = &self.world.truth[slot];
        let row = &self.view.observed.posts.rows()[slot];
        let post = self.view.observed.posts.id(slot);
        let own = &mut viewer.own;
        let long_look = own.history.is_long_look(reaction.log_seconds);
        if reaction.engaged() || long_look {
            learn_profile(own.profile, &row.features.unpack(), step as f32);
        } else if reaction.hidden {
            unlearn_profile(own.profile, &row.features.unpack(), step as f32);
        }
        if reaction.hidden && self.rules.policy.resets_profile(active, &viewer.request) {
            own.profile.fill(0.0);
            output.happened.resets.push(own.account);
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
            output.happened.follows.push(Follow { from: own.account, to: row.creator });
        }
        output.happened.events.push(own.account, shown.slot, reaction);
        if reaction.liked && !shown.follows {
            self.meet(viewer.own.account, row.creator, output);
        }
        self.find(viewer, row.creator, output);
        self.count(viewer, shown, reaction, affinity, output);
    }

    /// Lets an exchange account follow another exchange account whose post it liked, with the same
    /// probability as a suggested account.
    fn meet(&self, account: AccountId, creator: AccountId, output: &mut Output) {
        let Frozen { people, draws, .. } = *self.world;
        let exchange = |id: AccountId| people.intents[id.row()].is_exchange();
        let following = &self.rules.behavior.following;
        if exchange(account)
            && exchange(creator)
            && follows(people, following, account, creator, self.view.observed.day, draws)
        {
            output.happened.follows.push(Follow { from: account, to: creator });
        }
    }

    /// Lets a contacting predator discover a minor whose post it views.
    fn find(&self, viewer: &ViewerDay, creator: AccountId, output: &mut Output) {
        let (account, people) = (viewer.own.account, self.world.people);
        if people.seeks(account) && people.is_minor(creator) {
            let about = About::InFeed(creator);
            let mut draw = self.world.draws.at(Decides::Find, account, about, viewer.request.day);
            if draw.chance(self.rules.behavior.contact.notice_probability_viewed) {
                output.happened.looks.push(Found { viewer: account, route: Route::Feed, minors: vec![creator] });
            }
        }
    }

    fn count(&self, viewer: &mut ViewerDay, shown: Shown, reaction: &Reaction, affinity: f32, output: &mut Output) {
        let slot = shown.slot as usize;
        let creator = self.view.observed.posts.rows()[slot].creator;
        let severity = self.world.truth[slot].severity;
        let novelty = self.all_views - libm::log2f(self.view.observed.posts.ledgers()[slot].views as f32 + 1.0);
        viewer.counts.count(severity, &self.rules.harm, reaction);
        let facts = ViewFacts { severity, affinity, novelty };
        output.count_view((self.cell(viewer.own.account), self.cell(creator)), facts, &self.rules.harm, reaction);
    }

    pub(super) fn cell(&self, account: AccountId) -> Cell {
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
            region: self.world.truth[slot].region,
            viewed,
            engaged: reaction.engaged(),
        }
    }
}
