//! `contacts.parquet`: contacts between accounts and their stages.

use super::{Name, part, table};

table! {
    /// One row per contact: a pair of accounts and the number of the attempt. The table has all
    /// contacts with a minor, a predator or a probe, and a sample of all others.
    "contacts": pub struct ContactRow {
        /// initiator: the account that received the suggestion or sent the message
        from: u32;
        /// the other account
        to: u32;
        /// number of this attempt among the pair's recorded contacts, from 1
        attempt: u32;
        /// role of the initiator
        from_role: Name;
        /// role of the other account
        to_role: Name;
        /// route by which the initiator discovered the other account: suggestion, search, feed,
        /// follower-list, return or known; null if it was only suggested
        route: Option<Name>;
        /// day of the first suggestion; days in the warm-up are negative in this table
        suggested_day: Option<i32>, "day";
        /// day on which a contacting predator discovered the other account
        found_day: Option<i32>, "day";
        /// day of the first message
        requested_day: Option<i32>, "day";
        /// day on which this message was delivered
        delivered_day: Option<i32>, "day";
        /// day on which the other account answered
        accepted_day: Option<i32>, "day";
        /// day on which it became a conversation
        conversing_day: Option<i32>, "day";
        /// day on which the conversation escalated
        escalated_day: Option<i32>, "day";
        /// outcome: undelivered, ignored, refused, blocked, reported, left, removed or expired;
        /// null while it continues
        ended: Option<Name>;
        /// day on which it ended
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
    /// Returns the days of its stages, in order.
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
