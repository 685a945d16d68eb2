//! Interventions: rules that a policy adds to the platform. One file each, one line each in the catalogue below.
//!
//! A rule changes what the platform does through hooks, each of which does nothing unless the rule defines it. When it
//! starts, whom it reaches and how often it works is not the rule's business but its [`Rollout`]'s.

mod applied;
mod idle;
mod policy;
mod rollout;

pub use idle::{Happening, There};
pub use policy::{Active, Deployed, Policy};
pub use rollout::{Audience, Rollout};

use std::fmt::Debug;

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue;
use recsafe_common::draw::Stream;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Use};
use recsafe_common::observed::Observed;

use crate::candidates::Candidates;
use crate::enforcement::{Detection, Ladder, Review};
use crate::ranking::Ranker;
use crate::request::{Request, View};
use crate::slate::TopicCaps;
use crate::suggestions::Suggestion;

/// Whether a rule that reached an account works, use by use: one keyed draw each, equal in every arm.
#[derive(Clone, Copy, Debug)]
pub struct Efficacy {
    stream: Stream,
    share: f64,
}

impl Efficacy {
    /// A rule that works in `share` of its uses, with luck from `stream`.
    #[must_use]
    pub fn new(stream: Stream, share: f64) -> Self {
        Efficacy { stream, share }
    }

    /// Whether it works in this use, such as on one post.
    #[inline]
    #[must_use]
    pub fn works_on(&self, used: Use) -> bool {
        self.share >= 1.0 || self.stream.about(About::Use(used)).chance(self.share)
    }

    /// Whether it works for this whole request.
    #[inline]
    #[must_use]
    pub fn works_for(&self, request: &Request) -> bool {
        self.works_on(Use::Request(request.number))
    }
}

/// A first message from one account to another, as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sends it.
    pub from: AccountId,
    /// To whom.
    pub to: AccountId,
}

/// How a removal spreads to accounts that are tied to the one removed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Probability for each mutual follow lost of late to a removal.
    pub per_tie: f64,
    /// Account score that is needed beside it.
    pub least_signal: f64,
}

/// A wave of removals: an investigation hands a list to the platform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// Share of the exchange accounts that it finds.
    pub share: f64,
    /// Probability that it takes an account for one of them that follows, and is followed by, one that it found.
    pub mistaken: f64,
}

/// What makes return after removal harder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Barrier {
    /// Share of returns that is detected and turned away.
    pub detection: f64,
    /// For each return that is turned away, the probability that an ordinary account is limited by mistake.
    pub mistaken: f64,
}

/// A filter of searches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueryFilter {
    /// Share of searches for a harmful niche that it knows.
    pub recall: f64,
    /// Share of all other searches that it blocks by mistake.
    pub mistaken: f64,
}

/// Outside experts who report accounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flaggers {
    /// Reports a day and 10,000 accounts.
    pub reports: f64,
    /// Share of them that are about accounts which violate.
    pub precision: f64,
}

/// How the platform checks the age of an account that states 18 or over. A holder who is taken for a minor tries again, as often as
/// it may; one who passes is left alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeCheck {
    /// Share of these accounts that are checked.
    pub share: f64,
    /// Probability that the first check takes the holder for a minor, by true band.
    pub caught: [f64; 4],
    /// The same of each further try; who has no chance does not try.
    pub again: [f64; 4],
    /// How often a holder who was taken for a minor may try again.
    pub retries: u32,
    /// Whether the first check asks something of the holder; a retry always does.
    pub asks: bool,
}

/// A rule. Every hook defaults to "no change". Whom a rule reaches is the viewer of a feed, the account suggested, the recipient
/// of a message or the account whose defaults it sets, for limits on sending the sender, and for enforcement the account that is
/// watched, reports, is sanctioned or comes back.
pub trait Intervention: Debug + Send + Sync {
    /// Whether it does anything about an account that it reaches and that the platform takes to be of a band: the stated one for checks of
    /// age. A rule that leaves some bands alone says so here, so that one which can reach nobody is known before a run.
    fn acts_on(&self, _band: AgeBand) -> bool {
        true
    }

    /// Whether it does anything where the other account is of a band: the one that is shown the account which it reaches, searches for it,
    /// or writes to it.
    fn acts_towards(&self, _band: AgeBand) -> bool {
        true
    }

    /// The ranker to use in place of the platform's.
    fn ranker(&self) -> Option<&dyn Ranker> {
        None
    }

    /// The step with which the viewer's profile learns; 0 takes profile and own history out of candidates and scores.
    fn personalisation(&self, step: f64) -> f64 {
        step
    }

    /// Takes candidates away that may not be shown to the viewer.
    fn eligible(&self, _efficacy: Efficacy, _request: &Request, _view: &View, _candidates: &mut Candidates) {}

    /// Changes scores; one for each candidate, finite.
    fn adjust(
        &self,
        _efficacy: Efficacy,
        _request: &Request,
        _view: &View,
        _candidates: &Candidates,
        _scores: &mut [f32],
    ) {
    }

    /// Narrows how many posts of one region of topics a slate or a day may hold.
    fn caps(&self, caps: TopicCaps) -> TopicCaps {
        caps
    }

    /// Whether a viewer's profile and likes are forgotten when it hides a post.
    fn resets_profile(&self) -> bool {
        false
    }

    /// Most slates of the feed that an account it reaches gets in a day.
    fn slates_a_day(&self, _account: AccountId, _observed: &Observed) -> Option<u32> {
        None
    }

    /// Whether an account that it reaches gets no feed in an hour of the day, in 0..24.
    fn is_quiet(&self, _hour: u32) -> bool {
        false
    }

    /// Whether it keeps an account that it reaches out of a slot of people suggestions.
    fn hides(&self, _suggestion: &Suggestion, _observed: &Observed) -> bool {
        false
    }

    /// Whether it keeps an account that it reaches out of what a search finds.
    fn unlists(&self, _searcher: AccountId, _found: AccountId, _observed: &Observed) -> bool {
        false
    }

    /// What filters the searches of an account that it reaches.
    fn filters_searches(&self) -> Option<QueryFilter> {
        None
    }

    /// Whether what an account that it reaches does teaches the recommenders nothing.
    fn mutes(&self, _account: AccountId, _observed: &Observed) -> bool {
        false
    }

    /// Whether the follower list of an account that it reaches is not shown to a viewer.
    fn hides_list(&self, _viewer: AccountId, _owner: AccountId, _observed: &Observed) -> bool {
        false
    }

    /// Days for which a first message to a recipient whom it reaches is held back.
    fn holds_back(&self, _message: &Message, _observed: &Observed) -> u32 {
        0
    }

    /// Whether it stops a first message to a recipient whom it reaches.
    fn stops(&self, _message: &Message, _observed: &Observed) -> bool {
        false
    }

    /// Most first messages to others than mutual follows that an account it reaches can send in a day.
    fn messages_a_day(&self) -> Option<u32> {
        None
    }

    /// Lever: factor on the probability that a recipient whom it reaches accepts a first message.
    fn acceptance(&self, _message: &Message, _observed: &Observed) -> f64 {
        1.0
    }

    /// Changes the classifiers that watch an account which it reaches, and its posts.
    fn detects(&self, _detection: &mut Detection) {}

    /// Changes how the review queue is worked off; `strength` in [0, 1] is coverage times efficacy, as there is one queue for all.
    fn reviews(&self, _review: &mut Review, _strength: f64) {}

    /// Lever: factor on how readily an account that it reaches reports.
    fn reporting(&self) -> f64 {
        1.0
    }

    /// Changes the sanctions for an account that it reaches.
    fn sanctions(&self, _ladder: &mut Ladder) {}

    /// Outside experts who report accounts that it reaches.
    fn flaggers(&self) -> Option<Flaggers> {
        None
    }

    /// How removals spread to an account that it reaches, if they do.
    fn spreads(&self) -> Option<Spread> {
        None
    }

    /// The wave of removals that comes on a day, if one does.
    fn wave(&self, _day: Day) -> Option<Wave> {
        None
    }

    /// How the age of an account that it reaches is checked, if it is. It reaches accounts by the age that they state.
    fn checks_age(&self) -> Option<AgeCheck> {
        None
    }

    /// What stands against the return of an account that it reaches.
    fn barrier(&self) -> Option<Barrier> {
        None
    }

    /// Whether an account that it reaches and that states this band is private by default.
    fn makes_private(&self, _stated: AgeBand) -> bool {
        false
    }
}

catalogue! { Intervention {
    "demote-predicted-harm" => demote_predicted_harm::DemotePredictedHarm,
    "remove-from-recommendation" => remove_from_recommendation::RemoveFromRecommendation,
    "chronological-feed" => chronological_feed::ChronologicalFeed,
    "no-personalisation" => no_personalisation::NoPersonalisation,
    "dampen-personalisation" => dampen_personalisation::DampenPersonalisation,
    "profile-reset-after-hide" => profile_reset_after_hide::ProfileResetAfterHide,
    "reset-engagement-weights" => reset_engagement_weights::ResetEngagementWeights,
    "diversity-floor" => diversity_floor::DiversityFloor,
    "frequency-cap" => frequency_cap::FrequencyCap,
    "age-appropriate-sources" => age_appropriate_sources::AgeAppropriateSources,
    "hide-minors-from-suggestions" => hide_minors_from_suggestions::HideMinorsFromSuggestions,
    "hide-flagged-accounts" => hide_flagged_accounts::HideFlaggedAccounts,
    "break-co-engagement" => break_co_engagement::BreakCoEngagement,
    "block-niche-search" => block_niche_search::BlockNicheSearch,
    "limit-search-of-minors" => limit_search_of_minors::LimitSearchOfMinors,
    "restrict-messages" => restrict_messages::RestrictMessages,
    "message-rate-limit" => message_rate_limit::MessageRateLimit,
    "warning" => warning::Warning,
    "delay-first-message" => delay_first_message::DelayFirstMessage,
    "mutual-needed" => mutual_needed::MutualNeeded,
    "hide-follower-lists" => hide_follower_lists::HideFollowerLists,
    "private-by-default" => private_by_default::PrivateByDefault,
    "classifier" => classifier::Classifier,
    "review-capacity" => review_capacity::ReviewCapacity,
    "report-button" => report_button::ReportButton,
    "strikes" => strikes::StrikeLadder,
    "network-removal" => network_removal::NetworkRemoval,
    "removal-wave" => removal_wave::RemovalWave,
    "return-barrier" => return_barrier::ReturnBarrier,
    "trusted-flaggers" => trusted_flaggers::TrustedFlaggers,
    "daily-limit" => daily_limit::DailyLimit,
    "quiet-hours" => quiet_hours::QuietHours,
    "guardian-controls" => guardian_controls::GuardianControls,
    "age-assurance" => age_assurance::AgeAssurance,
    "infer-age" => infer_age::InferAge,
} }
