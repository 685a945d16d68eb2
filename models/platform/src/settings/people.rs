//! `[people]`: how people suggestions select and rank accounts.

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
    /// How people suggestions are built: sources supply candidate accounts, a ranker orders them,
    /// and the best accounts form a slate.
    pub struct Suggestions {
        /// The ranker.
        pub ranker: PeopleRankerChoice = PeopleRankerChoice(Chosen::plain("blend")), (), "", "assumed; platforms describe mixes of mutual friends, similar accounts and popularity";
        /// Number of accounts in a slate.
        pub slate: u32 = 10, 1..=50, "accounts", "assumed";
        /// Number of candidate accounts from each of the sources `popular` and `random`. The other
        /// sources supply every account that they find.
        pub candidates: u32 = 100, 1..=1000, "accounts", "assumed";
        /// Factor on an account's score for each remembered time that it was suggested to the
        /// viewer: 1 has no effect, 0 ranks remembered suggestions last.
        pub fatigue: f64 = 0.2, 0.0..=1.0, "ratio", "assumed";
        /// Number of recent suggestions remembered per viewer.
        pub fatigue_memory: u32 = 40, 0..=1000, "accounts", "assumed";
    }
}
