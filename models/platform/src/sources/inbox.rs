//! `inbox`: what came to the viewer from those whom it follows, newest first; what is shared moves up.

use super::Gathering;
use crate::candidates::Source;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let entries = view.inboxes.of(request.viewer).iter();
    for slot in entries.filter_map(|entry| view.observed.posts.slot(entry.post)).take(count) {
        gathering.offer(request.viewer, view, &[slot as u32], Source::Inbox);
    }
}
