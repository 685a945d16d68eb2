//! `contacts.parquet`: contacts between accounts and their stages.

use super::{Name, part, table};

table! {
    /// One row a contact: a pair of accounts and a try. All that touch a minor, a predator or a probe; of the others a sample.
    "contacts": pub struct ContactRow {
        /// account that was shown the other, or wrote to it
        from: u32;
        /// the other account
        to: u32;
        /// which of the pair's contacts that are remembered it is, from 1
        attempt: u32;
        /// role of the one
        from_role: Name;
        /// role of the other
        to_role: Name;
        /// how the other was come across first: suggestion, search, feed, follower-list, return, known; null for no more than a suggestion
        route: Option<Name>;
        /// first day on which the other was suggested; negative in the warm-up, as for all days here
        suggested_day: Option<i32>, "day";
        /// day on which a contacting predator took note of the other
        found_day: Option<i32>, "day";
        /// day of the first message
        requested_day: Option<i32>, "day";
        /// day on which it reached the other
        delivered_day: Option<i32>, "day";
        /// day on which the other answered
        accepted_day: Option<i32>, "day";
        /// day on which it became a conversation
        conversing_day: Option<i32>, "day";
        /// day on which that escalated
        escalated_day: Option<i32>, "day";
        /// undelivered, ignored, refused, blocked, reported, left, removed, expired; null while it goes on
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
