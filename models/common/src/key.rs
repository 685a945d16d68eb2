//! Keys of draws: by whom something is decided, and what about.
//!
//! A draw's key has four parts: the decision ([`Decides`](crate::draw::Decides)), who takes it, what it is about, and the day. Two
//! places that mean the same luck name the same key; all others must part. The decision parts most of them. Where one decision is
//! taken about things of several kinds, their bits must part: each kind here says which it has, and `tests/keys.rs` holds all kinds
//! of each decision against one another. Bits are part of every published result: a new kind takes bits that are free.
//!
//! Accounts, and the posts of each, are numbered below 2^31; slots, places and numbers of a day below 2^32 unless a kind says less.

use crate::ids::{AccountId, PostIdentity};
use crate::observed::Standing;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody in particular: the decision is the world's.
    Nobody,
    /// An account's holder, or the platform about an account.
    Account(AccountId),
    /// A community.
    Community(u32),
    /// All posts, where a decision is taken for accounts by [`Who::Nobody`].
    Posts,
    /// A group as a whole, whose members are accounts.
    Group,
    /// A rule, by the number that stands for its name.
    Rule(u64),
    /// A rule about an account: one decides for the other, so that two rules part.
    Ruled(AccountId, u64),
    /// A post in the review queue.
    QueuedPost(PostIdentity),
    /// A test report in the review queue, by its number (below 2^62).
    QueuedTest(u64),
    /// An item of the review queue, by the bits of an account, a queued post or a queued test.
    Queued(u64),
    /// A case of a check or a benchmark, outside of worlds.
    Case(u64),
}

impl Who {
    /// The bits that go into a key.
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

/// What is decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Nothing else than what decision, day and who say.
    Nothing,
    /// The nth of several, from 0: a session, an act, a search, a try, a post of one's own.
    Nth(u32),
    /// The nth of several, from 0, whose number is drawn by the same decision about [`About::Nothing`].
    Counted(u32),
    /// A later step, from 1, of what begins about [`About::Nothing`].
    Step(u32),
    /// Another account.
    Account(AccountId),
    /// A post.
    Post(PostIdentity),
    /// A rule, by the number that stands for its name.
    Rule(u64),
    /// The nth search of a day under a rule that filters it; n below 2^16.
    Filtered(u64, u32),
    /// An account that a search found, where posts are looked at by the same decision.
    Found(AccountId),
    /// The nth search for minors, or look into a list for minors, beside those that all make.
    ForMinors(u32),
    /// How many searches for minors there are.
    SearchesForMinors,
    /// How many looks into lists for minors there are.
    ListsForMinors,
    /// An account whose post is viewed in the feed.
    InFeed(AccountId),
    /// The nth find of a day that moves to an open route.
    MovedFind(u32),
    /// Another account, to which a message was stopped.
    StoppedMessage(AccountId),
    /// Whether a sanction that led to this standing is appealed.
    Appeal(Standing),
    /// What comes of an appeal of a sanction that led to this standing.
    Appealed(Standing),
    /// A part of the nth request, or visit, of a day; n below 2^24.
    Request(u32, Part),
    /// A use of a rule.
    Use(Use),
}

impl About {
    /// The bits that go into a key.
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

/// What a draw of a request for posts, or of a visit to people suggestions, is about: in all below 2^40.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request as a whole.
    Whole,
    /// The post at a slot of the pool.
    Slot(u32),
    /// An account that is asked, where posts are ranked by the same decision.
    Asked(AccountId),
    /// Whether a place of the slate is given to exploration.
    Place(u64),
    /// Which post such a place gets.
    Pick(u64),
    /// Candidates from a region of the topic map; below 2^16.
    Region(usize),
    /// Candidates that others engaged with too.
    CoEngaged,
    /// Fresh candidates.
    Fresh,
    /// Candidates picked by chance.
    Random,
    /// An account that may be suggested.
    Suggested(AccountId),
    /// Accounts that friends follow.
    FriendsOfFriends,
    /// Accounts that share an audience.
    SharedAudience,
    /// Any accounts.
    Anybody,
}

impl Part {
    /// The bits that go into a key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            Part::Whole | Part::FriendsOfFriends => 0,
            Part::SharedAudience => 1,
            Part::Anybody => 2,
            Part::Slot(slot) => slot as u64,
            Part::Suggested(account) => account.0 as u64,
            Part::Asked(account) => 1 << 32 | account.0 as u64,
            Part::Place(place) => place,
            Part::Pick(place) => place << 8,
            Part::Region(region) => 1 << 16 | region as u64,
            Part::CoEngaged => 2 << 16,
            Part::Fresh => 3 << 16,
            Part::Random => 4 << 16,
        }
    }
}

/// A use of a rule that works in a share of its uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// On the post at a slot of the pool.
    Slot(u32),
    /// For the nth request of a day.
    Request(u32),
    /// On a slot (below 2^16) of the nth visit (below 2^24) of a day to people suggestions.
    Suggestion(u32, u32),
    /// On a message from an account.
    Message(AccountId),
    /// On the number of messages to strangers.
    Messages,
    /// On an account's being private.
    Privacy,
    /// On enforcement against an account.
    Enforcement,
    /// On a check of age.
    AgeCheck,
    /// On what the nth search (below 2^20) of a day by an account finds.
    Search(u32, AccountId),
    /// On the nth search of a day.
    Filter(u32),
    /// On what an account's signals teach.
    Mute,
    /// On a look into a list by an account.
    List(AccountId),
    /// On the number of slates.
    Slates,
    /// On the nth session of a day.
    Session(u32),
}

impl Use {
    /// The bits that go into a key.
    #[inline]
    #[must_use]
    pub const fn bits(self) -> u64 {
        match self {
            Use::Slot(slot) => slot as u64,
            Use::Request(number) => 1 << 40 | number as u64,
            Use::Suggestion(visit, slot) => 2 << 40 | (visit as u64) << 16 | slot as u64,
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
