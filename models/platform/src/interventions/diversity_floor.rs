//! `diversity-floor`: a slate holds posts of at least so many topics.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;
use crate::slate::TopicCaps;

settings! {
    /// A slate holds posts of at least so many topics (regions of the topic map that posts' features are nearest to), as far as there
    /// are candidates of so many: when as many places are left as topics are missing, each goes to the best post of a topic that the
    /// slate does not hold yet. Places given to exploration count as they come.
    pub struct DiversityFloor {
        /// Fewest topics in a slate.
        pub topics: u16 = 8, 1..=50, "topics", "assumed";
    }
}

impl Described for DiversityFloor {
    const TITLE: &'static str = "Diversity floor";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["caps"];
}

impl Intervention for DiversityFloor {
    fn caps(&self, caps: TopicCaps) -> TopicCaps {
        TopicCaps { fewest: caps.fewest.max(self.topics), ..caps }
    }
}
