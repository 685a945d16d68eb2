//! `[feed]`: how the feed is made.

use recsafe_common::catalogue::Chosen;
use recsafe_common::setting::{Setting, Shape};
use recsafe_common::settings;

settings! {
    /// Shares of the candidates of a request by source; they are scaled to the number of candidates.
    pub struct Quotas {
        /// Newest posts of, or shared by, accounts that one follows.
        pub followed: f64 = 30.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts closest to the platform's profile of the viewer.
        pub similar: f64 = 40.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts liked by those who liked what the viewer liked.
        pub co_engaged: f64 = 30.0, 0.0..=1.0e6, "parts", "assumed";
        /// Posts with most engagements of late.
        pub trending: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// Newest posts of all.
        pub fresh: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// Any live post.
        pub random: f64 = 10.0, 0.0..=1.0e6, "parts", "assumed";
        /// The viewer's inbox: the newest posts of, or shared by, accounts that one follows. Inboxes are kept where this is above 0.
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
    /// How the feed is made: candidates by source, a ranker that orders them, a slate of the best.
    pub struct Feed {
        /// The ranker.
        pub ranker: RankerChoice = RankerChoice(Chosen::plain("value-model")), (), "", "assumed; engagement-weighted ranking is what platforms describe in public";
        /// Posts in a slate.
        pub slate: u32 = 10, 1..=50, "posts", "assumed";
        /// Candidates gathered for a request. 0: every live post that the viewer may be shown, whatever the quotas.
        pub candidates: u32 = 200, 0..=1000, "posts", "assumed";
        /// Where candidates come from; a ranker may use fewer sources.
        pub quotas: Quotas = Quotas::default(), (), "", "assumed";
        /// Posts that an inbox holds, where `quotas.inbox` is above 0.
        @checks pub inbox: u32 = 15, 1..=1000, "posts", "Truong et al. 2024, PNAS Nexus 3(7)";
        /// Whether a post that comes again to an inbox moves up. If not, it keeps its place and only counts how often it came.
        @checks pub inbox_moves_up: bool = true, (), "", "Truong et al. 2024, by its text; its code keeps the place";
        /// Step with which the platform's profile of a viewer moves towards what the viewer engages with. 0: neither profile nor own history enters candidates or scores. May stand in a ranker's table too.
        pub personalisation: f64 = 0.058, 0.0..=1.0, "step", "fitted to public figures: experiments/fit";
        /// Share of slots filled with a uniform live post, not scored, by rankers that learn.
        pub explore: f64 = 0.25, 0.0..=1.0, "share of slots", "assumed";
        /// Whether a post that the viewer has seen may be shown again.
        pub repeats: bool = false, (), "", "assumed";
        /// Days in which the weight of an engagement halves in popularity; 1e9 is as good as never.
        pub half_life: f64 = 2.0, 0.01..=1.0e9, "days", "assumed";
    }
}
