//! A request for recommendations, and the data that the platform is allowed to use for the answer.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws, Stream};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Part};
use recsafe_common::observed::Observed;
use recsafe_common::topics::{MOST_NICHES, TOPICS};
use recsafe_common::vector::Query;

use crate::inbox::Inboxes;
use crate::index::Index;
use crate::learning::Learned;
use crate::profile_visits::ProfileVisits;

/// Maximum number of topics, including niches.
pub const MAX_TOPICS: usize = TOPICS + MOST_NICHES;

/// Number of posts shown to one account on one day, by topic.
pub type TopicCounts = [u16; MAX_TOPICS];

/// The platform's data at the start of a phase.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Everything that the platform can observe.
    pub observed: &'a Observed,
    /// Lists from which candidates are found.
    pub index: &'a Index,
    /// Inboxes of all accounts. The inboxes are empty unless the feed uses inboxes as a source.
    pub inboxes: &'a Inboxes,
    /// Recent visits to profiles.
    pub profile_visits: &'a ProfileVisits,
    /// Everything that the platform learned about engagement with posts.
    pub learned: &'a Learned,
    /// Score above which the content classifier considers a post harmful.
    pub content_threshold: f32,
}

/// A request for recommendations.
#[derive(Clone, Debug)]
pub struct Request {
    /// The account that receives the slate.
    pub viewer: AccountId,
    /// Day of the request.
    pub day: Day,
    /// Number of the request among the viewer's requests of the day, from 0.
    pub number: u32,
    /// The age band that the platform assumes for the viewer.
    pub band: AgeBand,
    /// The platform's profile of the viewer; zero without personalisation.
    pub query: Query,
    /// Whether the platform is allowed to use the viewer's profile and history.
    pub personalised: bool,
    /// Number of posts shown to the viewer today, by topic.
    pub shown_today: TopicCounts,
    /// The random numbers of the run.
    pub draws: Draws,
}

impl Request {
    /// Returns the random numbers for one purpose in this request.
    #[inline]
    #[must_use]
    pub fn draws_for(&self, purpose: DrawPurpose) -> RequestDraws {
        RequestDraws { stream: self.draws.stream(purpose, self.viewer, self.day), number: self.number }
    }
}

/// Random numbers for one purpose in one request.
#[derive(Clone, Copy, Debug)]
pub struct RequestDraws {
    stream: Stream,
    number: u32,
}

impl RequestDraws {
    /// Returns the random number for one part of the request.
    #[inline]
    #[must_use]
    pub fn about(&self, part: Part) -> recsafe_common::draw::Draw {
        self.stream.about(About::Request(self.number, part))
    }
}
