//! `fresh`: today's posts, in a random order per request.

use recsafe_common::draw::Decides;
use recsafe_common::key::Part;

use super::{Gathering, random::sample};
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let draw = request.luck(Decides::Candidates).about(Part::Fresh);
    sample(gathering, request, view, view.index.fresh_from(), count, draw);
}
