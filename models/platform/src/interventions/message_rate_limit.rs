//! `message-rate-limit`: limits first messages to strangers per account and day.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Each account can send only a few first messages to strangers per day, by default one.
    ///
    /// Strangers are all accounts except mutual follows. `audience` and `coverage` select the
    /// sender. Efficacy is drawn once per sender and day.
    pub struct MessageRateLimit {
        /// Maximum number of first messages to strangers per sender and day; 0 blocks all such
        /// messages.
        pub max_per_day: u32 = 1, 0..=10_000, "messages per day", "assumed";
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
