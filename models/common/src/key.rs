//! Keys of random draws. A key says who decides, and what the decision is about.
//!
//! A draw's key has four parts: the decision ([`DrawPurpose`](crate::draw::DrawPurpose)), who
//! decides, the subject, and the day. Code that needs the same draw must use the same key, and all
//! other keys must differ. Most keys differ in the decision. If one decision has several kinds of
//! subjects, the bits of these kinds must differ. Each kind below documents its bits, and
//! `tests/keys.rs` compares all kinds of each decision.
//!
//! Every published result depends on the bits. A new kind must use free bits.
//!
//! Ids of accounts are below 2^31. An account has at most 2^31 posts. Slate positions, indices and
//! numbers per day are below 2^32, unless the comment of a kind gives a smaller bound.

use crate::ids::{AccountId, PostIdentity};
use crate::observed::Standing;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody in particular: the decision is about the whole world.
    Nobody,
    /// The holder of an account, or the platform in a decision about an account.
    Account(AccountId),
    /// A community.
    Community(u32),
    /// All posts together. If a decision is made once for all accounts, use [`Who::Nobody`]
    /// instead.
    Posts,
    /// A group as a whole, whose members are accounts.
    Group,
    /// An intervention, identified by a number that is computed from the name.
    Rule(u64),
    /// An intervention that decides about an account. The key contains the intervention, so that
    /// two interventions decide independently about the same account.
    Ruled(AccountId, u64),
    /// A post in the review queue.
    QueuedPost(PostIdentity),
    /// A test report in the review queue, identified by its number (below 2^62).
    QueuedTest(u64),
    /// An item of the review queue, identified by the bits of the account, queued post or queued
    /// test.
    Queued(u64),
    /// A numbered case of a check or a benchmark, which has no world.
    Case(u64),
}

impl Who {
    /// Returns the bits for the key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            Who::Nobody => 0,
            Who::Account(account) => account.0 as u64,
            Who::Community(number) => number as u64,
            Who::Posts => 1,
            Who::Group => u64::MAX,
            Who::Ruled(account, rule) => account.0 as u64 ^ (rule << 32),
            Who::QueuedPost(post) => 1 << 63 | (post.creator.0 as u64) << 31 | post.sequence as u64,
            Who::QueuedTest(number) => 1 << 62 | number,
            Who::Rule(number) | Who::Queued(number) | Who::Case(number) => number,
        }
    }
}

impl From<AccountId> for Who {
    #[inline]
    fn from(account: AccountId) -> Self {
        Who::Account(account)
    }
}

/// The subject of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// No subject: the decision, the decider and the day are the whole key.
    Nothing,
    /// One of several similar things, numbered from 0: a session, an act, a search, an attempt, or
    /// one of the account's posts.
    Nth(u32),
    /// One of several similar things, numbered from 0. The same decision about [`About::Nothing`]
    /// draws how many things there are.
    Counted(u32),
    /// A later step, from 1, of a decision about [`About::Nothing`].
    Step(u32),
    /// Another account.
    Account(AccountId),
    /// A post.
    Post(PostIdentity),
    /// An intervention, identified by a number that is computed from the name.
    Rule(u64),
    /// The nth search of a day, and an intervention that filters the search. The number n must be
    /// below 2^16.
    Filtered(u64, u32),
    /// An account in search results. The same decision is also made about posts.
    Found(AccountId),
    /// The nth search for minors, or the nth visit to a follower list in search of minors. Ordinary
    /// searches and visits are not counted in n.
    ForMinors(u32),
    /// The number of searches for minors.
    SearchesForMinors,
    /// The number of visits to follower lists in search of minors.
    ListsForMinors,
    /// An account whose post is viewed in the feed.
    InFeed(AccountId),
    /// The nth averted discovery of a day. The predator tries an open route instead.
    MovedFind(u32),
    /// The recipient of a message that was blocked.
    StoppedMessage(AccountId),
    /// Whether a sanction to this [`Standing`] is appealed.
    Appeal(Standing),
    /// The result of an appeal of a sanction to this [`Standing`].
    Appealed(Standing),
    /// A part of the nth request or of the nth visit of a day. The number n must be below 2^24.
    Request(u32, Part),
    /// A use of an intervention.
    Use(Use),
}

impl About {
    /// Returns the bits for the key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            About::Nothing => 0,
            About::Nth(number) | About::Step(number) => number as u64,
            About::Counted(number) => 1 + number as u64,
            About::Account(account) => account.0 as u64,
            About::Post(post) => (post.creator.0 as u64) << 32 | post.sequence as u64,
            About::Rule(number) => number,
            About::Filtered(rule, search) => rule << 16 | search as u64,
            About::Found(account) => 1 << 63 | account.0 as u64,
            About::ForMinors(number) | About::MovedFind(number) => 1 << 32 | number as u64,
            About::SearchesForMinors => 1 << 40,
            About::ListsForMinors => 1 << 40 | 1,
            About::InFeed(account) => 1 << 41 | account.0 as u64,
            About::StoppedMessage(account) => 1 << 33 | account.0 as u64,
            About::Appeal(standing) => (standing as u64) << 1,
            About::Appealed(standing) => (standing as u64) << 1 | 1,
            About::Request(number, part) => (number as u64) << 40 | part.bits(),
            About::Use(used) => used.bits(),
        }
    }
}

/// Part of a request for posts, or of a visit to people suggestions. All bits are below 2^40.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request as a whole.
    Whole,
    /// The post at an index of the pool.
    PostIndex(u32),
    /// An account that a ranker uses as a neighbour. The same decision also ranks posts.
    Asked(AccountId),
    /// Whether a slate position is used for exploration.
    Position(u64),
    /// The exploration post for a slate position.
    Pick(u64),
    /// Candidates of a topic or niche. The number of the topic or niche must be below 2^16.
    Region(usize),
    /// Candidates from co-engagement.
    CoEngaged,
    /// Fresh candidates.
    Fresh,
    /// Random candidates.
    Random,
    /// A candidate for people suggestions.
    Suggested(AccountId),
    /// Accounts that followees follow.
    FriendsOfFriends,
    /// Accounts with a common audience.
    SharedAudience,
    /// Any accounts.
    Anybody,
}

impl Part {
    /// Returns the bits for the key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            Part::Whole | Part::FriendsOfFriends => 0,
            Part::SharedAudience => 1,
            Part::Anybody => 2,
            Part::PostIndex(post_index) => post_index as u64,
            Part::Suggested(account) => account.0 as u64,
            Part::Asked(account) => 1 << 32 | account.0 as u64,
            Part::Position(index) => index,
            Part::Pick(index) => index << 8,
            Part::Region(region) => 1 << 16 | region as u64,
            Part::CoEngaged => 2 << 16,
            Part::Fresh => 3 << 16,
            Part::Random => 4 << 16,
        }
    }
}

/// A use of an intervention with an efficacy below 1. Such an intervention works only in some of
/// its uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The intervention acts on the post at an index of the pool.
    PostIndex(u32),
    /// The intervention acts on the nth request of a day.
    Request(u32),
    /// The intervention acts on a slate position in the nth visit of a day to people suggestions.
    /// The position must be below 2^16, and n must be below 2^24.
    Suggestion(u32, u32),
    /// The intervention acts on a message from an account.
    Message(AccountId),
    /// The intervention acts on the number of messages to strangers.
    Messages,
    /// The intervention acts on the privacy of an account.
    Privacy,
    /// The intervention acts on enforcement against an account.
    Enforcement,
    /// The intervention acts on an age check.
    AgeCheck,
    /// The intervention acts on the results of an account's nth search of a day. The number n must
    /// be below 2^20.
    Search(u32, AccountId),
    /// The intervention acts on the nth search of a day.
    Filter(u32),
    /// The intervention acts on the decision whether the recommenders learn from an account.
    Mute,
    /// The intervention acts on an account's visit to a follower list.
    List(AccountId),
    /// The intervention acts on the number of slates.
    Slates,
    /// The intervention acts on the nth session of a day.
    Session(u32),
}

impl Use {
    /// Returns the bits for the key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            Use::PostIndex(post_index) => post_index as u64,
            Use::Request(number) => 1 << 40 | number as u64,
            Use::Suggestion(visit, post_index) => 2 << 40 | (visit as u64) << 16 | post_index as u64,
            Use::Message(from) => 3 << 40 | from.0 as u64,
            Use::Messages => 4 << 40,
            Use::Privacy => 5 << 40,
            Use::Enforcement => 6 << 40,
            Use::AgeCheck => 7 << 40,
            Use::Search(number, viewer) => 8 << 40 | (number as u64) << 44 | viewer.0 as u64,
            Use::Filter(number) => 9 << 40 | number as u64,
            Use::Mute => 10 << 40,
            Use::List(viewer) => 11 << 40 | viewer.0 as u64,
            Use::Slates => 12 << 40,
            Use::Session(number) => 12 << 40 | 1 << 32 | number as u64,
        }
    }
}
