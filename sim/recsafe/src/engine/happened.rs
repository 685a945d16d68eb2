//! What the feed leads to in a day, handed from phase to phase.

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::Reaction;
use recsafe_platform::learning::Example;

/// What a viewer did with one post, in one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Did(u8);

impl Did {
    pub(super) fn new(reaction: &Reaction) -> Self {
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

/// One view.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) account: AccountId,
    pub(super) slot: u32,
    pub(super) what: Did,
}

/// What the feed led to in a day, in account order.
#[derive(Debug, Default)]
pub(super) struct Happened {
    pub(super) events: Vec<Event>,
    pub(super) follows: Vec<(AccountId, AccountId)>,
    pub(super) examples: Vec<Example>,
    pub(super) impressions: u64,
}
