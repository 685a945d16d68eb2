//! `inbox`: posts in the viewer's inbox, newest first.

use super::CandidateGenerator;
use crate::request::{Request, View};

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let entries = view.inboxes.of(request.viewer);
    let mut post_indices = entries.iter().filter_map(|entry| view.observed.posts.index_of(entry.post));
    let live = post_indices.clone().count();
    let suggestion_request = (request.viewer, view);
    generator.try_add_drawn(suggestion_request, (count, live), || post_indices.next().unwrap_or_default() as u32);
}
