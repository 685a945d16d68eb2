//! Interventions, which a policy adds to the platform. Each intervention has its own file and a
//! line in the catalogue below.
//!
//! An intervention changes the platform through [hooks](Intervention). A hook has no effect unless
//! the intervention implements it. [`Targeting`] decides when an intervention is active, which
//! accounts it reaches, and how often it works.

mod applied;
mod hooks;
mod idle;
mod policy;
mod rule_query;
mod targeting;

pub use hooks::{Hook, Intervention};
pub use idle::{Occurrence, RunFacts};
pub use policy::{Active, Deployed, Policy, RuleError};
pub use targeting::{Audience, Targeting};

use recsafe_common::catalogue;
use recsafe_common::draw::Stream;
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Use};

use crate::request::Request;

/// Random draws that decide whether an intervention works for an account that it reaches. Each use
/// of the intervention has its own keyed draw, which is the same in every arm.
#[derive(Clone, Copy, Debug)]
pub struct Efficacy {
    stream: Stream,
    share: f64,
}

impl Efficacy {
    /// Creates the draws for an intervention. `share` is the share of uses in which the
    /// intervention works. The random numbers come from `stream`.
    #[must_use]
    pub fn new(stream: Stream, share: f64) -> Self {
        Efficacy { stream, share }
    }

    /// Returns whether the intervention works in this use, such as on one post.
    #[inline]
    #[must_use]
    pub fn works_on(&self, used: Use) -> bool {
        self.share >= 1.0 || self.stream.about(About::Use(used)).chance(self.share)
    }

    /// Returns whether the intervention works for this whole request.
    #[inline]
    #[must_use]
    pub fn works_for(&self, request: &Request) -> bool {
        self.works_on(Use::Request(request.number))
    }
}

/// A first message from one account to another, as interventions see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// Sender.
    pub from: AccountId,
    /// Recipient.
    pub to: AccountId,
}

/// How a sanction spreads to accounts with ties to the sanctioned account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Probability of removal per mutual follow with a recently sanctioned account.
    pub per_tie: f64,
    /// Lowest account classifier score at which an account can be removed.
    pub least_signal: f64,
}

/// A wave of removals: the platform receives a list from an outside investigation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// Share of all exchange accounts that is on the list.
    pub share: f64,
    /// Probability that an account is listed by mistake if the account and a listed exchange
    /// account follow each other.
    pub mistaken: f64,
}

/// A barrier against the return of removed users.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Barrier {
    /// Share of returns that are detected and turned away.
    pub detection: f64,
    /// Probability, per detected return, that an ordinary account is limited by mistake.
    pub mistaken: f64,
}

/// A filter for searches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QueryFilter {
    /// Share of the searches for a harmful niche that the filter recognises.
    pub recall: f64,
    /// Share of all other searches that the filter blocks by mistake.
    pub mistaken: f64,
}

/// Outside experts who report accounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flaggers {
    /// Reports per day and 10,000 accounts.
    pub reports: f64,
    /// Share of the reports that are about a violating account.
    pub precision: f64,
}

/// An age check of accounts that declare 18 or over. A holder who is classified as a minor can try
/// again up to `retries` times. A holder who passes is not checked again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeCheck {
    /// Share of the reached accounts that are checked.
    pub share: f64,
    /// Probability that the first check classifies the holder as a minor, by true age band.
    pub caught: [f64; 4],
    /// Probability that a further try classifies the holder as a minor, by true age band. If this
    /// probability is 1, the holder does not try again.
    pub again: [f64; 4],
    /// Number of further tries after the holder was classified as a minor.
    pub retries: u32,
    /// Whether the holder has to do something for the first check. A retry always requires an
    /// action of the holder.
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
    "strikes" => strikes::StrikeSanctions,
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
