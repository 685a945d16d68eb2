//! `frequency-cap`: limits the posts of one topic per slate and per day.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::slate::TopicCaps;

settings! {
    /// A viewer sees only a limited number of posts of one topic per slate and per day.
    ///
    /// The topic of a post is the topic in the topic map that is nearest to the post's features.
    /// Exploration posts count towards the daily limit but are not limited themselves. `audience`
    /// and `coverage` select the viewer. Efficacy is drawn once per feed request.
    pub struct FrequencyCap {
        /// Maximum number of posts of one topic in a slate.
        pub max_per_slate: u16 = 3, 1..=50, "posts", "assumed";
        /// Maximum number of posts of one topic per viewer and day.
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
