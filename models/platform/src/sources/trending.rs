//! `trending`: the posts with most engagements of late that the viewer has not seen.

use super::Gathering;
use crate::candidates::Source;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let mut missing = count;
    for &slot in view.index.trending() {
        if missing == 0 {
            break;
        }
        missing -= usize::from(gathering.offer(request.viewer, view, slot, Source::Trending));
    }
}
