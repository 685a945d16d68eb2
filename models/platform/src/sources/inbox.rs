//! `inbox`: what came to the viewer from those whom it follows, newest first; what is shared moves up.

use super::Gathering;
use crate::candidates::Source;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let slots = view.inboxes.of(request.viewer).iter().filter_map(|entry| view.observed.posts.slot(entry.post));
    for slot in slots.take(count) {
        gathering.offer(request.viewer, view, slot as u32, Source::Inbox);
    }
}
