//! `trending`: the most popular posts, by recent engagements, that the viewer has not seen.

use super::Gathering;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let list = view.index.trending();
    let mut rest = list.iter().copied();
    let asking = (request.viewer, view);
    gathering.offer_tries(asking, (count, list.len()), || rest.next().unwrap_or_default());
}
