//! `inbox`: posts in the viewer's inbox, newest first.

use super::Gathering;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let entries = view.inboxes.of(request.viewer);
    let mut slots = entries.iter().filter_map(|entry| view.observed.posts.slot(entry.post));
    let live = slots.clone().count();
    let asking = (request.viewer, view);
    gathering.offer_tries(asking, (count, live), || slots.next().unwrap_or_default() as u32);
}
