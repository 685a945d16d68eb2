//! `trending`: unseen posts, most popular first. Popularity is the number of engagements, with a
//! higher weight for recent engagements.

use super::CandidateGenerator;
use crate::request::{Request, View};

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let list = view.index.trending();
    let mut rest = list.iter().copied();
    let suggestion_request = (request.viewer, view);
    generator.try_add_drawn(suggestion_request, (count, list.len()), || rest.next().unwrap_or_default());
}
