//! Interventions: rules that a policy adds to the platform. One file each, one line each in the catalogue below.
//!
//! A rule changes what the platform does through [hooks](Intervention), each of which does nothing unless the rule defines it. When it
//! starts, whom it reaches and how often it works is not the rule's business but its [`Rollout`]'s.

mod applied;
mod asked;
mod hooks;
mod idle;
mod policy;
mod rollout;

pub use hooks::{Hook, Intervention};
pub use idle::{Happening, There};
pub use policy::{Active, Deployed, Policy, RuleError};
pub use rollout::{Audience, Rollout};

use recsafe_common::catalogue;
use recsafe_common::draw::Stream;
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Use};

use crate::request::Request;

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
    "exclude-flagged-from-co-engagement" => exclude_flagged_from_co_engagement::ExcludeFlaggedFromCoEngagement,
    "block-niche-search" => block_niche_search::BlockNicheSearch,
    "limit-search-of-minors" => limit_search_of_minors::LimitSearchOfMinors,
    "restrict-messages" => restrict_messages::RestrictMessages,
    "message-rate-limit" => message_rate_limit::MessageRateLimit,
    "message-warning" => message_warning::MessageWarning,
    "delay-first-message" => delay_first_message::DelayFirstMessage,
    "require-mutual-follow" => require_mutual_follow::RequireMutualFollow,
    "hide-follower-lists" => hide_follower_lists::HideFollowerLists,
    "private-by-default" => private_by_default::PrivateByDefault,
    "classifier" => classifier::Classifier,
    "review-capacity" => review_capacity::ReviewCapacity,
    "report-button" => report_button::ReportButton,
    "strikes" => strikes::StrikeLadder,
    "network-removal" => network_removal::NetworkRemoval,
    "removal-wave" => removal_wave::RemovalWave,
    "ban-evasion-detection" => ban_evasion_detection::BanEvasionDetection,
    "trusted-flaggers" => trusted_flaggers::TrustedFlaggers,
    "daily-limit" => daily_limit::DailyLimit,
    "quiet-hours" => quiet_hours::QuietHours,
    "parental-controls" => parental_controls::ParentalControls,
    "age-assurance" => age_assurance::AgeAssurance,
    "age-inference" => age_inference::AgeInference,
} }
