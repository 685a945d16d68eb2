//! One request for recommendations, and what the platform may look at to answer it.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Decides, Draws, Stream};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Part};
use recsafe_common::observed::Observed;
use recsafe_common::topics::{MOST_NICHES, TOPICS};
use recsafe_common::vector::Query;

use crate::attention::Attention;
use crate::inbox::Inboxes;
use crate::index::Index;
use crate::learning::Learned;

/// Most regions of the topic map.
pub const MOST_REGIONS: usize = TOPICS + MOST_NICHES;

/// Posts shown to one account in one day, by region.
pub type RegionCounts = [u16; MOST_REGIONS];

/// What the platform knows at the start of a phase.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What can be observed.
    pub observed: &'a Observed,
    /// Lists by which candidates are found.
    pub index: &'a Index,
    /// What came to each account from those whom it follows; empty unless the feed takes posts from there.
    pub inboxes: &'a Inboxes,
    /// Who paid attention to whom.
    pub attention: &'a Attention,
    /// What has been learned about which posts get engaged with.
    pub learned: &'a Learned,
    /// Score above which the content classifier calls a post harmful.
    pub content_threshold: f32,
}

/// One call for recommendations.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks.
    pub viewer: AccountId,
    /// The day.
    pub day: Day,
    /// Which of the viewer's requests of the day it is, from 0.
    pub number: u32,
    /// Age band that the platform goes by.
    pub band: AgeBand,
    /// The platform's profile of the viewer; all zero if it may not be used.
    pub query: Query,
    /// Whether profile and own history may be used.
    pub personalised: bool,
    /// Posts shown to the viewer today, by region.
    pub shown_today: RegionCounts,
    /// The run's luck.
    pub draws: Draws,
}

impl Request {
    /// The draws of one kind that belong to this request.
    #[inline]
    #[must_use]
    pub fn luck(&self, decides: Decides) -> RequestLuck {
        RequestLuck { stream: self.draws.stream(decides, self.viewer, self.day), number: self.number }
    }
}

/// Draws of one kind for one request.
#[derive(Clone, Copy, Debug)]
pub struct RequestLuck {
    stream: Stream,
    number: u32,
}

impl RequestLuck {
    /// The draw about one part of the request.
    #[inline]
    #[must_use]
    pub fn about(&self, part: Part) -> recsafe_common::draw::Draw {
        self.stream.about(About::Request(self.number, part))
    }
}
