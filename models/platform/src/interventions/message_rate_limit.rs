//! `message-rate-limit`: so many first messages to strangers a day.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// An account can send so many first messages a day to accounts other than mutual follows; with no knob, one. Reaches the sender;
    /// efficacy is one draw a sender and day.
    pub struct MessageRateLimit {
        /// Most first messages a day.
        pub max_per_day: u32 = 1, 0..=10_000, "messages a day", "assumed";
    }
}

impl Described for MessageRateLimit {
    const TITLE: &'static str = "Message rate limit";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["messages-a-day"];
}

impl Intervention for MessageRateLimit {
    fn messages_a_day(&self) -> Option<u32> {
        Some(self.max_per_day)
    }
}
