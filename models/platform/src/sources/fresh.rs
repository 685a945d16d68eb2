//! `fresh`: today's posts. Each request has its own random order.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;

use super::{CandidateGenerator, random::sample};
use crate::request::{Request, View};

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let draw = request.draws_for(DrawPurpose::Candidates).about(Part::Fresh);
    sample(generator, request, view, view.index.fresh_from(), count, draw);
}
