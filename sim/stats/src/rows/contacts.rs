//! `contacts.parquet`: contacts between accounts and their stages.

use super::{Name, part, table};

table! {
    /// One row per contact: a pair of accounts and the number of the attempt. The table has all
    /// contacts of minors, predators and probes, and a sample of the others.
    "contacts": pub struct ContactRow {
        /// account to which the other account was suggested, or which wrote to the other account
        from: u32;
        /// the other account
        to: u32;
        /// number of the attempt among the pair's remembered contacts, where the first is 1
        attempt: u32;
        /// role of `from`
        from_role: Name;
        /// role of `to`
        to_role: Name;
        /// how `from` first discovered `to`: suggestion, search, feed, follower-list, return,
        /// known; null if the contact is only a suggestion
        route: Option<Name>;
        /// first day on which `to` was suggested; all days of this table are negative in the
        /// warm-up
        suggested_day: Option<i32>, "day";
        /// day on which `from`, a predator who contacts minors, discovered `to`
        found_day: Option<i32>, "day";
        /// day of the first message
        requested_day: Option<i32>, "day";
        /// day on which the message was delivered
        delivered_day: Option<i32>, "day";
        /// day on which `to` answered
        accepted_day: Option<i32>, "day";
        /// day on which the contact became a conversation
        conversing_day: Option<i32>, "day";
        /// day on which the conversation escalated
        escalated_day: Option<i32>, "day";
        /// how the contact ended: undelivered, ignored, refused, blocked, reported, left, removed,
        /// expired; null if it has not ended
        ended: Option<Name>;
        /// day on which the contact ended
        end_day: Option<i32>, "day";
    }
}

part! {
    /// The two accounts of a contact and the days of its stages after a suggestion.
    pub struct ContactDays of ContactRow {
        from: u32;
        to: u32;
        found_day: Option<i32>;
        requested_day: Option<i32>;
        delivered_day: Option<i32>;
        accepted_day: Option<i32>;
        conversing_day: Option<i32>;
        escalated_day: Option<i32>;
    }
}

impl ContactRow {
    /// Returns the days of the contact's stages, in order.
    #[must_use]
    pub fn days(&self) -> [Option<i32>; 7] {
        [
            self.suggested_day,
            self.found_day,
            self.requested_day,
            self.delivered_day,
            self.accepted_day,
            self.conversing_day,
            self.escalated_day,
        ]
    }
}

impl ContactDays {
    /// Returns the number of stages reached after a suggestion.
    #[must_use]
    pub fn steps(&self) -> u32 {
        let days = [
            self.found_day,
            self.requested_day,
            self.delivered_day,
            self.accepted_day,
            self.conversing_day,
            self.escalated_day,
        ];
        days.iter().flatten().count() as u32
    }
}
