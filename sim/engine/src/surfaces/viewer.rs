//! A viewer's day: how slates of any surface are viewed, and the immediate effects of each view.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, PostIdentity};
use recsafe_common::key::About;
use recsafe_common::prefetch::{prefetch, prefetch_at};
use recsafe_common::topics::TOPICS;
use recsafe_common::vector::{Query, nudge};
use recsafe_people::behavior::following::follows;
use recsafe_people::behavior::probes::PostKind;
use recsafe_people::behavior::searching;
use recsafe_people::behavior::{Habits, Reaction, Viewed, ViewerRng};
use recsafe_people::contacts::Route;
use recsafe_people::role::Role;
use recsafe_platform::Request;
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::Active;
use recsafe_platform::learning::Example;
use recsafe_platform::memory::{learn_profile, unlearn_profile};
use recsafe_platform::ranking::value_model;
use recsafe_platform::request::MAX_TOPICS;
use recsafe_platform::slate::Shown;
use recsafe_platform::sources::CandidateGenerator;

use super::{Output, RequestWorkspace, SurfaceServer, ViewerState, WorldSnapshot};
use crate::day_log::{Encounter as Found, Follow};
use crate::measure::{AccountCounts, Impression, ProbeSlate, Stratum, ViewFacts};

/// State of an account that persists between the requests of a day.
pub(super) struct ViewerDay<'a> {
    pub(super) state: ViewerState<'a>,
    pub(super) rng: ViewerRng,
    habits: Habits,
    seen_topics: [u8; MAX_TOPICS],
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
        let probe = self.state.probe.as_deref_mut()?;
        probe.slates += 1;
        Some((probe.clicked, self.counts))
    }

    /// Records a slate of a probe after it was viewed.
    pub(super) fn end_slate(&self, began: Option<(u32, AccountCounts)>, output: &mut Output) {
        let (Some((clicks, before)), Some(probe)) = (began, self.state.probe.as_deref()) else { return };
        let views = self.counts.views - before.views;
        if views > 0 {
            output.probes.push(ProbeSlate {
                probe: self.state.account,
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
pub(super) struct ViewContext {
    /// Number of the session in the day. Numbers of searches follow the numbers of sessions.
    pub(super) session: u32,
    /// Whether the reaction predictors learn from every slate position. Otherwise they learn only
    /// from explored positions.
    pub(super) teaches: bool,
    /// Reaction of the viewer.
    pub(super) reacting: Reacting,
}

/// How a viewer reacts to a slate.
#[derive(Clone, Copy)]
pub(super) enum Reacting {
    /// The viewer decides separately on each viewed post.
    ByPost,
    /// The viewer views all posts, and reshares the post at one slate position or no post.
    Reshares(Option<usize>),
}

impl SurfaceServer<'_> {
    /// Starts an account's day.
    pub(super) fn viewer<'a>(&self, state: ViewerState<'a>, sessions: u32) -> ViewerDay<'a> {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let (account, day) = (state.account, self.view.observed.day);
        let row = account.row();
        ViewerDay {
            rng: ViewerRng::new(draws, account, day),
            habits: Habits {
                curiosity: people.curiosity[row],
                aversion: people.aversion[row],
                report_propensity: people.report_propensity[row]
                    * self.rules.report_factor(people, self.view.observed, account, draws) as f32,
            },
            seen_topics: [0; MAX_TOPICS],
            request: Request {
                viewer: account,
                day,
                number: 0,
                band: self.view.observed.accounts.band[row],
                query: Query::default(),
                personalised: true,
                shown_today: [0; MAX_TOPICS],
                draws,
            },
            counts: AccountCounts { sessions, ..AccountCounts::default() },
            teaches: people.role[row] != Role::Probe
                && draws.at(DrawPurpose::TrainingSample, account, About::Nothing, day).chance(self.example_share),
            most_slates: self.rules.policy.slates_a_day(account, self.view.observed, draws),
            recorded: self.exposure_share > 0.0
                && draws.at(DrawPurpose::ExposureSample, account, About::Nothing, 0).chance(self.exposure_share),
            state,
        }
    }

    /// Lets the viewer view the slate from top to bottom. Returns the number of engagements.
    pub(super) fn view_slate(
        &self,
        how: ViewContext,
        step: f64,
        viewer: &mut ViewerDay,
        workspace: &mut RequestWorkspace,
        output: &mut Output,
    ) -> u32 {
        output.log.impressions += workspace.maker.slate.len() as u64;
        self.prefetch_views(&workspace.maker.slate);
        let mut engaged = 0;
        let mut view_probability = 1.0;
        for (index, &shown) in workspace.maker.slate.iter().enumerate() {
            let row = &self.view.observed.posts.rows()[shown.post_index as usize];
            let shown_today = &mut viewer.request.shown_today[usize::from(row.topic_id)];
            *shown_today = shown_today.saturating_add(1);
            let identity = self.identity(shown.post_index);
            let affinity = self.world.truth[shown.post_index as usize].topic.dot(viewer.state.interest);
            let (viewed, reaction) = match how.reacting {
                Reacting::ByPost => {
                    let viewed = viewer.rng.views(About::Post(identity), view_probability);
                    view_probability *= self.rules.behavior.view_persistence;
                    (viewed, if viewed { self.look(viewer, shown, (identity, affinity)) } else { Reaction::default() })
                }
                // Dwell time is not modelled here: every view has a dwell time of 0 s.
                Reacting::Reshares(chosen) => {
                    let shared = chosen == Some(index);
                    (true, Reaction { shared, log_seconds: f32::NEG_INFINITY, ..Reaction::default() })
                }
            };
            if viewed {
                self.apply_reaction(
                    viewer,
                    (&mut workspace.generator, &workspace.active),
                    (shown, affinity),
                    &reaction,
                    step,
                    output,
                );
                if viewer.teaches && (how.teaches || shown.source == Source::Exploration) {
                    output.log.examples.push(self.example(viewer, shown, &reaction));
                }
                engaged += u32::from(reaction.engaged());
            }
            if viewer.recorded {
                output.impressions.push(self.impression(viewer, how.session, index as u32, shown, viewed, &reaction));
            }
        }
        engaged
    }

    /// Prefetches the data that viewing a slate will read.
    fn prefetch_views(&self, slate: &[Shown]) {
        for shown in slate {
            let truth = &self.world.truth[shown.post_index as usize];
            prefetch(&truth.topic);
            prefetch(&truth.topic_id);
            prefetch_at(self.view.observed.posts.counters(), shown.post_index as usize);
            prefetch_at(&self.strata, self.view.observed.posts.access()[shown.post_index as usize].creator().row());
        }
    }

    fn identity(&self, post_index: u32) -> PostIdentity {
        let posts = &self.view.observed.posts;
        let (creator, sequence) =
            (posts.rows()[post_index as usize].creator, posts.counters()[post_index as usize].sequence);
        PostIdentity { creator, sequence }
    }

    /// Returns the viewer's reaction to a post that it views.
    fn look(&self, viewer: &mut ViewerDay, shown: Shown, (identity, affinity): (PostIdentity, f32)) -> Reaction {
        let truth = &self.world.truth[shown.post_index as usize];
        let seen = &mut viewer.seen_topics[usize::from(truth.topic_id)];
        let post = Viewed {
            identity,
            affinity,
            quality: truth.quality,
            severity: truth.severity,
            follows: shown.follows,
            seen_today: u32::from(*seen),
        };
        *seen = seen.saturating_add(1);
        let Some(probe) = viewer.state.probe.as_deref_mut() else {
            return viewer.habits.react(&self.rules.behavior, &viewer.rng, &post);
        };
        let kind = PostKind {
            harmful: self.rules.harm.is_harmful(truth.severity),
            in_niche: usize::from(truth.topic_id) >= TOPICS,
        };
        let reaction = probe.script.react(probe.clicks, probe.clicked, kind, &viewer.rng, &post);
        probe.clicked += u32::from(kind.harmful && (reaction.liked || reaction.log_seconds.is_finite()));
        reaction
    }

    /// Applies the effects of a view on interests, profile, memory and counts.
    fn apply_reaction(
        &self,
        viewer: &mut ViewerDay,
        (generator, active): (&mut CandidateGenerator, &Active),
        (shown, affinity): (Shown, f32),
        reaction: &Reaction,
        step: f64,
        output: &mut Output,
    ) {
        let post_index = shown.post_index as usize;
        let truth = &self.world.truth[post_index];
        let row = &self.view.observed.posts.rows()[post_index];
        let post = self.view.observed.posts.id(post_index);
        let state = &mut viewer.state;
        let long_look = state.history.is_long_look(reaction.log_seconds);
        if reaction.engaged() || long_look {
            learn_profile(state.profile, &row.features.unpack(), step as f32);
        } else if reaction.hidden {
            unlearn_profile(state.profile, &row.features.unpack(), step as f32);
        }
        if reaction.hidden && self.rules.policy.resets_profile(active, &viewer.request) {
            state.profile.fill(0.0);
            output.log.resets.push(state.account);
        }
        if reaction.engaged() && state.probe.is_none() {
            let minor = self.world.people.band[state.account.row()].is_minor();
            let drift =
                if minor { self.rules.behavior.interest_drift_minors } else { self.rules.behavior.interest_drift };
            nudge(state.interest, &truth.topic.unpack(), drift as f32);
        }
        state.history.view(post);
        generator.note_view(shown.post_index);
        if reaction.liked {
            generator.note_like(post);
        }
        if reaction.followed {
            output.log.follows.push(Follow { from: state.account, to: row.creator });
        }
        output.log.events.push(state.account, shown.post_index, reaction);
        if reaction.liked && !shown.follows {
            self.follow_liked_exchange_account(viewer.state.account, row.creator, output);
        }
        self.discover_minor(viewer, row.creator, output);
        self.count(viewer, shown, reaction, affinity, output);
    }

    /// Lets an exchange account follow another exchange account whose post it liked, with the same
    /// probability as a suggested account.
    fn follow_liked_exchange_account(&self, account: AccountId, creator: AccountId, output: &mut Output) {
        let WorldSnapshot { people, draws, .. } = *self.world;
        let exchange = |id: AccountId| people.intents[id.row()].is_exchange();
        let following = &self.rules.behavior.following;
        if exchange(account)
            && exchange(creator)
            && follows(people, following, account, creator, self.view.observed.day, draws)
        {
            output.log.follows.push(Follow { from: account, to: creator });
        }
    }

    /// Lets a contacting predator discover a minor whose post it views.
    fn discover_minor(&self, viewer: &ViewerDay, creator: AccountId, output: &mut Output) {
        let (account, people) = (viewer.state.account, self.world.people);
        if people.is_contacting_predator(account) && people.is_minor(creator) {
            let about = About::InFeed(creator);
            let mut draw = self.world.draws.at(DrawPurpose::Find, account, about, viewer.request.day);
            if draw.chance(self.rules.behavior.contact.notice_probability_viewed) {
                output.log.encounters.push(Found { viewer: account, route: Route::Feed, minors: vec![creator] });
            }
        }
    }

    fn count(&self, viewer: &mut ViewerDay, shown: Shown, reaction: &Reaction, affinity: f32, output: &mut Output) {
        let post_index = shown.post_index as usize;
        let creator = self.view.observed.posts.rows()[post_index].creator;
        let severity = self.world.truth[post_index].severity;
        let novelty = self.all_views - libm::log2f(self.view.observed.posts.counters()[post_index].views as f32 + 1.0);
        viewer.counts.count(severity, &self.rules.harm, reaction);
        let facts = ViewFacts { severity, affinity, novelty };
        output.count_view(
            (self.stratum(viewer.state.account), self.stratum(creator)),
            facts,
            &self.rules.harm,
            reaction,
        );
    }

    pub(super) fn stratum(&self, account: AccountId) -> Stratum {
        self.strata[account.row()]
    }

    fn example(&self, viewer: &ViewerDay, shown: Shown, reaction: &Reaction) -> Example {
        let features =
            value_model::features(&viewer.request, &self.view, shown.post_index, shown.source, shown.follows);
        Example { features, outcomes: [reaction.liked, reaction.shared, reaction.hidden, reaction.reported] }
    }

    fn impression(
        &self,
        viewer: &ViewerDay,
        session: u32,
        index: u32,
        shown: Shown,
        viewed: bool,
        reaction: &Reaction,
    ) -> Impression {
        let post_index = shown.post_index as usize;
        Impression {
            account: viewer.state.account,
            day: viewer.request.day,
            session,
            request: viewer.request.number,
            slot: index,
            source: shown.source,
            post: self.view.observed.posts.counters()[post_index].sequence,
            creator: self.view.observed.posts.rows()[post_index].creator,
            severity: self.world.truth[post_index].severity,
            topic_id: self.world.truth[post_index].topic_id,
            viewed,
            engaged: reaction.engaged(),
        }
    }
}
