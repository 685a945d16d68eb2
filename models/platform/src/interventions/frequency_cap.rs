//! `frequency-cap`: at most so many posts of one topic.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::slate::TopicCaps;

settings! {
    /// At most so many posts of one topic (the region of the topic map that a post's features are nearest to) in a slate and
    /// in a day. Slots given to exploration count towards the day, but are not capped themselves.
    pub struct FrequencyCap {
        /// Most posts of one topic in a slate.
        pub max_per_slate: u16 = 3, 1..=50, "posts", "assumed";
        /// Most posts of one topic in an account's day.
        pub max_per_day: u16 = 10, 1..=10_000, "posts", "assumed";
    }
}

impl Described for FrequencyCap {
    const TITLE: &'static str = "Frequency cap";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["caps"];
}

impl Intervention for FrequencyCap {
    fn caps(&self, caps: TopicCaps) -> TopicCaps {
        TopicCaps { slate: caps.slate.min(self.max_per_slate), day: caps.day.min(self.max_per_day) }
    }
}
