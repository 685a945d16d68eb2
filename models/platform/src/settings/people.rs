//! `[people]`: how people suggestions are made.

use recsafe_common::catalogue::Chosen;
use recsafe_common::setting::{Setting, Shape};
use recsafe_common::settings;

/// The ranker of people suggestions: an entry of their catalogue with its knobs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct PeopleRankerChoice(pub Chosen);

impl Setting for PeopleRankerChoice {
    const SHAPE: Shape = Shape::Kind(crate::suggestions::ranking::entries);
}

settings! {
    /// How people suggestions are made: accounts by source, a ranker that orders them, a slate of the best.
    pub struct Suggestions {
        /// The ranker.
        pub ranker: PeopleRankerChoice = PeopleRankerChoice(Chosen::plain("blend")), (), "", "assumed; platforms describe mixes of mutual friends, similar accounts and popularity";
        /// Accounts in a slate.
        pub slate: u32 = 10, 1..=50, "accounts", "assumed";
        /// Accounts that each of the sources `popular` and `random` offers for a slate; the others offer what they find.
        pub candidates: u32 = 100, 1..=1000, "accounts", "assumed";
        /// Factor on an account's score for each remembered time that it was shown to the viewer.
        pub fatigue: f64 = 0.2, 0.0..=1.0, "ratio", "assumed";
        /// Suggestions that are remembered for that, of each viewer.
        pub fatigue_memory: u32 = 40, 0..=1000, "accounts", "assumed";
    }
}
