//! The hooks of interventions, each declared once in the table below.
//!
//! A row of the table declares one hook: its name, its arguments, and the answer that means "no
//! change". The row also declares which event must occur for the hook to be called, and how the
//! policy combines the answers of all interventions. From each row, the macro generates a method of
//! [`Intervention`], an entry of [`Hook::ALL`], and a method of [`Policy`]. The method of the
//! policy records which interventions applied.

use std::fmt::Debug;

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::Use;
use recsafe_common::observed::{Observed, ObservedAccounts};

use super::idle::Occurrence;
use super::policy::{Active, Deployed, Policy};
use super::{AgeCheck, Barrier, Efficacy, Flaggers, Message, QueryFilter, Spread, Wave};
use crate::candidates::Candidates;
use crate::enforcement::{Detection, Review, SanctionPolicy};
use crate::ranking::Ranker;
use crate::request::{Request, View};
use crate::slate::{Filled, Pick, TopicCaps};
use crate::suggestions::{Suggestion, SuggestionRequest};

/// The name and the event of a hook, for lists of hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Name of the hook's method, with hyphens instead of underscores.
    pub name: &'static str,
    /// The event that must occur for the hook to be called. `None` if no event is needed.
    pub at: Option<Occurrence>,
}

impl Hook {
    /// Returns the hook with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Hook> {
        Hook::ALL.iter().find(|hook| hook.name == name)
    }
}

/// Returns the name of a method with hyphens instead of underscores.
const fn hyphened<const LENGTH: usize>(name: &str) -> [u8; LENGTH] {
    let mut hyphened = [b'-'; LENGTH];
    let mut index = 0;
    while index < LENGTH {
        if name.as_bytes()[index] != b'_' {
            hyphened[index] = name.as_bytes()[index];
        }
        index += 1;
    }
    hyphened
}

/// Generates the trait, the list of hooks and the methods of the policy. A row has the form
///
/// ```text
/// fn name(arguments of the hook; further arguments of the policy) -> answer, at Occurrence {
///     no change => fold in use
/// }
/// ```
///
/// The method of the policy takes both lists of arguments. The words `fold` and `use` represent the
/// names of methods in `rule_query.rs`. If a fold passes a value from one intervention to the next,
/// the row names the value: `fold(value)`. If the policy's answer has a different type than the
/// hook's answer, the row ends with `as` and the type of the policy's answer. If a row has no `=>`,
/// the method is in `policy.rs`.
macro_rules! hooks {
    (
        $(#[$about:meta])*
        pub trait $trait:ident: $bound:ident $(+ $bounds:ident)* { $($beside:tt)* }
        $(
            $(#[$doc:meta])*
            fn $hook:ident($($arg:ident: $type:ty),* $(; $($with:ident: $with_type:ty),*)?) $(-> $answer:ty)? $(, at $happening:ident)? {
                $nothing:expr $(=> $($asked:tt)*)?
            }
        )*
    ) => {
        $(#[$about])*
        #[allow(unused_variables, reason = "the default methods ignore their arguments")]
        pub trait $trait: $bound $(+ $bounds)* {
            $($beside)*
            $(
                $(#[$doc])*
                fn $hook(&self, $($arg: $type),*) $(-> $answer)? {
                    $nothing
                }
            )*
        }

        impl Hook {
            /// All hooks, in the order of the trait's methods.
            pub const ALL: &'static [Hook] = &[$(Hook {
                name: match str::from_utf8(&const { hyphened::<{ stringify!($hook).len() }>(stringify!($hook)) }) {
                    Ok(name) => name,
                    Err(_) => panic!("the name of a hook is ASCII"),
                },
                at: hooks!(@at $($happening)?),
            },)*];
        }

        impl Policy {
            $(hooks! { @policy $hook, [$($arg: $type),*], [$($($with: $with_type),*)?], [$($answer)?], $($($asked)*)? })*
        }
    };

    (@at) => { None };
    (@at $happening:ident) => { Some(Occurrence::$happening) };

    (@policy $hook:ident, $args:tt, $with:tt, $answer:tt,) => {};
    (
        @policy $hook:ident, [$($arg:ident: $type:ty),*], [$($with:ident: $with_type:ty),*], [$answer:ty],
        $fold:ident in $use:ident($($of:expr),*)
    ) => {
        #[doc = concat!("Returns the combined answer of all interventions to [`Intervention::", stringify!($hook), "`].")]
        #[must_use]
        pub fn $hook(&self, $($arg: $type,)* $($with: $with_type),*) -> $answer {
            self.$use($($of),*).$fold(|rule| rule.$hook($($arg),*))
        }
    };
    (
        @policy $hook:ident, [$($arg:ident: $type:ty),*], [$($with:ident: $with_type:ty),*], [$answer:ty],
        $fold:ident in $use:ident($($of:expr),*) as $whole:ty
    ) => {
        #[doc = concat!("Returns the combined answer of all interventions to [`Intervention::", stringify!($hook), "`].")]
        pub fn $hook(&self, $($arg: $type,)* $($with: $with_type),*) -> $whole {
            self.$use($($of),*).$fold(|rule| rule.$hook($($arg),*))
        }
    };
    (
        @policy $hook:ident, [$value:ident: $type:ty], [$($with:ident: $with_type:ty),*], [$($answer:ty)?],
        $fold:ident($_value:ident) in $use:ident($($of:expr),*)
    ) => {
        #[doc = concat!("Passes a value through all interventions at [`Intervention::", stringify!($hook), "`].")]
        pub fn $hook(&self, $value: $type, $($with: $with_type),*) $(-> $answer)? {
            self.$use($($of),*).$fold($value, |rule, $value| rule.$hook($value))
        }
    };
}

hooks! {
    /// An intervention. Every hook defaults to "no change".
    ///
    /// The hook determines which account an intervention reaches: the viewer of a feed, the
    /// suggested account, the recipient of a message, or the account whose defaults are set. Limits
    /// on sending reach the sender. Enforcement hooks reach the account that is classified, files a
    /// report, is sanctioned, or comes back after removal.
    pub trait Intervention: Debug + Send + Sync {
        /// Returns whether the intervention does anything for a reached account of this age band.
        /// `band` is the age band that the platform assumes for the account. For age checks, `band`
        /// is the declared age band. Interventions that ignore some bands implement this method.
        /// With this method, interventions that can reach nobody are found before a run starts.
        fn acts_on(&self, band: AgeBand) -> bool {
            true
        }

        /// Returns whether the intervention does anything if the other account is of this age band.
        /// The other account is the account that sees, searches for or messages the reached
        /// account.
        fn acts_towards(&self, band: AgeBand) -> bool {
            true
        }
    }

    /// Returns the ranker that replaces the platform's ranker. If several interventions have a
    /// ranker, the last of these interventions decides. Efficacy is drawn once per request. The
    /// method of the policy returns the ranker together with its intervention.
    fn ranker(; active: &Active, request: &Request) -> Option<&dyn Ranker>, at Feed {
        None => last in request(active, request) as Option<(&Deployed, &dyn Ranker)>
    }

    /// Returns the learning step of the viewer's profile. If the step is 0, neither profile nor
    /// history affects candidates or scores. Efficacy is drawn once per request.
    fn personalisation(step: f64; active: &Active, request: &Request) -> f64, at Feed {
        step => in_turn(step) in request(active, request)
    }

    /// Removes candidates that the viewer must not be shown.
    fn eligible(efficacy: Efficacy, request: &Request, view: &View, candidates: &mut Candidates), at Feed {
        ()
    }

    /// Changes the scores. Each candidate has one score, and all scores must stay finite.
    fn adjust(efficacy: Efficacy, request: &Request, view: &View, candidates: &Candidates, scores: &mut [f32]), at Feed {
        ()
    }

    /// Lowers the maximum number of posts of one topic in a slate or a day. Efficacy is drawn once
    /// per request.
    fn caps(caps: TopicCaps; active: &Active, request: &Request) -> TopicCaps, at Feed {
        caps => in_turn(caps) in request(active, request)
    }

    /// Reorders a filled slate, and can replace posts by other candidates. Efficacy is drawn once
    /// per request.
    ///
    /// An exploration post is allowed to move, but must stay in the slate, because the ranker
    /// learns from it. A slate is allowed to become shorter, but must not become longer. A slate
    /// must contain each candidate at most once. A slate must not contain a candidate whose topic
    /// was already full before this slate. [`Filled::check`] checks these rules, and the run ends
    /// with an error if an intervention violates a rule. The topic caps within the slate are not
    /// checked: the intervention itself must respect the caps. Picks from [`Filled::rest`] respect
    /// the caps. Each intervention starts with the slate that the previous intervention returned.
    fn rerank(request: &Request, view: &View, filled: &Filled, picks: &mut Vec<Pick>), at Feed {
        ()
    }

    /// Returns whether the platform forgets the viewer's profile and likes when the viewer hides a
    /// post. Efficacy is drawn once per request.
    fn resets_profile(; active: &Active, request: &Request) -> bool, at Feed {
        false => any in request(active, request)
    }

    /// Returns the maximum number of feed slates per day for a reached account. The lowest limit
    /// applies. Efficacy is drawn once per day.
    fn slates_a_day(account: AccountId, observed: &Observed; draws: Draws) -> Option<u32>, at Feed {
        None => least in today(account, observed, draws, Use::Slates)
    }

    /// Returns whether the feed of a reached account is closed in this hour of the day. Hours are
    /// counted from 0 to 23. Efficacy is drawn once per session.
    fn is_quiet(hour: u32; account: AccountId, session: u32, observed: &Observed, draws: Draws) -> bool, at Feed {
        false => any in today(account, observed, draws, Use::Session(session))
    }

    /// Returns whether a reached account is kept out of a slate position of people suggestions.
    /// Efficacy is drawn once per position.
    fn hides(suggestion: &Suggestion, observed: &Observed; request: &SuggestionRequest) -> bool, at Suggestions {
        false => any in for_suggestion(
            suggestion,
            observed,
            request,
            Use::Suggestion(request.visit, suggestion.slot)
        )
    }

    /// Returns whether a reached account is kept out of the results of a search by the searcher.
    /// Efficacy is drawn once per search and account.
    fn unlists(searcher: AccountId, found: AccountId, observed: &Observed; number: u32, draws: Draws) -> bool,
        at AccountSearches
    {
        false => any in today(found, observed, draws, Use::Search(number, searcher))
    }

    /// Returns the filter for the searches of a reached account. The filters of all interventions
    /// apply. Efficacy is drawn once per search.
    fn filters_searches(; account: AccountId, number: u32, observed: &Observed, draws: Draws) -> Option<QueryFilter>,
        at Searches
    {
        None => each in today(account, observed, draws, Use::Filter(number))
            as impl Iterator<Item = (u64, QueryFilter)>
    }

    /// Returns whether the recommenders learn nothing from the actions of a reached account.
    /// Efficacy is drawn once per day.
    fn mutes(account: AccountId, observed: &Observed; draws: Draws) -> bool {
        false => any in today(account, observed, draws, Use::Mute)
    }

    /// Returns whether a viewer cannot see the follower list of a reached account. Efficacy is
    /// drawn once per viewer, owner and day.
    fn hides_list(viewer: AccountId, owner: AccountId, observed: &Observed; draws: Draws) -> bool, at FollowerLists {
        false => any in today(owner, observed, draws, Use::List(viewer))
    }

    /// Returns the number of days for which a first message to a reached recipient is held. The
    /// longest delay applies. Efficacy is drawn once per sender, recipient and day.
    fn holds_back(message: &Message, observed: &Observed; draws: Draws) -> u32, at Messages {
        0 => longest in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Returns whether a first message to a reached recipient is not delivered. Efficacy is drawn
    /// once per sender, recipient and day.
    fn stops(message: &Message, observed: &Observed; draws: Draws) -> bool, at Messages {
        false => any in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Returns the maximum number of first messages to strangers per day for a reached sender. The
    /// lowest limit applies. Mutual follows are not strangers. Efficacy is drawn once per day.
    fn messages_a_day(; account: AccountId, observed: &Observed, draws: Draws) -> Option<u32>, at Messages {
        None => least in today(account, observed, draws, Use::Messages)
    }

    /// Returns the factor on the probability that a reached recipient accepts a first message. The
    /// effect on behaviour is assumed. Efficacy is drawn once per sender, recipient and day.
    fn acceptance(message: &Message, observed: &Observed; draws: Draws) -> f64, at Messages {
        1.0 => product in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Changes the classifiers for a reached account and its posts. Efficacy is drawn once per
    /// account and never again.
    fn detects(detection: &mut Detection; account: AccountId, accounts: &ObservedAccounts, day: Day, draws: Draws) {
        () => change(detection) in for_good(account, accounts, day, draws, Use::Enforcement)
    }

    /// Changes how the review queue is processed. All accounts share one queue, so the change
    /// cannot be made per account. The change is scaled by coverage times efficacy, which is passed
    /// as `strength` and is in [0, 1].
    fn reviews(review: &mut Review, strength: f64) {
        ()
    }

    /// Returns the factor on the propensity of a reached account to report. The effect on behaviour
    /// is assumed. Efficacy is drawn once per account and never again.
    fn reporting(; account: AccountId, accounts: &ObservedAccounts, day: Day, draws: Draws) -> f64 {
        1.0 => product in for_good(account, accounts, day, draws, Use::Enforcement)
    }

    /// Changes the sanctions for a reached account. Efficacy is drawn once per account and never
    /// again.
    fn sanctions(sanction_policy: &mut SanctionPolicy; account: AccountId, observed: &Observed, draws: Draws) {
        () => change(sanction_policy) in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement)
    }

    /// Returns the outside experts who report accounts. Coverage times efficacy scales the number
    /// of their reports.
    fn flaggers() -> Option<Flaggers> {
        None
    }

    /// Returns how removals spread to a reached account, or `None` if removals do not spread. The
    /// highest probability applies. Efficacy is drawn once per account and never again.
    fn spreads(; account: AccountId, observed: &Observed, draws: Draws) -> Option<Spread> {
        None => likeliest in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement)
    }

    /// Returns the removal wave of a day, if there is one. Efficacy is drawn once per account and
    /// never again.
    fn wave(day: Day) -> Option<Wave>, at Exchange {
        None
    }

    /// Returns the age check of a reached account, if there is one. Accounts are selected by their
    /// declared age. Efficacy is drawn once per account and never again.
    fn checks_age() -> Option<AgeCheck> {
        None
    }

    /// Returns the barrier against the return of a reached account's holder. Several barriers
    /// detect returns independently of each other. Efficacy is drawn once per account and never
    /// again.
    fn barrier(; account: AccountId, observed: &Observed, draws: Draws) -> Option<Barrier>, at Returns {
        None => all in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement) as Barrier
    }

    /// Returns whether a reached account of this age band is private by default. Accounts that
    /// their holders made private always stay private. Efficacy is the share of holders who leave
    /// the default on. Efficacy is drawn once per account and never again.
    fn makes_private(declared_age: AgeBand; account: AccountId, observed: &Observed, draws: Draws) -> bool {
        false => any in for_good(account, &observed.accounts, observed.day, draws, Use::Privacy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_names_hooks_that_there_are() {
        for entry in crate::interventions::entries() {
            for hook in entry.hooks {
                assert!(Hook::named(hook).is_some(), "`{}` names `{hook}`", entry.id);
            }
        }
        assert_eq!(Hook::ALL.len(), 28);
        assert_eq!(Hook::named("resets-profile").unwrap().at, Some(Occurrence::Feed));
    }
}
