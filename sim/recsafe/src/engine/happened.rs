//! What the surfaces lead to in a day, handed from phase to phase.

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::Reaction;
use recsafe_people::contacts::Route;
use recsafe_platform::learning::Example;

/// What a viewer did with one post, in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Did(u8);

impl Did {
    fn new(reaction: &Reaction) -> Self {
        let bit = |place: u8, set: bool| u8::from(set) << place;
        Did(bit(0, reaction.liked) | bit(1, reaction.shared) | bit(2, reaction.hidden) | bit(3, reaction.reported))
    }

    pub(super) fn liked(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn shared(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn hidden(self) -> bool {
        self.0 & 4 != 0
    }

    pub(super) fn reported(self) -> bool {
        self.0 & 8 != 0
    }

    pub(super) fn engaged(self) -> bool {
        self.0 & 3 != 0
    }
}

/// One view, in eight bytes: there are more of these in a day than of anything else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) account: AccountId,
    /// The post's slot, and what was done in the highest bits.
    packed: u32,
}

/// Bits of an event that hold the slot.
const SLOT_BITS: u32 = 28;
/// Most live posts that a world may have: 268 million. There are about two an account in the default world.
pub(super) const MOST_POSTS: usize = 1 << SLOT_BITS;

impl Event {
    pub(super) fn new(account: AccountId, slot: u32, reaction: &Reaction) -> Self {
        Event { account, packed: slot | u32::from(Did::new(reaction).0) << SLOT_BITS }
    }

    /// The post's place in the columns.
    pub(super) const fn slot(self) -> u32 {
        self.packed & ((1 << SLOT_BITS) - 1)
    }

    /// What the viewer did.
    pub(super) const fn what(self) -> Did {
        Did((self.packed >> SLOT_BITS) as u8)
    }
}

/// Bytes of a view on the day on which it happens.
pub(crate) const EVENT_BYTES: f64 = size_of::<Event>() as f64;

/// An account shown to a viewer by people suggestions.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShownAccount {
    pub(super) viewer: AccountId,
    pub(super) account: AccountId,
    /// Whether the viewer follows it, or asks to.
    pub(super) followed: bool,
}

/// A follow, or a request to follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Follow {
    pub(super) from: AccountId,
    pub(super) to: AccountId,
}

/// Minors that a contacting predator came across in one look, in order; it takes note of the first that is new to it.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) viewer: AccountId,
    pub(super) route: Route,
    pub(super) minors: Vec<AccountId>,
}

/// A minor whom a contacting predator would have found, had a rule not closed the route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost {
    pub(super) viewer: AccountId,
    pub(super) minor: AccountId,
}

/// A report, as it is filed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    pub(super) by: AccountId,
    pub(super) about: Reported,
}

/// What is reported.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reported {
    /// An account.
    Account(AccountId),
    /// The post at a slot.
    Post(u32),
}

/// What the surfaces led to in a day, in account order.
#[derive(Debug, Default)]
pub(super) struct Happened {
    pub(super) events: Vec<Event>,
    pub(super) suggested: Vec<ShownAccount>,
    pub(super) follows: Vec<Follow>,
    pub(super) looks: Vec<Look>,
    pub(super) lost: Vec<Lost>,
    pub(super) niche_searches: Vec<AccountId>,
    /// Viewers whose likes are to be forgotten.
    pub(super) resets: Vec<AccountId>,
    pub(super) examples: Vec<Example>,
    pub(super) impressions: u64,
}

impl Happened {
    /// Adds what happened to later accounts.
    pub(super) fn add(&mut self, later: Happened) {
        self.events.extend(later.events);
        self.suggested.extend(later.suggested);
        self.follows.extend(later.follows);
        self.looks.extend(later.looks);
        self.lost.extend(later.lost);
        self.niche_searches.extend(later.niche_searches);
        self.resets.extend(later.resets);
        self.examples.extend(later.examples);
        self.impressions += later.impressions;
    }
}
