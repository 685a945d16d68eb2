//! The hooks: each is declared once, in the table below.
//!
//! A row says what a hook is called and asked, what a rule answers that has nothing to say, what has to happen in a world for it to be asked
//! at all, and how the policy asks all rules: how their answers become one, and whom a rule has to reach for which use. From it are made the
//! method of [`Intervention`], that of [`Policy`] with its note of which rules applied, and the hook's line in [`Hook::ALL`].

use std::fmt::Debug;

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::Use;
use recsafe_common::observed::{Observed, ObservedAccounts};

use super::idle::Happening;
use super::policy::{Active, Deployed, Policy};
use super::{AgeCheck, Barrier, Efficacy, Flaggers, Message, QueryFilter, Spread, Wave};
use crate::candidates::Candidates;
use crate::enforcement::{Detection, Ladder, Review};
use crate::ranking::Ranker;
use crate::request::{Request, View};
use crate::slate::{Filled, Pick, TopicCaps};
use crate::suggestions::{Asking, Suggestion};

/// A hook, as lists of hooks name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name: that of the method, with hyphens.
    pub name: &'static str,
    /// What has to happen for it to be asked; nothing where it always is.
    pub at: Option<Happening>,
}

impl Hook {
    /// The hook of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Hook> {
        Hook::ALL.iter().find(|hook| hook.name == name)
    }
}

/// The name of a method with hyphens.
const fn hyphened<const LENGTH: usize>(name: &str) -> [u8; LENGTH] {
    let mut hyphened = [b'-'; LENGTH];
    let mut place = 0;
    while place < LENGTH {
        if name.as_bytes()[place] != b'_' {
            hyphened[place] = name.as_bytes()[place];
        }
        place += 1;
    }
    hyphened
}

/// Writes the trait, the list of hooks and the policy's methods. A row is
///
/// `fn name(what a rule is asked; what else the policy needs to know) -> answer, at Happening { nothing to say => fold in use }`
///
/// The policy's method takes both lists of arguments. Fold and use are methods of `asked.rs`; a fold that hands a value on from rule to rule
/// names it: `fold(value)`. `as` gives the policy's answer where it is of another type. Without `=>`, `policy.rs` asks the rules itself.
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
        #[allow(unused_variables, reason = "a rule that has nothing to say looks at nothing")]
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
            /// Every hook, in the order in which the trait has them.
            pub const ALL: &'static [Hook] = &[$(Hook {
                name: match str::from_utf8(&const { hyphened::<{ stringify!($hook).len() }>(stringify!($hook)) }) {
                    Ok(name) => name,
                    Err(_) => panic!("a hook has a name in ASCII"),
                },
                at: hooks!(@at $($happening)?),
            },)*];
        }

        impl Policy {
            $(hooks! { @policy $hook, [$($arg: $type),*], [$($($with: $with_type),*)?], [$($answer)?], $($($asked)*)? })*
        }
    };

    (@at) => { None };
    (@at $happening:ident) => { Some(Happening::$happening) };

    (@policy $hook:ident, $args:tt, $with:tt, $answer:tt,) => {};
    (
        @policy $hook:ident, [$($arg:ident: $type:ty),*], [$($with:ident: $with_type:ty),*], [$answer:ty],
        $fold:ident in $use:ident($($of:expr),*)
    ) => {
        #[doc = concat!("What the rules come to at [`Intervention::", stringify!($hook), "`].")]
        #[must_use]
        pub fn $hook(&self, $($arg: $type,)* $($with: $with_type),*) -> $answer {
            self.$use($($of),*).$fold(|rule| rule.$hook($($arg),*))
        }
    };
    (
        @policy $hook:ident, [$($arg:ident: $type:ty),*], [$($with:ident: $with_type:ty),*], [$answer:ty],
        $fold:ident in $use:ident($($of:expr),*) as $whole:ty
    ) => {
        #[doc = concat!("What the rules come to at [`Intervention::", stringify!($hook), "`].")]
        pub fn $hook(&self, $($arg: $type,)* $($with: $with_type),*) -> $whole {
            self.$use($($of),*).$fold(|rule| rule.$hook($($arg),*))
        }
    };
    (
        @policy $hook:ident, [$value:ident: $type:ty], [$($with:ident: $with_type:ty),*], [$($answer:ty)?],
        $fold:ident($_value:ident) in $use:ident($($of:expr),*)
    ) => {
        #[doc = concat!("What the rules make of a value at [`Intervention::", stringify!($hook), "`].")]
        pub fn $hook(&self, $value: $type, $($with: $with_type),*) $(-> $answer)? {
            self.$use($($of),*).$fold($value, |rule, $value| rule.$hook($value))
        }
    };
}

hooks! {
    /// A rule. Every hook defaults to "no change". Whom a rule reaches is the viewer of a feed, the account suggested, the recipient
    /// of a message or the account whose defaults it sets, for limits on sending the sender, and for enforcement the account that is
    /// watched, reports, is sanctioned or comes back.
    pub trait Intervention: Debug + Send + Sync {
        /// Whether it does anything about an account that it reaches and that the platform takes to be of a band: the stated one for checks of
        /// age. A rule that leaves some bands alone says so here, so that one which can reach nobody is known before a run.
        fn acts_on(&self, band: AgeBand) -> bool {
            true
        }

        /// Whether it does anything where the other account is of a band: the one that is shown the account which it reaches, searches for it,
        /// or writes to it.
        fn acts_towards(&self, band: AgeBand) -> bool {
            true
        }
    }

    /// The ranker to use in place of the platform's; the last rule with one has its way. Efficacy is one draw a request. The policy tells the
    /// rule too.
    fn ranker(; active: &Active, request: &Request) -> Option<&dyn Ranker>, at Feed {
        None => last in request(active, request) as Option<(&Deployed, &dyn Ranker)>
    }

    /// The step with which the viewer's profile learns; 0 takes profile and own history out of candidates and scores. Efficacy is one draw a
    /// request.
    fn personalisation(step: f64; active: &Active, request: &Request) -> f64, at Feed {
        step => in_turn(step) in request(active, request)
    }

    /// Takes candidates away that may not be shown to the viewer.
    fn eligible(efficacy: Efficacy, request: &Request, view: &View, candidates: &mut Candidates), at Feed {
        ()
    }

    /// Changes scores; one for each candidate, finite.
    fn adjust(efficacy: Efficacy, request: &Request, view: &View, candidates: &Candidates, scores: &mut [f32]), at Feed {
        ()
    }

    /// Narrows how many posts of one region of topics a slate or a day may hold. Efficacy is one draw a request.
    fn caps(caps: TopicCaps; active: &Active, request: &Request) -> TopicCaps, at Feed {
        caps => in_turn(caps) in request(active, request)
    }

    /// Orders anew the slate that was filled, and may put other candidates in the place of posts. A post of exploration may go to another place and
    /// has to stay in the slate: what the ranker learns goes by it. A slate may become shorter, not longer; each candidate stands in it once,
    /// and none whose topic was full before ([`Filled::check`]): the run of a rule that leaves anything else ends. That no topic gets more posts
    /// in this slate than it is capped at is for the rule to see to; what is picked from [`Filled::rest`] keeps to it. A rule that comes later
    /// begins with what the rule before it left. Efficacy is one draw a request.
    fn rerank(request: &Request, view: &View, filled: &Filled, picks: &mut Vec<Pick>), at Feed {
        ()
    }

    /// Whether a viewer's profile and likes are forgotten when it hides a post. Efficacy is one draw a request.
    fn resets_profile(; active: &Active, request: &Request) -> bool, at Feed {
        false => any in request(active, request)
    }

    /// Most slates of the feed that an account it reaches gets in a day; of several limits the least. Efficacy is one draw a day.
    fn slates_a_day(account: AccountId, observed: &Observed; draws: Draws) -> Option<u32>, at Feed {
        None => least in today(account, observed, draws, Use::Slates)
    }

    /// Whether an account that it reaches gets no feed in an hour of the day, in 0..24. Efficacy is one draw a session.
    fn is_quiet(hour: u32; account: AccountId, session: u32, observed: &Observed, draws: Draws) -> bool, at Feed {
        false => any in today(account, observed, draws, Use::Session(session))
    }

    /// Whether it keeps an account that it reaches out of a slot of people suggestions. Efficacy is one draw a slot.
    fn hides(suggestion: &Suggestion, observed: &Observed; asking: &Asking) -> bool, at Suggestions {
        false => any in slot(
            suggestion,
            observed,
            asking,
            Use::Suggestion(asking.visit, suggestion.slot)
        )
    }

    /// Whether it keeps an account that it reaches out of what a search finds, the searcher's `number`-th of the day. Efficacy is one draw a
    /// search and account.
    fn unlists(searcher: AccountId, found: AccountId, observed: &Observed; number: u32, draws: Draws) -> bool,
        at AccountSearches
    {
        false => any in today(found, observed, draws, Use::Search(number, searcher))
    }

    /// What filters the searches of an account that it reaches; all filters do. Efficacy is one draw a search.
    fn filters_searches(; account: AccountId, number: u32, observed: &Observed, draws: Draws) -> Option<QueryFilter>,
        at Searches
    {
        None => each in today(account, observed, draws, Use::Filter(number))
            as impl Iterator<Item = (u64, QueryFilter)>
    }

    /// Whether what an account that it reaches does teaches the recommenders nothing. Efficacy is one draw a day.
    fn mutes(account: AccountId, observed: &Observed; draws: Draws) -> bool {
        false => any in today(account, observed, draws, Use::Mute)
    }

    /// Whether the follower list of an account that it reaches is not shown to a viewer. Efficacy is one draw a viewer, owner and day.
    fn hides_list(viewer: AccountId, owner: AccountId, observed: &Observed; draws: Draws) -> bool, at FollowerLists {
        false => any in today(owner, observed, draws, Use::List(viewer))
    }

    /// Days for which a first message to a recipient whom it reaches is held back; the rule that does so longest has its way. Efficacy is one
    /// draw a sender, recipient and day.
    fn holds_back(message: &Message, observed: &Observed; draws: Draws) -> u32, at Messages {
        0 => longest in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Whether it stops a first message to a recipient whom it reaches. Efficacy is one draw a sender, recipient and day.
    fn stops(message: &Message, observed: &Observed; draws: Draws) -> bool, at Messages {
        false => any in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Most first messages to others than mutual follows that an account it reaches can send in a day; of several limits the least. Efficacy
    /// is one draw a day.
    fn messages_a_day(; account: AccountId, observed: &Observed, draws: Draws) -> Option<u32>, at Messages {
        None => least in today(account, observed, draws, Use::Messages)
    }

    /// Lever: factor on the probability that a recipient whom it reaches accepts a first message. Efficacy is one draw a sender, recipient
    /// and day.
    fn acceptance(message: &Message, observed: &Observed; draws: Draws) -> f64, at Messages {
        1.0 => product in today(message.to, observed, draws, Use::Message(message.from))
    }

    /// Changes the classifiers that watch an account which it reaches, and its posts. Efficacy is one draw an account, for good.
    fn detects(detection: &mut Detection; account: AccountId, accounts: &ObservedAccounts, day: Day, draws: Draws) {
        () => change(detection) in for_good(account, accounts, day, draws, Use::Enforcement)
    }

    /// Changes how the review queue is worked off; `strength` in [0, 1] is coverage times efficacy, as there is one queue for all.
    fn reviews(review: &mut Review, strength: f64) {
        ()
    }

    /// Lever: factor on how readily an account that it reaches reports. Efficacy is one draw an account, for good.
    fn reporting(; account: AccountId, accounts: &ObservedAccounts, day: Day, draws: Draws) -> f64 {
        1.0 => product in for_good(account, accounts, day, draws, Use::Enforcement)
    }

    /// Changes the sanctions for an account that it reaches. Efficacy is one draw an account, for good.
    fn sanctions(ladder: &mut Ladder; account: AccountId, observed: &Observed, draws: Draws) {
        () => change(ladder) in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement)
    }

    /// Outside experts who report accounts that it reaches; coverage times efficacy scales how many they report.
    fn flaggers() -> Option<Flaggers> {
        None
    }

    /// How removals spread to an account that it reaches, if they do; of several ways the likeliest. Efficacy is one draw an account, for
    /// good.
    fn spreads(; account: AccountId, observed: &Observed, draws: Draws) -> Option<Spread> {
        None => likeliest in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement)
    }

    /// The wave of removals that comes on a day, if one does. Efficacy is one draw an account, for good.
    fn wave(day: Day) -> Option<Wave>, at Exchange {
        None
    }

    /// How the age of an account that it reaches is checked, if it is. It reaches accounts by the age that they state. Efficacy is one draw an
    /// account, for good.
    fn checks_age() -> Option<AgeCheck> {
        None
    }

    /// What stands against the return of an account that it reaches; several barriers detect independently of each other. Efficacy is one draw
    /// an account, for good.
    fn barrier(; account: AccountId, observed: &Observed, draws: Draws) -> Option<Barrier>, at Returns {
        None => all in for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement) as Barrier
    }

    /// Whether an account that it reaches and that states this band is private by default, whatever its holder chose. Efficacy is one draw an
    /// account, for good: with it below 1 a share of the holders turns the default off.
    fn makes_private(stated: AgeBand; account: AccountId, observed: &Observed, draws: Draws) -> bool {
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
        assert_eq!(Hook::named("resets-profile").unwrap().at, Some(Happening::Feed));
    }
}
