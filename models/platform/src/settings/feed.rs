//! `[feed]`: how the feed selects and ranks posts.

use recsafe_common::catalogue::Chosen;
use recsafe_common::setting::{Setting, Shape};
use recsafe_common::settings;

settings! {
    /// Share of a request's candidates that comes from each candidate source. The shares are scaled
    /// to the number of candidates, so only their ratios matter. A share of 0 turns a source off.
    pub struct Quotas {
        /// Newest posts that followed accounts posted or shared.
        pub followed: f64 = 30.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts closest to the platform's profile of the viewer.
        pub similar: f64 = 40.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts liked by accounts that liked the same posts as the viewer.
        pub co_engaged: f64 = 30.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts with the largest number of recent engagements.
        pub trending: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// Newest posts on the platform.
        pub fresh: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// Random live posts.
        pub random: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// The viewer's inbox: the newest posts that followed accounts posted or shared. The
        /// platform keeps inboxes only if this share is above 0.
        @checks pub inbox: f64 = 0.0, 0.0..=1.0e6, "parts", "none in the default world, whose source of this kind is `followed`";
    }
}

/// The ranker of a surface: an entry of the catalogue with its knobs.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct RankerChoice(pub Chosen);

impl Setting for RankerChoice {
    const SHAPE: Shape = Shape::Kind(crate::ranking::entries);
}

settings! {
    /// How the feed is built: sources supply candidates, a ranker orders them, and the best posts
    /// form a slate.
    pub struct Feed {
        /// The ranker.
        pub ranker: RankerChoice = RankerChoice(Chosen::plain("value-model")), (), "", "assumed; engagement-weighted ranking is what platforms describe in public";
        /// Number of posts in a slate.
        pub slate: u32 = 10, 1..=50, "posts", "assumed";
        /// Number of candidates per feed request. With 0, the candidates are all live posts that
        /// the viewer is allowed to see, and the quotas are ignored.
        pub candidates: u32 = 200, 0..=1000, "posts", "assumed";
        /// Shares of the candidate sources. Some rankers use fewer sources.
        pub quotas: Quotas = Quotas::default(), (), "", "assumed";
        /// Maximum number of posts in an inbox. Used only if `quotas.inbox` is above 0.
        @checks pub inbox: u32 = 15, 1..=1000, "posts", "Truong et al. 2024, PNAS Nexus 3(7)";
        /// Whether a post moves up when it reaches an inbox again. If not, the post keeps its
        /// position, and only its number of copies rises.
        @checks pub inbox_moves_up: bool = true, (), "", "Truong et al. 2024, text of the paper; in the paper's code, the post keeps its position";
        /// Learning step of the platform's profile of a viewer, towards the posts that the viewer
        /// engages with. At 0, neither profile nor history affects candidates or scores. A ranker's
        /// table can override this step.
        pub personalisation: f64 = 0.058, 0.0..=1.0, "step", "fitted to public figures: experiments/fit";
        /// Share of slate positions that are filled with a random live post instead of a ranked
        /// post. Only rankers that learn use this share. At 0 these rankers never explore.
        pub exploration: f64 = 0.25, 0.0..=1.0, "share of positions", "assumed";
        /// Whether the feed is allowed to show posts that the viewer has already seen.
        pub allow_seen_posts: bool = false, (), "", "assumed";
        /// Days in which the weight of an engagement in a post's popularity halves. With 1e9 days,
        /// the weight practically does not change.
        pub popularity_half_life: f64 = 2.0, 0.01..=1.0e9, "days", "assumed";
    }
}
